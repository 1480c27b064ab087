import { CAPABILITIES } from './capabilities.js';
import type { Check } from './capability.js';

const KEPT_LINES = 12;
let failures = 0;

// An orderly exit ends what was started.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const [name] = process.argv.slice(2);
const chosen = CAPABILITIES.filter((capability) => name === undefined || capability.name === name);
if (chosen.length === 0) {
  process.stderr.write(
    `There is no capability “${name}”; there are: ${CAPABILITIES.map((each) => each.name).join(', ')}.\n`,
  );
  process.exit(2);
}

for (const capability of chosen) {
  await capability
    .run(proveAll)
    .catch((error: unknown) =>
      report({ isKept: false, title: `${capability.name} can be tried at all`, text: textOf(error) }),
    );
}
process.stdout.write(failures === 0 ? 'every line holds\n' : `${failures} lines fail\n`);
process.exitCode = failures === 0 ? 0 : 1;

async function proveAll(checks: readonly Check[]): Promise<void> {
  for (const { title, prove } of checks) {
    const startedAt = performance.now();
    const took = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
    await prove().then(
      (figures) => report({ isKept: true, title, text: `${figures} [${took()}]` }),
      (error: unknown) => report({ isKept: false, title, text: `${textOf(error)} [${took()}]` }),
    );
  }
}

function report({ isKept, title, text }: { isKept: boolean; title: string; text: string }): void {
  if (!isKept) failures += 1;
  process.stdout.write(`${isKept ? 'pass' : 'fail'}  ${title}  ${text}\n`);
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n').slice(0, KEPT_LINES).join('\n      ');
}
