import { openai } from '@sluice/upstream-openai/openai.upstream';
import { runWorker } from '@sluice/worker-runtime/run-worker';

await runWorker(openai);
