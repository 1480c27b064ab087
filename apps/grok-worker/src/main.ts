import { grok } from '@sluice/upstream-grok/grok.upstream';
import { runWorker } from '@sluice/worker-runtime/run-worker';

await runWorker(grok);
