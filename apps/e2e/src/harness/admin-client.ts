import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { httpCall } from './http-call.js';
import type { HttpAnswer } from './http-call.js';
import type { RunFile } from './run-file.js';

const keySchema = z.object({ id: z.string(), key: z.string().startsWith('sk-') });
const credentialSchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  nextTryAt: z.string().nullable(),
});

/** A model that only one credential serves: what a test does to it disturbs nobody. */
export interface OwnModel {
  model: string;
  upstreamKey: string;
  credentialId: string;
}

/** The operator's side. */
export class AdminClient {
  constructor(private readonly run: RunFile) {}

  call(method: string, path: string, body?: unknown): Promise<HttpAnswer> {
    return httpCall({
      url: `${this.run.gateway}/admin/api${path}`,
      method,
      headers: { authorization: `Bearer ${this.run.adminToken}` },
      ...(body === undefined ? {} : { body }),
    });
  }

  async createKey(name: string): Promise<z.infer<typeof keySchema>> {
    return keySchema.parse(expectSuccess(await this.call('POST', '/keys', { name })));
  }

  /** At the simulator, unless another base URL is given. */
  async createModel(settings: Readonly<Record<string, unknown>> = {}): Promise<OwnModel> {
    const name = randomUUID().slice(0, 8);
    const upstreamKey = `sk-upstream-${name}`;
    const body = {
      ...this.credential(`own-${name}`),
      secret: { apiKey: upstreamKey },
      models: [`own-${name}`],
      ...settings,
    };
    const { id } = credentialSchema.parse(expectSuccess(await this.call('POST', '/credentials', body)));
    return { model: `own-${name}`, upstreamKey, credentialId: id };
  }

  async readCredential(id: string): Promise<z.infer<typeof credentialSchema>> {
    return credentialSchema.parse(expectSuccess(await this.call('GET', `/credentials/${id}`)));
  }

  /** A body that the API accepts. */
  credential(label: string): Record<string, unknown> {
    return {
      upstream: 'openai',
      kind: 'api-key',
      label,
      secret: { apiKey: `sk-${label}` },
      baseUrl: `${this.run.simulator ?? ''}/v1`,
      allowPrivateNetwork: true,
    };
  }
}

export function expectSuccess(answer: HttpAnswer): unknown {
  if (answer.status >= 200 && answer.status < 300) return answer.text === '' ? undefined : answer.json();
  throw new Error(`the admin API answered ${answer.status}: ${answer.text.slice(0, 500)}`);
}
