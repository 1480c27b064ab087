import OpenAI from 'openai';
import { AdminClient } from './admin-client.js';
import { streamChat } from './chat-stream.js';
import type { ChatStream } from './chat-stream.js';
import { httpCall } from './http-call.js';
import type { HttpAnswer, HttpCall } from './http-call.js';
import type { RunFile } from './run-file.js';
import { SimulatorControl } from './simulator-control.js';

/** Everything a test does to a running Sluice, from its `run.json` alone. */
export class SluiceClient {
  readonly admin: AdminClient;
  readonly simulator: SimulatorControl;
  /** Never tries again by itself: a test sees the first answer. */
  readonly openai: OpenAI;

  constructor(readonly run: RunFile) {
    this.admin = new AdminClient(run);
    this.simulator = new SimulatorControl(run.simulator ?? '');
    this.openai = this.openaiWith(run.apiKey);
  }

  openaiWith(apiKey: string): OpenAI {
    return new OpenAI({ baseURL: `${this.run.gateway}/v1`, apiKey, maxRetries: 0 });
  }

  /** With the operator's first key. */
  call(path: string, options: Omit<HttpCall, 'url'> = {}): Promise<HttpAnswer> {
    const headers = { authorization: `Bearer ${this.run.apiKey}`, ...options.headers };
    return httpCall({ ...options, url: this.run.gateway + path, headers });
  }

  /** Without any key. */
  bareCall(path: string, options: Omit<HttpCall, 'url'> = {}): Promise<HttpAnswer> {
    return httpCall({ ...options, url: this.run.gateway + path });
  }

  stream(
    prompt: string,
    body: object = {},
    call: { headers?: Record<string, string>; signal?: AbortSignal } = {},
  ): Promise<ChatStream> {
    const { gateway, apiKey } = this.run;
    return streamChat({ gateway, apiKey, body: { ...chatBody(prompt), ...body }, ...call });
  }
}

export function chatBody(prompt: string): { model: string; messages: { role: 'user'; content: string }[] } {
  return { model: 'sim-chat', messages: [{ role: 'user', content: prompt }] };
}
