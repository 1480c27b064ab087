import { z } from 'zod';
import { call, type Call } from '../call.js';
import type { LaunchedSluice } from '../system/launched-sluice.js';
import { BEYOND, REDIRECTING, WebhookReceiver } from './webhook-receiver.js';

/** The operator let it into the private network that the receiver is in. */
export const ALLOWED = 'allowed';
/** For URLs that requests name; allowed as well. */
export const OF_REQUESTS = 'of-requests';
/** A name that leads into the private network, and nobody's leave. */
export const PRIVATE = 'private';
/** The same as a literal address: no endpoint is made of it. */
const REFUSED = 'refused';
/** Where nothing may ever come. */
export const UNREACHABLE: readonly string[] = [PRIVATE, REFUSED, BEYOND];

export interface Webhooks {
  receiver: WebhookReceiver;
  /** Endpoint → its id at Sluice. */
  ids: ReadonlyMap<string, string>;
}

const endpointSchema = z.object({ id: z.string(), secret: z.string() });

/** A receiver, and endpoints that lead to it: some of them must not get there. */
export async function openWebhooks(sluice: LaunchedSluice): Promise<Webhooks> {
  const receiver = await WebhookReceiver.start();
  const { gateway, apiKey, adminToken } = await sluice.run();
  const asOperator = { authorization: `Bearer ${adminToken}` };
  const asOwner = { authorization: `Bearer ${apiKey}` };
  const ids = new Map<string, string>();
  const keep = (name: string, answer: unknown): void => {
    const { id, secret } = endpointSchema.parse(answer);
    receiver.expect(name, secret);
    ids.set(name, id);
  };

  const operatorUrl = `${gateway}/admin/api/webhooks`;
  for (const name of [ALLOWED, REDIRECTING]) {
    const body = { url: receiver.urlOf(name), allow_private_network: true };
    keep(name, await ask({ url: operatorUrl, headers: asOperator, body }, 201));
  }
  const ownerUrl = `${gateway}/v1/webhooks`;
  keep(
    PRIVATE,
    await ask({ url: ownerUrl, headers: asOwner, body: { url: receiver.urlOf(PRIVATE, 'localhost') } }, 201),
  );
  await ask({ url: ownerUrl, headers: asOwner, body: { url: receiver.urlOf(REFUSED) } }, 400);
  keep(OF_REQUESTS, await ask({ url: `${ownerUrl}/request/secret`, headers: asOwner }, 200));
  const body = { allow_private_network: true };
  await ask({ url: `${operatorUrl}/${ids.get(OF_REQUESTS)}`, method: 'PATCH', headers: asOperator, body }, 200);
  return { receiver, ids };
}

async function ask(options: Call, expected: number): Promise<unknown> {
  const answer = await call(options);
  if (answer.status === expected) return answer.json();
  throw new Error(`${options.url} answers ${answer.status} and not ${expected}: ${answer.bytes.toString()}`);
}
