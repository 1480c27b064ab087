import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json } from '@sluice/contracts/json';
import { present } from '@sluice/contracts/present';
import type { PlacedFile } from '@sluice/upstream-kit/upstream-files';
import { z } from 'zod';

const fileSchema = z.object({
  name: z.string().regex(/^files\/[\w-]+$/),
  uri: z.string().min(1),
  state: z.string().optional(),
  expirationTime: z.string().optional(),
  error: z.object({ message: z.string().optional() }).optional(),
});
/** The end of an upload wraps it. */
const answerSchema = z.union([z.object({ file: fileSchema }).transform(({ file }) => file), fileSchema]);

/** A file as Google tells it. */
export function decodeFile(json: Json): PlacedFile {
  const parsed = answerSchema.safeParse(json);
  if (!parsed.success)
    throw new GatewayError('upstream_bad_answer', 'The upstream sent something that is no file.', { saw: 'refused' });
  const { name, uri, state, expirationTime, error } = parsed.data;
  const expiresAtMs = Date.parse(expirationTime ?? '');
  return {
    name,
    uri,
    // Without a word about it nothing has to be prepared.
    state: STATES[state ?? ''] ?? 'ready',
    ...present({ reason: error?.message, expiresAtMs: Number.isNaN(expiresAtMs) ? undefined : expiresAtMs }),
  };
}

const STATES: Readonly<Record<string, PlacedFile['state']>> = { PROCESSING: 'preparing', FAILED: 'failed' };
