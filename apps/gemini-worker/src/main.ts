import { gemini } from '@sluice/upstream-gemini/gemini.upstream';
import { runWorker } from '@sluice/worker-runtime/run-worker';

await runWorker(gemini);
