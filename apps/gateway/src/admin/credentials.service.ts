import { parseBody } from '@sluice/contracts/parse-body';
import type { AuditLog } from '@sluice/domain-accounts/audit-log';
import type { CredentialAdminServices } from '@sluice/domain-credentials/create-credential-admin';
import { credentialSelectionSchema } from '@sluice/domain-credentials/credential-bulk';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CredentialCalls } from './credential-calls.js';
import { streamLines, streamText } from './stream-lines.js';

export interface CredentialsServiceOptions {
  domain: CredentialAdminServices;
  calls: CredentialCalls;
  audit: AuditLog;
  /** A model that a credential names can be called by that name at once. */
  onModelsChanged(): Promise<void>;
}

const NDJSON = { 'content-type': 'application/x-ndjson; charset=utf-8' };

/** The admin API's half of the credentials: what is told to whom, and noted before. */
export class CredentialsService {
  constructor(private readonly options: CredentialsServiceOptions) {}

  list(query: unknown) {
    return this.options.domain.admin.list(query);
  }

  get(id: string) {
    return this.options.domain.admin.get(id);
  }

  async create(body: unknown, reply: FastifyReply) {
    const { credential, isNew } = await this.options.domain.admin.create(body);
    await this.options.onModelsChanged();
    void reply.status(isNew ? 201 : 200);
    return credential;
  }

  async update(id: string, body: unknown) {
    const credential = await this.options.domain.admin.update(id, body);
    await this.options.onModelsChanged();
    return credential;
  }

  async delete(id: string): Promise<void> {
    await this.options.domain.admin.delete(id);
    await this.options.onModelsChanged();
  }

  reset(id: string) {
    return this.options.domain.admin.reset(id);
  }

  events(id: string, query: unknown) {
    return this.options.domain.events.list(id, query);
  }

  async bulk(body: unknown) {
    const result = await this.options.domain.bulk.run(body);
    await this.options.onModelsChanged();
    return result;
  }

  call(action: 'test' | 'refresh' | 'count-assets', id: string) {
    return this.options.calls.one(action, id);
  }

  testMany(body: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.callMany('test', body, { request, reply });
  }

  /** One answer a line, as they come; of what takes long, also how far it has come. */
  callMany(
    action: 'test' | 'count-assets' | 'clear-assets',
    body: unknown,
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  ): Promise<void> {
    const selection = parseBody(credentialSelectionSchema, body);
    return streamLines(request, reply, this.options.calls.run(action, selection));
  }

  /** Noted first: a secret that cannot be noted is not shown. */
  async reveal(id: string) {
    const { domain, audit } = this.options;
    const { label } = await domain.admin.get(id);
    await audit.record({ actor: 'admin token', action: 'credentials.secret-shown', subject: id, detail: { label } });
    return domain.admin.reveal(id);
  }

  async export(query: unknown, reply: FastifyReply): Promise<void> {
    const { domain, audit } = this.options;
    if (domain.exports.isRevealing(query)) {
      await audit.record({ actor: 'admin token', action: 'credentials.secrets-exported', subject: '*', detail: {} });
    }
    await streamText({ reply, headers: NDJSON, pieces: domain.exports.lines(query) });
  }
}
