import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { present } from '@sluice/contracts/present';
import type { CallResult, Picture } from './image-call.js';
import { pictureSize } from './picture-size.js';

/** What several calls made together. */
export interface Painted {
  pictures: Picture[];
  facts: JsonObject;
}

/**
 * Runs the calls side by side. What any of them made is kept, since it is paid for; only where none made anything it
 * is a failure, and then the one that leaves most in doubt.
 */
export async function paintAll(calls: readonly (() => Promise<CallResult>)[], asked: number): Promise<Painted> {
  const settled = await Promise.allSettled(calls.map((call) => call()));
  const results = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failures = settled.flatMap((each) => (each.status === 'rejected' ? [toFailure(each.reason)] : []));
  const pictures = results.flatMap((result) => result.pictures);
  if (pictures.length === 0) throw worst(failures);
  const missing = failures[0] ?? results.find(({ filtered }) => filtered !== undefined)?.filtered;
  return { pictures, facts: factsOf({ pictures, results, asked, missing }) };
}

/** A bug is a bug, whatever else was made. */
function toFailure(reason: unknown): GatewayError {
  if (!(reason instanceof GatewayError)) throw reason;
  return reason;
}

function worst(failures: readonly GatewayError[]): GatewayError {
  const isOpen = ({ data: { saw } }: GatewayError): boolean => saw !== 'nothing' && saw !== 'refused';
  const [first] = failures;
  return failures.find(isOpen) ?? first ?? new GatewayError('upstream_bad_answer', 'Nothing was made.');
}

interface Made {
  pictures: readonly Picture[];
  results: readonly CallResult[];
  asked: number;
  missing: GatewayError | undefined;
}

function factsOf({ pictures, results, asked, missing }: Made): JsonObject {
  const [first] = pictures;
  const size = first && pictureSize(first.bytes);
  const prompts = pictures.map(({ revisedPrompt }) => revisedPrompt ?? null);
  return present({
    size: size && `${size.width}x${size.height}`,
    format: first?.mediaType.replace(/^image\//, ''),
    revisedPrompts: prompts.some((prompt) => prompt !== null) ? prompts : undefined,
    usage: usageOf(results),
    ...(pictures.length < asked && {
      asked,
      made: pictures.length,
      missing: missing && { code: missing.code, message: missing.message },
    }),
  });
}

function usageOf(results: readonly CallResult[]): JsonObject | undefined {
  const usages = results.flatMap(({ usage }) => usage ?? []);
  if (usages.length === 0) return undefined;
  const sum = (read: (usage: (typeof usages)[number]) => number): number =>
    usages.reduce((total, usage) => total + read(usage), 0);
  const imageInputTokens = sum((usage) => usage.imageInputTokens ?? 0);
  const inputTokens = sum((usage) => usage.inputTokens);
  return {
    inputTokens,
    outputTokens: sum((usage) => usage.outputTokens),
    totalTokens: sum((usage) => usage.totalTokens),
    imageInputTokens,
    textInputTokens: Math.max(0, inputTokens - imageInputTokens),
  };
}
