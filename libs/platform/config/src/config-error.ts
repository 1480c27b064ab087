/** One environment variable that cannot be used, and why. Never holds the value: it can be a secret. */
export interface ConfigProblem {
  variable: string;
  problem: string;
}

/** Everything that is wrong with the environment, told at once so that it is mended in one go. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ variable, problem }) => `  ${variable}: ${problem}`);
    super(`The environment is not complete:\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
