import { isJsonObject } from '@sluice/contracts/json-object';
import type { FastifyRequest } from 'fastify';
import { readModelPath } from '../gemini/model-path.js';

const BODY_PATH = /^\/(?:api\/)?v1\/(?:chat\/completions|messages|responses)\/?(?:\?|$)/;
const NAMED_PATH = /^\/v1beta\/models\//;

/** The model of a POST that brings a conversation; undefined for all others. */
export function modelAskedBy({ url, body }: Pick<FastifyRequest, 'url' | 'body'>): string | undefined {
  if (NAMED_PATH.test(url)) {
    const { model, method } = readModelPath(url);
    return method === 'generateContent' || method === 'streamGenerateContent' ? model : undefined;
  }
  if (!BODY_PATH.test(url) || !isJsonObject(body)) return undefined;
  return typeof body['model'] === 'string' ? body['model'] : undefined;
}
