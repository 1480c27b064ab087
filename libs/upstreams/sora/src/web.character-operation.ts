import type { CharacterRequest } from '@sluice/contracts/character';
import { type ErrorData, errorDataSchema, GatewayError } from '@sluice/contracts/gateway-error';
import type { Operation } from '@sluice/contracts/operation';
import { z } from 'zod';

const MOST_SECONDS = 3;

/** What its owner wishes of it; a poll is told nothing but the operation. */
const wishSchema = z.object({
  username: z.string().optional(),
  displayName: z.string().optional(),
  instructions: z.string().optional(),
  safetyInstructions: z.string().optional(),
  isPublic: z.boolean().optional(),
});

/** What it is finalised with: settled before the call, so that one whose answer was lost is made again in the same words. */
const profileSchema = z.object({
  username: z.string(),
  displayName: z.string(),
  /** The picture as the site has it, and where it was first. */
  picture: z.string(),
  pictureUrl: z.string(),
  instructions: z.string().optional(),
});
export type CharacterProfile = z.infer<typeof profileSchema>;

const operationSchema = z.object({
  /** Of the cameo that it is being made as. */
  id: z.string().min(1),
  /** By our clock. */
  acceptedAtMs: z.number(),
  wish: wishSchema.optional(),
  /** Noted while the site does not know it. */
  missing: z.object({ sinceMs: z.number(), looks: z.number() }).optional(),
  profile: profileSchema.optional(),
  /** Names that were taken after all. */
  taken: z.array(z.string()).optional(),
  /** Present once it is a character. */
  characterId: z.string().optional(),
  /** Why nothing will come of it: what is left is to be cleaned up. */
  failure: errorDataSchema.optional(),
  cleanings: z.number().optional(),
});

/** How far a character has come. Each stage is noted in its row before the next one begins. */
export type CharacterOperation = z.infer<typeof operationSchema>;

export function acceptedCharacter(id: string, request: CharacterRequest, nowMs: number): Operation {
  const wish = wishSchema.parse(request);
  return toOperation({ id, acceptedAtMs: nowMs, ...(Object.keys(wish).length > 0 && { wish }) });
}

export function toOperation(operation: CharacterOperation): Operation {
  return JSON.parse(JSON.stringify(operation)) as Operation;
}

export function readCharacter(operation: Operation): CharacterOperation {
  const parsed = operationSchema.safeParse(operation);
  if (parsed.success) return parsed.data;
  throw new GatewayError('internal', 'An operation of a character cannot be read.');
}

/** From then on it is given up: what is left of it at the site is cleaned up first. */
export function givenUp(operation: CharacterOperation, failure: ErrorData): CharacterOperation {
  return { ...operation, failure };
}

/** Seconds of the film, as the form says them and as JSON does. */
export function timestampsOf({ timestamps }: Pick<CharacterRequest, 'timestamps'>): readonly [number, number] {
  return timestamps ?? [0, MOST_SECONDS];
}
