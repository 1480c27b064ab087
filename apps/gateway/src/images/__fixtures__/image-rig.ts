import { EventEmitter, once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock as clock } from '@sluice/contracts/clock';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { Part } from '@sluice/contracts/part';
import type { ResultFile } from '@sluice/contracts/stored-media';
import type { DurableChange } from '@sluice/domain-generations/durable-change';
import type { DurableSteps } from '@sluice/domain-generations/durable-steps';
import { createFileSystemMediaStore } from '@sluice/platform-media/file-system-media-store';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import type { FastifyInstance } from 'fastify';
import { serveImages, type ServedImages } from './serve-images.js';

const TIMING = { holdMs: 60, heartbeatMs: 40 };
const ATTEMPT: Part = { type: 'attempt', attempt: 1, upstream: 'openai', model: 'real-m', credentialId: 'cred_1' };

export interface AnswerBody {
  data?: { b64_json?: string; url?: string; revised_prompt?: string }[];
  error?: { code: string; param: string; message: string };
  [name: string]: unknown;
}

/** The images paths on real stores; tests are the clients, and the workers too. */
export class ImageRig {
  /** What the operator named for calls that name no model. */
  defaultModel: string | null = null;
  readonly timing = { clock, ...TIMING };
  private readonly bells = new EventEmitter();

  private constructor(
    private readonly root: string,
    private readonly database: TestDatabase,
    readonly postgres: Postgres,
    private readonly store: MediaStore,
    private served: ServedImages | undefined,
  ) {}

  static async open(): Promise<ImageRig> {
    const root = await mkdtemp(join(tmpdir(), 'sluice-images-'));
    const database = await createTestDatabase();
    const postgres = createPostgres({ url: database.url, applicationName: 'test' });
    const store = createFileSystemMediaStore({ root });
    const rig = new ImageRig(root, database, postgres, store, undefined);
    const model = () => rig.defaultModel;
    const onBell = (id: string) => void rig.bells.emit('bell', id);
    rig.served = serveImages({ postgres, store, clock, timing: rig.timing, model, onBell });
    await rig.server.listen({ port: 0, host: '127.0.0.1' });
    return rig;
  }

  async close(): Promise<void> {
    this.served?.stop();
    await this.server.close();
    await this.postgres.close();
    await this.database.drop();
    await this.dropFiles();
  }

  async clear(): Promise<void> {
    await this.postgres.query({ text: 'TRUNCATE durable_generation, durable_event, idempotency_key, ledger' });
    await this.dropFiles();
    this.defaultModel = null;
    Object.assign(this.timing, TIMING);
  }

  async dropFiles(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }

  get server(): FastifyInstance {
    return this.opened.server;
  }

  send(body: object | FormData, { path = 'generations', headers = {} } = {}): Promise<Response> {
    const isForm = body instanceof FormData;
    return fetch(`${this.server.listeningOrigin}/v1/images/${path}`, {
      method: 'POST',
      body: isForm ? body : JSON.stringify(body),
      headers: { ...headers, ...(!isForm && { 'content-type': 'application/json' }) },
    });
  }

  get(path: string): Promise<Response> {
    return fetch(this.server.listeningOrigin + path);
  }

  /** The id of what the next call makes. */
  async nextId(): Promise<string> {
    return String((await once(this.bells, 'bell'))[0]);
  }

  /** A call, and what its worker makes of it. */
  async made(body: object | FormData, pictures: string[], options: { path?: string; facts?: object } = {}) {
    const id = this.nextId();
    const answer = this.send(body, options);
    await this.finish(await id, pictures, options.facts);
    return { id: await id, ...(await read(answer)) };
  }

  async finish(id: string, pictures: string[], facts = {}): Promise<void> {
    const files: ResultFile[] = [];
    for (const picture of pictures) files.push(await this.keep(id, picture));
    await this.postgres.query({
      text: `UPDATE durable_generation SET upstream = 'openai', upstream_model = 'real-m' WHERE id = $1`,
      values: [id],
    });
    const parts: Part[] = [ATTEMPT, { type: 'result', files, facts }, { type: 'succeeded' }];
    const expiresAtMs = Date.now() + 60_000;
    await this.move(id, { state: 'succeeded', progress: 100, files, facts, expiresAtMs, parts });
  }

  async fail(id: string, error: ErrorData = { code: 'content_refused', message: 'not this' }): Promise<void> {
    await this.move(id, { state: 'failed', error, parts: [{ type: 'failed', error }] });
  }

  async preview(id: string, number: number, content: string): Promise<void> {
    const { media } = await this.keep(id, content);
    await this.move(id, { state: 'submitted', parts: [{ type: 'partial', index: 0, number, media }] });
  }

  async stored(): Promise<string[]> {
    const folder = join(this.root, 'objects');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  }

  async rows(): Promise<number> {
    return (await this.postgres.query({ text: 'SELECT 1 FROM durable_generation' })).rows.length;
  }

  private move(id: string, change: Partial<DurableChange>) {
    return this.steps.advance([{ id, expected: ['queued', 'submitted'], ...change }]);
  }

  /** Letter by letter, so that no buffer ends where three bytes do. */
  private async keep(id: string, content: string): Promise<ResultFile> {
    const body = (async function* () {
      for (const letter of content) yield Buffer.from(letter);
    })();
    const key = `generations/${id}/${Buffer.from(content).toString('hex').slice(0, 20)}.png`;
    const info = await this.store.put({ key, mediaType: 'image/png', body, maximumBytes: 1_000_000 });
    return { role: 'result', sha256: info.sha256, media: { key, mediaType: 'image/png', bytes: info.bytes } };
  }

  get generations(): ServedImages['generations'] {
    return this.opened.generations;
  }

  private get steps(): DurableSteps {
    return this.opened.steps;
  }

  private get opened(): ServedImages {
    if (!this.served) throw new Error('The rig is not open.');
    return this.served;
  }
}

export async function read(answer: Response | Promise<Response>) {
  const response = await answer;
  return { status: response.status, headers: response.headers, json: (await response.json()) as AnswerBody };
}

export function png(): Blob {
  const bytes = Buffer.alloc(64);
  Buffer.from('89504e470d0a1a0a0000000d494844520000000200000002', 'hex').copy(bytes);
  return new Blob([bytes], { type: 'image/png' });
}

export function form(...entries: [string, string | Blob][]): FormData {
  const data = new FormData();
  for (const [name, value] of entries) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, value, 'picture.png');
  }
  return data;
}
