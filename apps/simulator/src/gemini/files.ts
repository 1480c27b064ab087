import { admit } from '../faults/admit.js';
import { sendBody } from '../faults/send-body.js';
import type { Exchange } from '../http/exchange.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { SimulatorState } from '../simulator-state.js';
import type { Handler } from '../vendor.js';
import { stateOf, type GoogleFile } from './file-store.js';
import type { Content } from './generate-request.js';
import { renderFile } from './render-file.js';
import { handleDownload } from './veo-download.js';

/** GET …/files/{id}, and the bytes of a film that was made here. */
export const handleGetFile: Handler = async (exchange, context) => {
  const id = exchange.parameters[0] ?? '';
  if (id.endsWith(':download')) return handleDownload(exchange, context);
  const { answered, fault } = await admit(exchange, context, { model: '', prompt: '' });
  if (answered) return;
  await sendBody(exchange, JSON.stringify(render(fileOf(id, exchange, context.state), exchange), null, 2), fault);
};

/** GET …/files: of the key's project. */
export const handleListFiles: Handler = async (exchange, context) => {
  const { answered, fault } = await admit(exchange, context, { model: '', prompt: '' });
  if (answered) return;
  const { googleFiles, quotas } = context.state;
  const own = googleFiles.all().filter(({ key }) => quotas.isOneProject(key, exchange.record.key ?? ''));
  await sendBody(exchange, JSON.stringify({ files: own.map((file) => render(file, exchange)) }, null, 2), fault);
};

/** DELETE …/files/{id} */
export const handleDeleteFile: Handler = async (exchange, context) => {
  const { answered, fault } = await admit(exchange, context, { model: '', prompt: '' });
  if (answered) return;
  const { id } = fileOf(exchange.parameters[0] ?? '', exchange, context.state);
  context.state.googleFiles.delete(id);
  await sendBody(exchange, '{}', fault);
};

/** What a request names has to be there, of the key's own project, and prepared. */
export function checkFiles(contents: readonly Content[], exchange: Exchange, state: SimulatorState): void {
  for (const { fileData } of contents.flatMap(({ parts = [] }) => parts)) {
    const id = /(?:^|\/v1beta\/)files\/([a-z0-9]+)$/.exec(fileData?.fileUri ?? '')?.[1];
    if (id === undefined) continue;
    const file = fileOf(id, exchange, state);
    if (stateOf(file, exchange.clock()) === 'ACTIVE') continue;
    const message = `The File ${id} is not in an ACTIVE state and usage is not allowed.`;
    throw new SimulatedFailure('fault', { status: 400, message, type: 'FAILED_PRECONDITION' });
  }
}

/** Another project's is told as one that is not there. */
function fileOf(id: string, { record }: Exchange, { googleFiles, quotas }: SimulatorState): GoogleFile {
  const file = googleFiles.find(id);
  if (file !== undefined && quotas.isOneProject(file.key, record.key ?? '')) return file;
  const message = `You do not have permission to access the File ${id} or it may not exist.`;
  throw new SimulatedFailure('invalid-request', { status: 403, message });
}

function render(file: GoogleFile, { request, clock }: Exchange): Record<string, unknown> {
  return renderFile(file, { host: request.headers.host ?? '127.0.0.1', now: clock() });
}
