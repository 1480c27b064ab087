import { GatewayError } from '@sluice/contracts/gateway-error';
import type { ImageRequest } from '@sluice/contracts/image';
import type { Job, JobStep } from '@sluice/upstream-kit/job';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { GeminiCredential } from './gemini.credential.js';
import { encodeByContent, paintByContent } from './image-by-content.js';
import { encodePrediction, MOST_BY_PREDICTION, paintByPrediction } from './image-by-prediction.js';
import type { CallResult } from './image-call.js';
import { paintAll } from './image-calls.js';
import { readPromptTags } from './prompt-tags.js';

type Context = UpstreamContext<GeminiCredential>;

/** Pictures come with the answer: nothing can be looked up afterwards. */
export const image: Job<'image', GeminiCredential> = { isAttended: true, start };

async function* start(asked: ImageRequest, context: Context): AsyncGenerator<JobStep, void, undefined> {
  const request = readPromptTags(asked);
  const isImagen = /\bimagen\b/.test(context.model);
  refuseUnknown(request, { isImagen });
  const calls = isImagen ? predictions(request, context) : await contents(request, context);
  const { pictures, facts } = await paintAll(calls, request.count ?? 1);
  const files = pictures.map(({ bytes }) => ({ role: 'result' as const, bytes }));
  yield { type: 'done', operation: { id: context.generationId }, files, facts };
}

type Call = () => Promise<CallResult>;

async function contents(request: ImageRequest, context: Context): Promise<Call[]> {
  const body = await encodeByContent(request, context);
  return Array.from({ length: request.count ?? 1 }, () => () => paintByContent(body, context));
}

function predictions(request: ImageRequest, context: Context): Call[] {
  const calls: Call[] = [];
  for (let left = request.count ?? 1; left > 0; left -= MOST_BY_PREDICTION) {
    const body = encodePrediction(request, Math.min(left, MOST_BY_PREDICTION));
    calls.push(() => paintByPrediction(body, context));
  }
  return calls;
}

/** What would make it another picture is refused; quality, style and the like are hints. */
function refuseUnknown(request: ImageRequest, { isImagen }: { isImagen: boolean }): void {
  const { pictures = [], mask, background, format } = request;
  if (mask !== undefined) throw unsupported('mask', 'this model changes a picture by words alone');
  if (background === 'transparent') throw unsupported('background', 'this model paints no transparent pictures');
  if (isImagen && pictures.length > 0) throw unsupported('image', 'this model makes pictures of words alone');
  if (format === 'webp' || (format === 'jpeg' && !isImagen))
    throw unsupported('output_format', `this model's pictures come as it makes them, not as '${format}'`);
}

function unsupported(param: string, why: string): GatewayError {
  return new GatewayError('unsupported', `'${param}': ${why}.`, { param, saw: 'nothing' });
}
