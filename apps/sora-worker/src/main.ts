import { sora } from '@sluice/upstream-sora/sora.upstream';
import { runWorker } from '@sluice/worker-runtime/run-worker';

await runWorker(sora);
