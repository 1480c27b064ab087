import assert from 'node:assert/strict';
import { httpCall } from '../harness/http-call.js';
import { unique } from '../harness/unique.js';

/** What a client of Sora2API makes of a stream. */
export interface SoraSession {
  status: number;
  reasoning: string;
  content: string;
  finish: string | undefined;
  /** An error event, or the body of an answer that is none. */
  error: { message: string; param: string | null } | undefined;
  isDone: boolean;
  /** What came, and after what; the same twice is one. */
  order: string[];
  /** Our id of the film. */
  videoId: string;
  /** Who makes it, by its headers. */
  maker: { upstream: string | null; model: string | null };
}

interface Chunk {
  error?: SoraSession['error'];
  choices?: { delta?: { content?: string | null; reasoning_content?: string | null }; finish_reason?: string | null }[];
}

export interface SoraCall {
  gateway: string;
  apiKey: string;
  model: string;
  content: unknown;
  fields?: object;
}

/** Made at once. */
export function soraPrompt(words: string): string {
  return `${unique(words)} [[sim:queueMs=0,videoMs=200]]`;
}

/** As those clients are written: a POST without an SDK, its lines read one by one. */
export async function playSoraClient({ gateway, apiKey, model, content, fields }: SoraCall): Promise<SoraSession> {
  const answer = await fetch(`${gateway}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content }], stream: true, ...fields }),
  });
  const session: SoraSession = {
    status: answer.status,
    reasoning: '',
    content: '',
    finish: undefined,
    error: undefined,
    isDone: false,
    order: [],
    videoId: answer.headers.get('x-sluice-generation')?.replace('gen_', 'video_') ?? '',
    maker: { upstream: answer.headers.get('x-sluice-upstream'), model: answer.headers.get('x-sluice-model') },
  };
  const text = await answer.text();
  if (!answer.ok) return { ...session, error: (JSON.parse(text) as Chunk).error };
  for (const line of text.split('\n')) readLine(line, session);
  return session;
}

function readLine(line: string, session: SoraSession): void {
  if (!line.startsWith('data: ')) return;
  const data = line.slice(6).trim();
  const note = (what: string) => void (session.order.at(-1) !== what && session.order.push(what));
  if (data === '[DONE]') {
    session.isDone = true;
    note('done');
    return;
  }
  const { error, choices = [] } = JSON.parse(data) as Chunk;
  session.error = error ?? session.error;
  if (error) note('error');
  const [choice] = choices;
  if (choice?.delta?.reasoning_content) note('reasoning');
  if (choice?.delta?.content) note('content');
  session.reasoning += choice?.delta?.reasoning_content ?? '';
  session.content += choice?.delta?.content ?? '';
  session.finish = choice?.finish_reason ?? session.finish;
}

const PROGRESS = /\*\*Video Generation Progress\*\*: (\d+)% \(/;
const FILM = /```html\n<video src='([^']+)' controls><\/video>\n```/;

/** As those clients cut it out; nothing where there is none. */
export function filmLinkIn(content: string): string {
  return FILM.exec(content)?.[1] ?? '';
}

/** Told as those clients look for it, in its order, and with a film that plays. */
export async function expectFilm(session: SoraSession): Promise<void> {
  const { reasoning, content, finish, error, isDone } = session;
  assert.equal(error, undefined, JSON.stringify(error));
  const heads = [
    '**Generation Process Begins**\n\nInitializing generation request...\n',
    '**Video Generation Progress**',
    '**Video Generation Completed**\n\n',
  ];
  const places = heads.map((head) => reasoning.indexOf(head));
  assert.ok(
    places.every((place, index) => place >= 0 && place >= (places[index - 1] ?? 0)),
    reasoning,
  );
  assert.match(reasoning, PROGRESS);
  assert.equal(finish?.toLowerCase(), 'stop');
  assert.equal(isDone, true);
  const { status, headers, text } = await httpCall({ url: filmLinkIn(content) });
  assert.deepEqual([status, headers['content-type']], [200, 'video/mp4']);
  assert.equal(text.slice(4, 8), 'ftyp');
}
