import type { Batch } from '@sluice/contracts/batch';
import type { ClientFile } from '@sluice/contracts/client-file';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { BatchStore } from '@sluice/domain-batches/batch-store';
import type { FileStore } from '@sluice/domain-files/file-store';
import { decodeCreateBatch, decodeListBatches } from '@sluice/wire-openai-files/decode-batch';
import type { FastifyRequest } from 'fastify';
import { callContextOf } from '../http/call-context.js';

export interface BatchesServiceOptions {
  batches: BatchStore;
  files: Pick<FileStore, 'find'>;
  /** Checks the URL that a call names, and answers how it is kept; throws `invalid_request`. */
  admitWebhook(keyId: string, url: string): Promise<string>;
  /** There is something to do. */
  wake(): void;
}

/** What the batches' paths do. Another's batch is as unknown as none. */
export class BatchesService {
  constructor(private readonly options: BatchesServiceOptions) {}

  async create(request: FastifyRequest): Promise<Batch> {
    const { batches, admitWebhook, wake } = this.options;
    const { keyId, webhookUrl } = callContextOf(request);
    const { inputFileId, ...call } = decodeCreateBatch(request.body);
    const { media } = await this.findInput(inputFileId, keyId);
    const batch = await batches.insert({
      ...call,
      ownerKeyId: keyId,
      inputFileId,
      inputKey: media.key,
      webhookUrl: webhookUrl && (await admitWebhook(keyId, webhookUrl)),
    });
    wake();
    return batch;
  }

  async find(id: string, request: FastifyRequest): Promise<Batch> {
    const batch = await this.options.batches.find(id, callContextOf(request).keyId);
    if (batch) return batch;
    throw new GatewayError('not_found', `No batch found with id '${id.slice(0, 64)}'.`, { param: 'id' });
  }

  async list(query: unknown, request: FastifyRequest): Promise<{ batches: Batch[]; hasMore: boolean }> {
    const { after, limit } = decodeListBatches(query);
    const found = await this.options.batches.list({ ownerKeyId: callContextOf(request).keyId, after, limit });
    if (!found) {
      const text = `Invalid value for 'after': '${after?.slice(0, 64)}' is no batch's id.`;
      throw new GatewayError('invalid_request', text, { param: 'after', reason: 'invalid_value' });
    }
    return { batches: found.slice(0, limit), hasMore: found.length > limit };
  }

  /** Idempotent. */
  async cancel(id: string, request: FastifyRequest): Promise<Batch> {
    const { batches, wake } = this.options;
    const isCancelled = await batches.cancel(id, callContextOf(request).keyId);
    const batch = await this.find(id, request);
    if (isCancelled) wake();
    if (batch.status === 'cancelling' || batch.status === 'cancelled') return batch;
    throw new GatewayError('not_ready', `Cannot cancel a batch with status '${batch.status}'.`, { param: 'id' });
  }

  private async findInput(id: string, keyId: string): Promise<ClientFile> {
    const param = 'input_file_id';
    const file = await this.options.files.find(id, keyId);
    if (!file) throw new GatewayError('not_found', `No such File object: ${id.slice(0, 64)}`, { param });
    if (file.purpose === 'batch') return file;
    const text = `Invalid file for '${param}': its purpose is '${file.purpose}', and must be 'batch'.`;
    throw new GatewayError('invalid_request', text, { param, reason: 'invalid_purpose' });
  }
}
