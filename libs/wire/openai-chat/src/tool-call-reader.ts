import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

interface Call {
  index: number;
  id: string | undefined;
  name: string;
  isStarted: boolean;
  isCustom: boolean;
  /** Input that came before the name. */
  waiting: string;
  signature: string | undefined;
}

/**
 * Rebuilds one choice's calls from deltas whose index, id, type or name may be missing, repeated, or the same for all.
 * Calls are counted anew from 0, in the order in which they began.
 */
export class ToolCallReader {
  private readonly calls: Call[] = [];
  private readonly byKey = new Map<Json, Call>();
  private startedCount = 0;

  constructor(
    private readonly choice: number,
    private readonly createId: (choice: number, index: number) => string,
  ) {}

  get hasCalls(): boolean {
    return this.calls.length > 0;
  }

  read(deltas: Json | undefined, parts: ChatPart[]): void {
    if (!Array.isArray(deltas)) return;
    for (const delta of deltas) if (isJsonObject(delta)) this.readDelta(delta, parts);
  }

  /** A call that never got a name cannot be answered by anyone. */
  end(): void {
    if (this.calls.every((call) => call.isStarted)) return;
    throw new GatewayError('upstream_bad_answer', 'The upstream called a tool without naming it.', { saw: 'unknown' });
  }

  private readDelta(delta: JsonObject, parts: ChatPart[]): void {
    const body = delta['function'] ?? delta['custom'];
    const fields = isJsonObject(body) ? body : {};
    const name = nonEmpty(fields['name']);
    const id = nonEmpty(delta['id']);
    const call = this.callOf({ key: delta['index'], id, name });
    call.id ??= id;
    if (call.name === '' && name !== undefined) call.name = name;
    if (delta['type'] === 'custom' || isJsonObject(delta['custom'])) call.isCustom = true;
    call.signature ??= signatureOf(delta);
    this.emit(call, { input: inputOf(fields), parts });
  }

  /** Another id opens another call only if it brings a name: some vendors give every delta an id of its own. */
  private callOf({ key, id, name }: { key: Json | undefined; id: string | undefined; name: string | undefined }): Call {
    const lookup = typeof key === 'number' ? key : (id ?? null);
    const known =
      this.byKey.get(lookup) ?? (typeof key === 'number' || name !== undefined ? undefined : this.calls.at(-1));
    const isOther = known?.isStarted === true && name !== undefined && id !== undefined && known.id !== id;
    if (known !== undefined && !isOther && !(lookup === null && name !== undefined && known.isStarted)) return known;
    const call = {
      index: NOT_STARTED,
      id,
      name: '',
      isStarted: false,
      isCustom: false,
      waiting: '',
      signature: undefined,
    };
    this.calls.push(call);
    this.byKey.set(lookup, call);
    return call;
  }

  private emit(call: Call, { input, parts }: { input: string; parts: ChatPart[] }): void {
    const { choice } = this;
    if (!call.isStarted) {
      call.waiting += input;
      if (call.name === '') return;
      call.isStarted = true;
      call.index = this.startedCount;
      this.startedCount += 1;
      parts.push({
        type: 'tool-input-start',
        choice,
        index: call.index,
        id: call.id ?? this.createId(choice, call.index),
        name: call.name,
        ...(call.isCustom && { custom: true as const }),
        ...(call.signature !== undefined && { signature: call.signature }),
      });
      if (call.waiting !== '') parts.push({ type: 'tool-input-delta', choice, index: call.index, delta: call.waiting });
    } else if (input !== '') parts.push({ type: 'tool-input-delta', choice, index: call.index, delta: input });
  }
}

/** A call begins with its name, and is counted then. */
const NOT_STARTED = -1;

/** JSON as text; a vendor that sends the object itself is written out. */
function inputOf(fields: JsonObject): string {
  const input = fields['arguments'] ?? fields['input'];
  if (typeof input === 'string') return input;
  return input == null ? '' : JSON.stringify(input);
}

function signatureOf(delta: JsonObject): string | undefined {
  const extra = delta['extra_content'];
  const google = isJsonObject(extra) ? extra['google'] : undefined;
  return isJsonObject(google) ? nonEmpty(google['thought_signature']) : undefined;
}

function nonEmpty(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
