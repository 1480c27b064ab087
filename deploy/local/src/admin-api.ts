import { request } from 'node:http';
import { z } from 'zod';

const credentialSchema = z.object({ id: z.string() });

/** The little of the gateway's admin API that the launcher calls. */
export interface AdminApi {
  /** Posting the same identity again updates it. */
  postCredential(body: Readonly<Record<string, unknown>>): Promise<{ id: string }>;
  deleteCredential(id: string): Promise<void>;
}

export function createAdminApi({ gatewayUrl, adminToken }: { gatewayUrl: string; adminToken: string }): AdminApi {
  const call = (method: string, path: string, body?: unknown) =>
    callJson({ url: `${gatewayUrl}/admin/api${path}`, method, token: adminToken, body });
  return {
    async postCredential(body) {
      const { status, text } = await call('POST', '/credentials', body);
      if (status !== 200 && status !== 201)
        throw new Error(`POST /admin/api/credentials answered ${status}: ${text.slice(0, 300)}`);
      return credentialSchema.parse(JSON.parse(text));
    },
    async deleteCredential(id) {
      const { status, text } = await call('DELETE', `/credentials/${encodeURIComponent(id)}`);
      if (status >= 400 && status !== 404)
        throw new Error(`DELETE /admin/api/credentials answered ${status}: ${text.slice(0, 300)}`);
    },
  };
}

function callJson(options: {
  url: string;
  method: string;
  token: string;
  body: unknown;
}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${options.token}`,
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
    };
    const call = request(
      options.url,
      { method: options.method, headers, timeout: 10_000, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', reject);
      },
    );
    call.on('timeout', () => call.destroy(new Error('no answer within 10 s')));
    call.on('error', reject);
    call.end(options.body === undefined ? undefined : JSON.stringify(options.body));
  });
}
