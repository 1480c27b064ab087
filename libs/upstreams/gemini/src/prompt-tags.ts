import type { ImageRequest } from '@sluice/contracts/image';

/** Asked for by `{n:2}` in the prompt. */
const MOST_BY_TAG = 4;

/**
 * `{n:2}` and `{ratio:16:9}` in a prompt: users of chat clients without such fields write them there, so they win over
 * what the client fills in by itself. What is left is the prompt.
 */
export function readPromptTags(request: ImageRequest): ImageRequest {
  const count = Number(/\{n:(\d+)\}/.exec(request.prompt)?.[1] ?? 0);
  const ratio = /\{ratio:(\d+:\d+)\}/.exec(request.prompt)?.[1];
  const isCounted = count >= 1 && count <= MOST_BY_TAG;
  if (!isCounted && ratio === undefined) return request;
  const { size, ...rest } = request;
  return {
    ...rest,
    ...(size !== undefined && ratio === undefined && { size }),
    ...(ratio !== undefined && { aspectRatio: ratio }),
    ...(isCounted && { count }),
    prompt: withoutTags(request.prompt, { isCounted }),
  };
}

/** A count that is none stays in the text. */
function withoutTags(prompt: string, { isCounted }: { isCounted: boolean }): string {
  const shaped = prompt.replace(/\s*\{ratio:\d+:\d+\}/g, '');
  return (isCounted ? shaped.replace(/\s*\{n:\d+\}/g, '') : shaped).trim();
}
