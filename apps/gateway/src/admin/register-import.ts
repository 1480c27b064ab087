import { Readable } from 'node:stream';
import type { AuditLog } from '@sluice/domain-accounts/audit-log';
import type { CredentialImport, ImportResult, TakeRest } from '@sluice/domain-credentials/credential-import';
import type { FastifyInstance } from 'fastify';
import { sendError } from '../http/send-error.js';
import { toErrorData } from '../http/to-error-data.js';
import { streamLines } from './stream-lines.js';

export interface ImportOptions {
  imports: CredentialImport;
  audit: AuditLog;
  takeRest: TakeRest;
  /** Called at the end: models that credentials name can be called at once. */
  onImported(): Promise<void>;
}

const LONGEST_BODY_BYTES = 1024 * 1024 * 1024;

/** `POST /admin/api/credentials/import`. Beside Nest, since its body is read as it comes: no parser may gather it. */
export function registerImport(server: FastifyInstance, options: ImportOptions): void {
  void server.register(async (scope) => {
    // Nest's own handler does not reach here.
    scope.setErrorHandler((error, request, reply) => sendError(request, reply, toErrorData(error, request)));
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.post('/admin/api/credentials/import', { bodyLimit: LONGEST_BODY_BYTES }, async (request, reply) => {
      const body = request.body instanceof Readable ? request.body : Readable.from([]);
      const results = options.imports.run(body, request.query, options.takeRest);
      await streamLines(request, reply, counted(results, options));
    });
  });
}

/** The results, and as the last line how many there were of each kind. */
async function* counted(
  batches: AsyncIterable<readonly ImportResult[]>,
  { audit, onImported }: ImportOptions,
): AsyncGenerator<readonly object[]> {
  const summary = { created: 0, updated: 0, duplicate: 0, failed: 0, told: 0 };
  /** API keys by their number, settings by their names. */
  const alsoTaken: string[] = [];
  try {
    for await (const batch of batches) {
      for (const { status, taken = [] } of batch) {
        summary[status] += 1;
        alsoTaken.push(...taken);
      }
      yield batch;
    }
    await onImported();
    yield [{ summary }];
  } finally {
    const detail = { ...summary, ...(alsoTaken.length > 0 && { alsoTaken }) };
    await audit.record({ actor: 'admin token', action: 'credentials.import', subject: '*', detail });
  }
}
