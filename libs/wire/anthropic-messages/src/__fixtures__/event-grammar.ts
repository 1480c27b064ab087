import type { JsonObject } from '@sluice/contracts/json';

/** What a strict reader makes of a stream. */
export interface ReadMessage {
  content: JsonObject[];
  inputs: string[];
  stopReason: unknown;
  usage: JsonObject;
  error: JsonObject | undefined;
}

type Event = JsonObject & { type: string };

const DELTAS: Record<string, string[]> = {
  text: ['text_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  tool_use: ['input_json_delta'],
  redacted_thinking: [],
};

/** Reads a whole stream by the grammar of its events; throws at the first that may not stand where it stands. */
export function readMessageEvents(text: string): ReadMessage {
  const reader = new GrammarReader();
  for (const event of parseFrames(text)) reader.read(event);
  return reader.end();
}

export function parseFrames(text: string): Event[] {
  const frames = text.split('\n\n');
  if (frames.pop() !== '') throw new Error('a frame is not closed');
  return frames.map((frame) => {
    const [, name, data] = /^event: (\w+)\ndata: ([^\n]+)$/.exec(frame) ?? [];
    const event = JSON.parse(data ?? 'null') as Event;
    if (event.type !== name) throw new Error(`event ${name} holds ${event.type}`);
    return event;
  });
}

class GrammarReader {
  private state: 'before' | 'between' | 'in-block' | 'ending' | 'ended' = 'before';
  private readonly message: ReadMessage = { content: [], inputs: [], stopReason: null, usage: {}, error: undefined };

  read(event: Event): void {
    if (event.type === 'ping') return;
    if (this.state === 'ended') throw new Error(`${event.type} after the end`);
    if (event.type === 'error') {
      this.message.error = event['error'] as JsonObject;
      this.state = 'ended';
      return;
    }
    const expected = EXPECTED[event.type];
    if (expected !== this.state) throw new Error(`${event.type} while ${this.state}`);
    this.apply(event);
  }

  end(): ReadMessage {
    if (this.state !== 'ended') throw new Error(`the stream ends while ${this.state}`);
    return this.message;
  }

  private apply(event: Event): void {
    const { content, inputs } = this.message;
    switch (event.type) {
      case 'message_start':
        this.message.usage = { ...((event['message'] as JsonObject)['usage'] as JsonObject) };
        this.state = 'between';
        return;
      case 'content_block_start':
        if (event['index'] !== content.length) throw new Error('blocks are not counted');
        content.push({ ...(event['content_block'] as JsonObject) });
        inputs.push('');
        this.state = 'in-block';
        return;
      case 'content_block_delta':
        if (event['index'] !== content.length - 1) throw new Error('a delta for a block that is not open');
        this.applyDelta(event['delta'] as JsonObject);
        return;
      case 'content_block_stop':
        if (event['index'] !== content.length - 1) throw new Error('the stop of a block that is not open');
        this.state = 'between';
        return;
      case 'message_delta': {
        const usage = event['usage'] as JsonObject;
        if (typeof usage['output_tokens'] !== 'number') throw new Error('an end without usage');
        Object.assign(this.message.usage, usage);
        this.message.stopReason = (event['delta'] as JsonObject)['stop_reason'];
        this.state = 'ending';
        return;
      }
      case 'message_stop':
        this.state = 'ended';
    }
  }

  private applyDelta(delta: JsonObject): void {
    const block = this.message.content.at(-1) ?? {};
    const type = String(delta['type']);
    if (DELTAS[String(block['type'])]?.includes(type) !== true) throw new Error(`${type} in ${String(block['type'])}`);
    if (type === 'input_json_delta') {
      this.message.inputs[this.message.inputs.length - 1] += String(delta['partial_json']);
      return;
    }
    const field = type.slice(0, -'_delta'.length);
    block[field] = String(block[field] ?? '') + String(delta[field]);
  }
}

const EXPECTED: Record<string, string> = {
  message_start: 'before',
  content_block_start: 'between',
  content_block_delta: 'in-block',
  content_block_stop: 'in-block',
  message_delta: 'between',
  message_stop: 'ending',
};
