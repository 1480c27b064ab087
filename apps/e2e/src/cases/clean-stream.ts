import type { ChatStream } from '../harness/chat-stream.js';

/**
 * What is wrong with the form of a stream that ended well, judged by OpenAI's rules alone; empty when nothing is.
 * Looks at one choice of text or tool calls as well as at several.
 */
export function findFlaws(stream: ChatStream, { isUsageAsked }: { isUsageAsked: boolean }): string[] {
  if (stream.status !== 200) return [`status ${stream.status}: ${stream.refusal}`];
  return [...bodyFlaws(stream), ...identityFlaws(stream), ...usageFlaws(stream, isUsageAsked), ...choiceFlaws(stream)];
}

function bodyFlaws({ headers, frames, error, isDone }: ChatStream): string[] {
  const strange = frames.find(({ text }) => !/^(data: [^\n]+|: ?[^\n]*)$/.test(text));
  return [
    ...(headers['content-type']?.startsWith('text/event-stream')
      ? []
      : [`content-type ${headers['content-type'] ?? 'is missing'}`]),
    ...(strange ? [`a strange frame: ${strange.text}`] : []),
    ...(error ? [`an error: ${error.message}`] : []),
    ...(isDone ? [] : ['no [DONE]']),
  ];
}

function identityFlaws({ chunks }: ChatStream): string[] {
  const flaws = [];
  for (const field of ['id', 'created', 'model'] as const) {
    const values = new Set(chunks.map((chunk) => chunk[field]));
    if (values.size !== 1) flaws.push(`${values.size} values of ${field}`);
  }
  const { id = '', created = 0 } = chunks[0] ?? {};
  if (!id.startsWith('chatcmpl-')) flaws.push(`id ${id}`);
  if (Math.abs(created - Date.now() / 1000) > 600) flaws.push(`created ${created}`);
  return flaws;
}

function usageFlaws({ chunks }: ChatStream, isUsageAsked: boolean): string[] {
  const withUsage = chunks.filter(({ usage }) => usage != null);
  const bare = chunks.filter(({ choices }) => choices.length === 0);
  if (!isUsageAsked) {
    return [
      ...(bare.length > 0 ? ['a chunk without choices'] : []),
      ...(chunks.some((chunk) => 'usage' in chunk) ? ['usage that nobody asked for'] : []),
    ];
  }
  const isLast = withUsage.length <= 1 && (withUsage.length === 0 || withUsage[0] === chunks.at(-1));
  return [
    ...(isLast && bare.length === withUsage.length ? [] : [`usage in ${withUsage.length} chunks, not the last alone`]),
    ...(chunks.every((chunk) => 'usage' in chunk) ? [] : ['chunks without usage: null']),
  ];
}

function choiceFlaws({ chunks }: ChatStream): string[] {
  const flaws = [];
  const indexes = new Set(chunks.flatMap(({ choices }) => choices.map(({ index }) => index)));
  for (const index of indexes) {
    const own = chunks.flatMap(({ choices }) => choices.filter((choice) => choice.index === index));
    if (own[0]?.delta.role !== 'assistant') flaws.push(`choice ${index} does not begin with a role`);
    if (own.filter(({ delta }) => delta.role !== undefined).length !== 1)
      flaws.push(`choice ${index} has several roles`);
    const finishes = own.filter((choice) => choice.finish_reason !== null);
    if (finishes.length !== 1 || finishes[0] !== own.at(-1))
      flaws.push(`choice ${index} has ${finishes.length} finish reasons`);
  }
  return indexes.size === 0 ? ['no choice'] : flaws;
}
