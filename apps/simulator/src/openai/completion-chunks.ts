import type { Fault } from '../faults/fault.js';
import { deltasOf, interleave, type Delta } from './deltas.js';
import type { Envelope } from './envelope.js';
import { renderLogprobs } from './logprobs.js';
import type { PlannedChoice } from './plan-reply.js';
import type { CompletionSource } from './render-completion.js';
import { renderUsage } from './usage.js';

/** When token counts appear in a stream; the first two are OpenAI's own ways. */
type UsageStyle = 'never' | 'null-then-chunk' | NonNullable<Fault['usage']>;

/** The data of each event of a streamed reply, the closing `[DONE]` included. */
export function* completionChunks(source: CompletionSource): Generator<string> {
  const style = usageStyle(source);
  const render = chunkRenderer(source);
  let position = 0;
  for (const choice of streamedChoices(source)) {
    yield render(position, [choice], usageBeside(choice, { source, style, position }));
    position += 1;
  }
  if (style === 'null-then-chunk' || style === 'only-chunk' || style === 'unasked') {
    yield render(position, [], renderUsage(source.reply.usage));
  }
  if (!source.fault?.noDone) yield '[DONE]';
}

interface StreamedChoice {
  readonly index: number;
  readonly delta: Record<string, unknown>;
  readonly logprobs: Record<string, unknown> | null;
  readonly finish_reason: string | null;
}

function streamedChoices({ reply, request, fault }: CompletionSource): StreamedChoice[] {
  const toStreamed =
    (choice: PlannedChoice) =>
    (delta: Delta): StreamedChoice => ({
      index: choice.index,
      delta: delta.fields,
      logprobs: delta.token === undefined ? null : renderLogprobs([delta.token], request),
      finish_reason: null,
    });
  const perChoice = reply.choices.map((choice) => {
    const streamed = deltasOf(choice, fault).map(toStreamed(choice));
    if (!fault?.noFinish)
      streamed.push({ index: choice.index, delta: {}, logprobs: null, finish_reason: choice.finishReason });
    return streamed;
  });
  return perChoice.length === 1 ? (perChoice[0] ?? []) : interleave(perChoice);
}

function usageStyle({ request, fault }: CompletionSource): UsageStyle {
  if (fault?.usage === 'unasked' || fault?.usage === 'none') return fault.usage;
  if (!request.stream_options?.include_usage) return 'never';
  return fault?.usage ?? 'null-then-chunk';
}

interface UsagePlace {
  readonly source: CompletionSource;
  readonly style: UsageStyle;
  readonly position: number;
}

/** The `usage` of a chunk that has a choice; undefined leaves the key out. */
function usageBeside(choice: StreamedChoice, { source, style, position }: UsagePlace): unknown {
  if (style === 'null-then-chunk') return null;
  const { usage } = source.reply;
  if (style === 'on-finish') return choice.finish_reason === null ? null : renderUsage(usage);
  if (style !== 'every-chunk') return undefined;
  const isLast = choice.finish_reason !== null;
  return renderUsage({
    ...usage,
    completionTokens: isLast ? usage.completionTokens : Math.min(position, usage.completionTokens),
  });
}

type ChunkRenderer = (position: number, choices: readonly StreamedChoice[], usage: unknown) => string;

/** What all chunks of a stream share is written out once; that halves the cost of a chunk. */
function chunkRenderer({ envelope, fault }: CompletionSource): ChunkRenderer {
  const opening = renderOpening(envelope);
  return (position, choices, usage) => {
    const start = fault?.changingIds ? renderOpening({ ...envelope, id: `${envelope.id}-${position}` }) : opening;
    const end = usage === undefined ? '}' : `,"usage":${JSON.stringify(usage)}}`;
    return start + JSON.stringify(choices) + end;
  };
}

function renderOpening(envelope: Envelope): string {
  const shared = JSON.stringify({ ...envelope, service_tier: 'default', system_fingerprint: 'fp_simulated' });
  return `${shared.slice(0, -1)},"choices":`;
}
