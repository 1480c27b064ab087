import assert from 'node:assert/strict';
import { z } from 'zod';
import { httpCall, openCall } from '../harness/http-call.js';
import type { HttpAnswer } from '../harness/http-call.js';
import { readFrames } from '../harness/read-frames.js';
import type { Frame } from '../harness/read-frames.js';

export const STUDIO_PASSWORD = 'correct horse battery';

export const signedInSchema = z.object({ user: z.object({ id: z.string(), email: z.string() }), token: z.string() });
export const jobSchema = z.looseObject({
  id: z.string(),
  status: z.string(),
  progress: z.number(),
  videoId: z.string().nullable(),
});
const startedSchema = z.object({ job: jobSchema, streamUrl: z.string(), message: z.string() });
export type StartedJob = z.infer<typeof startedSchema>;
export const videoSchema = z.looseObject({ id: z.string(), videoUrl: z.string(), duration: z.number() });
export const videoPageSchema = z.object({
  videos: z.array(videoSchema),
  pagination: z.looseObject({ total: z.number() }),
});

/** The calls of the platform's front end, as one user. */
export class StudioBrowser {
  token = '';

  constructor(
    private readonly gateway: string,
    readonly email: string,
  ) {}

  call(
    path: string,
    options: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<HttpAnswer> {
    const headers = { ...(this.token && { authorization: `Bearer ${this.token}` }), ...options.headers };
    return httpCall({ ...options, url: this.gateway + path, headers });
  }

  async signUp(): Promise<this> {
    const body = { email: this.email, password: STUDIO_PASSWORD };
    return this.enter(await this.call('/api/auth/register', { body }), 201);
  }

  async logIn(password = STUDIO_PASSWORD): Promise<this> {
    return this.enter(await this.call('/api/auth/login', { body: { email: this.email, password } }), 200);
  }

  async start(prompt: string, orientation = 'portrait'): Promise<StartedJob> {
    const answer = await this.call('/api/videos', { body: { prompt, orientation } });
    assert.equal(answer.status, 202, answer.text);
    return startedSchema.parse(answer.json());
  }

  async job(id: string): Promise<z.infer<typeof jobSchema>> {
    return jobSchema.parse((await this.call(`/api/videos/jobs/${id}`)).json());
  }

  /** To the end of the stream; one that breaks off throws. */
  async watch(streamUrl: string): Promise<Frame[]> {
    const { body } = await openCall({
      url: this.gateway + streamUrl,
      headers: { authorization: `Bearer ${this.token}` },
    });
    const frames: Frame[] = [];
    for await (const frame of readFrames(body)) if (frame.event !== undefined) frames.push(frame);
    return frames;
  }

  private enter(answer: HttpAnswer, status: number): this {
    assert.equal(answer.status, status, answer.text);
    this.token = signedInSchema.parse(answer.json()).token;
    return this;
  }
}
