import { strict as assert } from 'node:assert';
import { eventually } from '../harness/eventually.js';
import type { SluiceClient } from '../harness/sluice-client.js';
import type { FieldEndpoint } from './field-endpoints.js';
import { sdkCallers } from './sdk-callers.js';
import type { SdkCaller } from './sdk-callers.js';
import { wrongBodies } from './wrong-fields.js';
import type { WrongBody } from './wrong-fields.js';

const AT_ONCE = 8;
const SHOWN_FLAWS = 5;
const BAD_REQUEST = { openai: 'BadRequestError', anthropic: 'BadRequestError', google: 'ApiError' };
const TYPES = { openai: 'invalid_request_error', anthropic: 'invalid_request_error', google: 'INVALID_ARGUMENT' };

/**
 * Every body that is wrong in one field, or each `every`th, is refused by its name, as each SDK of the family tells it;
 * the upstream hears of none of them, but of the one that is right. Answers how many there were.
 */
export async function proveWrongFields(
  client: SluiceClient,
  endpoint: FieldEndpoint,
  { every = 1 }: { every?: number } = {},
): Promise<number> {
  const [right, wrong] = await Promise.all([ownModel(client, endpoint), ownModel(client, endpoint)]);
  const callers = sdkCallers(client.run).filter(({ family }) => family === endpoint.family);
  await proveRight({ client, endpoint, model: right, callers });
  const bodies = wrongBodies(await endpoint.example(wrong, client)).filter((_, index) => index % every === 0);
  // Samples go to the SDKs in turn.
  const jobs = bodies.flatMap((body, index) =>
    callers.filter((_, number) => every === 1 || number === index % callers.length).map((caller) => ({ caller, body })),
  );
  const flaws: string[] = [];
  await Promise.all(Array.from({ length: AT_ONCE }, () => work()));
  const { received } = (await client.simulator.requests({ model: wrong })).counts;
  const shown = flaws.slice(0, SHOWN_FLAWS).join('\n');
  assert.ok(flaws.length === 0 && received === 0, `${flaws.length} flaws, ${received} sent upstream\n${shown}`);
  return bodies.length;

  async function work(): Promise<void> {
    for (let job = jobs.pop(); job !== undefined; job = jobs.pop()) {
      const { caller, body } = job;
      await proveWrongField(caller, endpoint.path(wrong), body).catch((error: Error) =>
        flaws.push(`${caller.name}: ${body.title.slice(0, 100)}: ${error.message}`),
      );
    }
  }
}

async function ownModel(client: SluiceClient, { upstream }: FieldEndpoint): Promise<string> {
  const { model } = await client.admin.createModel(upstream === 'sora' ? { upstream, kind: 'videos-api' } : {});
  return model;
}

/** Otherwise all the others could be refused for the same reason. */
async function proveRight(options: {
  client: SluiceClient;
  endpoint: FieldEndpoint;
  model: string;
  callers: readonly SdkCaller[];
}): Promise<void> {
  const { client, endpoint, model, callers } = options;
  const { body } = await endpoint.example(model, client);
  await Promise.all(callers.map((caller) => caller.post(endpoint.path(model), body)));
  if (endpoint.isAnsweredHere) return;
  const isThere = async () => (await client.simulator.requests({ model })).counts.received > 0;
  await eventually(`the right body of ${endpoint.title} gets upstream`, isThere);
}

/** Throws unless the SDK tells its user that this field is wrong, and by which request. */
export async function proveWrongField(caller: SdkCaller, path: string, wrong: WrongBody): Promise<void> {
  const thrown = await caller.post(path, wrong.body).then(
    () => assert.fail('it was accepted'),
    (error: unknown) => error,
  );
  const refusal = caller.refusalOf(thrown);
  assert.ok(refusal, `${String(thrown)} is no error of the SDK's`);
  const { className, status, type, message, param, requestId, code } = refusal;
  const told = `${className} ${status} ${type} ${code}: ${message} (param ${param})`;
  assert.deepEqual([className, status, type], [BAD_REQUEST[caller.family], 400, TYPES[caller.family]], told);
  assert.ok(message.includes(wrong.field), `the message does not name it: ${told}`);
  if (caller.family !== 'anthropic') assert.equal(param, wrong.field, told);
  if (caller.family === 'openai') assert.match(code ?? '', /^[a-z_]+$/, told);
  assert.match(requestId ?? '', /^req_/, told);
}
