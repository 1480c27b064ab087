import assert from 'node:assert/strict';
import { openCall } from '../harness/http-call.js';
import { readFrames } from '../harness/read-frames.js';
import type { SluiceClient } from '../harness/sluice-client.js';
import { unique } from '../harness/unique.js';

/** What it has written down of where it asks. */
const MODEL = 'sora_video2-hd-portrait-15s';
const SOME_TIME = '[[sim:queueMs=0,videoMs=1500]]';

interface Delta {
  choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[];
}

/** The Sora video platform's server as a client of ours: it reads the content alone, and knows no errors in a stream. */
export async function runPlatformServer({ run }: SluiceClient, headers: Readonly<Record<string, string>> = {}) {
  const { status, body } = await openCall({
    url: `${run.gateway}/v1/chat/completions`,
    headers: { authorization: `Bearer ${run.apiKey}`, 'content-type': 'application/json', ...headers },
    body: { model: MODEL, stream: true, messages: [{ role: 'user', content: `${unique('server')} ${SOME_TIME}` }] },
  });
  assert.equal(status, 200);
  const heard = { progress: new Array<number>(), url: '', isStopped: false };
  for await (const { data = '' } of readFrames(body)) {
    if (data === '[DONE]') break;
    if (data === '') continue;
    const [choice] = (JSON.parse(data) as Delta).choices ?? [];
    const content = choice?.delta?.content ?? '';
    // Both as its source has them.
    const [, percent] = /进度[：:]\s*(\d+(\.\d+)?)\s*%/.exec(content) ?? [];
    if (percent !== undefined) heard.progress.push(Number(percent));
    heard.url = /\[点击这里\]\((https?:\/\/[^)]+)\)/.exec(content)?.[1] ?? heard.url;
    heard.isStopped ||= choice?.finish_reason === 'stop';
  }
  return heard;
}
