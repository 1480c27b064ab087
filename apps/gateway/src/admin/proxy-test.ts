import type { Clock } from '@sluice/contracts/clock';
import { toGatewayError } from '@sluice/contracts/gateway-error';
import { parseBody } from '@sluice/contracts/parse-body';
import { checkProxyUrl } from '@sluice/domain-credentials/proxy-url';
import { createHttpAgents } from '@sluice/platform-http/http-agents';
import { createHttpPort } from '@sluice/platform-http/create-http-port';
import { z } from 'zod';

/** Body of `POST /admin/api/proxies/test`. */
export const proxyTestSchema = z.strictObject({
  proxyUrl: z.string().max(2_000),
  /** What is asked for through it. */
  url: z.url({ protocol: /^https?$/ }).default('https://api.openai.com/v1/models'),
});
export const proxyTestResultSchema = z.object({
  isUsable: z.boolean(),
  /** Of the answer that came through; any status proves the proxy. */
  status: z.int().optional(),
  durationMs: z.number(),
  message: z.string().optional(),
});

const TIMEOUT_MS = 10_000;

/** Whether anything comes through a proxy, before a credential depends on it. */
export async function testProxy(body: unknown, clock: Clock): Promise<z.infer<typeof proxyTestResultSchema>> {
  const { proxyUrl, url } = parseBody(proxyTestSchema, body);
  checkProxyUrl(proxyUrl, 'proxyUrl');
  const agents = createHttpAgents({ connectTimeoutMs: TIMEOUT_MS });
  const startedAtMs = clock.now();
  try {
    const port = createHttpPort({ allowPrivateNetwork: true, proxyUrl, agents });
    const { status, discard } = await port.request({ method: 'GET', url, signal: AbortSignal.timeout(TIMEOUT_MS) });
    discard();
    return { isUsable: true, status, durationMs: clock.now() - startedAtMs };
  } catch (thrown) {
    return { isUsable: false, message: toGatewayError(thrown).message, durationMs: clock.now() - startedAtMs };
  } finally {
    await agents.close();
  }
}
