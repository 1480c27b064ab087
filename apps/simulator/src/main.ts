import { readEnvironment } from './read-environment.js';
import { startSimulator } from './start-simulator.js';

const simulator = await startSimulator(readEnvironment());
process.stdout.write(`${JSON.stringify({ msg: 'listening', url: simulator.url })}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void simulator.close().then(() => process.exit(0)));
}
