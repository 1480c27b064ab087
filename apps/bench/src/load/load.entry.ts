import { announcePort } from '../process/entry-life.js';
import { runClosedLoop } from './closed-loop.js';
import { LoadConnection } from './load-connection.js';
import { loadJobSchema } from './load-job.js';
import type { LoadJob } from './load-job.js';
import { LoadRecorder } from './load-recorder.js';
import type { LoadRun } from './load-request.js';
import { runOnce } from './once-loop.js';
import { runOpenLoop } from './open-loop.js';

process.on('message', (message) => {
  void run(loadJobSchema.parse(message));
});
announcePort(0);

async function run(job: LoadJob): Promise<void> {
  const { hostname, port } = new URL(job.url);
  const requests = (job.paths ?? [new URL(job.url).pathname]).map((path) => buildRequest(job, path));
  const connections = Array.from({ length: job.loop.connections }, (_, index) => {
    const request = requests[index % requests.length] ?? Buffer.alloc(0);
    return new LoadConnection({ host: hostname, port: Number(port) }, request);
  });
  const recorder = new LoadRecorder(job);
  await runLoop({ job, recorder, startedAt: performance.now() }, connections);
  for (const connection of connections) connection.drop();
  process.send?.(recorder.result());
}

async function runLoop(loadRun: LoadRun, connections: readonly LoadConnection[]): Promise<void> {
  const { loop } = loadRun.job;
  if (loop.type === 'closed') await runClosedLoop(loadRun, connections);
  else if (loop.type === 'open') await runOpenLoop(loadRun, { connections, ratePerSecond: loop.ratePerSecond });
  else await runOnce(loadRun, { connections, rampMs: loop.rampMs });
}

/** The same bytes every time: built once. */
function buildRequest(job: LoadJob, path: string): Buffer {
  const method = job.method ?? 'POST';
  const isPost = method === 'POST';
  const headers = {
    host: new URL(job.url).host,
    ...(isPost && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(job.body) }),
    ...job.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${isPost ? job.body : ''}`);
}
