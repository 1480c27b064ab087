/** For programs that are not ours: what the system set, and none of the secrets that the environment may hold. */
export function systemEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const names = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'];
  return presentVariables(Object.fromEntries(names.map((name) => [name, environment[name]])));
}

/** Without what is not set, and without what npm sets for its own scripts. */
export function presentVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('npm_'),
  );
  return Object.fromEntries(entries);
}
