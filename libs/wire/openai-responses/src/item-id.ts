/** `resp_…` and `gen_…` are two names of one thing: neither has to be looked up to know the other. */
export function toResponseId(generationId: string): string {
  return generationId.replace(/^gen_/, 'resp_');
}

/** Undefined for a string that is no response's id. */
export function toGenerationId(responseId: string): string | undefined {
  return RESPONSE_ID.test(responseId) ? responseId.replace('resp_', 'gen_') : undefined;
}

const RESPONSE_ID = /^resp_[0-9a-f]{32}$/;

const PREFIXES: Record<string, string> = {
  message: 'msg',
  reasoning: 'rs',
  function_call: 'fc',
  function_call_output: 'fco',
  custom_tool_call: 'ctc',
  custom_tool_call_output: 'ctco',
  image_generation_call: 'ig',
};

/** Where an item stands in its response; its id says it, so that an item is found by its id alone. */
export interface ItemPlace {
  side: 'input' | 'output';
  index: number;
}

export function createItemId(options: { responseId: string; type: string; place: ItemPlace }): string {
  const { responseId, type, place } = options;
  const side = place.side === 'input' ? 'i' : 'o';
  return `${PREFIXES[type] ?? 'item'}_${responseId.replace('resp_', '')}${side}${place.index}`;
}

/** Of which response an item is, by its id; undefined for an id that is not ours. */
export function responseOfItem(itemId: string): { responseId: string; place: ItemPlace } | undefined {
  const [, response, side, index] = ITEM_ID.exec(itemId) ?? [];
  if (response === undefined) return undefined;
  return {
    responseId: `resp_${response}`,
    place: { side: side === 'i' ? 'input' : 'output', index: Number(index) },
  };
}

const ITEM_ID = /^[a-z]+_([0-9a-f]{32})([io])(\d{1,6})$/;
