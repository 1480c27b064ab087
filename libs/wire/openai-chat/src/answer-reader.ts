import type { ChatPart, Usage } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { randomBytes } from 'node:crypto';
import { ChoiceReader } from './choice-reader.js';
import { readVendorError, toFailure } from './decode-error.js';
import { decodeUsage } from './decode-usage.js';
import { isJsonObject } from '@sluice/contracts/json-object';

export interface DecodeOptions {
  /** Unique per answer: calls that the vendor gave no id are named after it, the same way each time. */
  callIdSeed?: string;
}

/** Reads one answer, whether it comes as chunks or as a whole. */
export class AnswerReader {
  private readonly choices: ChoiceReader[] = [];
  private readonly createId: (choice: number, index: number) => string;
  private hasStarted = false;
  private usage: Usage | undefined;

  constructor({ callIdSeed }: DecodeOptions = {}) {
    let seed = callIdSeed;
    this.createId = (choice, index) => `call_${(seed ??= randomBytes(10).toString('hex'))}_${choice}_${index}`;
  }

  get hasChoices(): boolean {
    return this.choices.length > 0;
  }

  /** Every alternative that began has told its end. */
  get isComplete(): boolean {
    return this.hasChoices && this.choices.every((choice) => choice.isFinished);
  }

  /** The parts of one object. Throws the failure it tells. */
  read(object: Json): ChatPart[] {
    const failure = readVendorError(object);
    if (failure !== undefined) throw this.failed(toFailure(failure));
    if (!isJsonObject(object)) throw badAnswer('The upstream sent something that is no part of a chat answer.');
    const parts: ChatPart[] = [];
    const { choices } = object;
    // Some vendors send a chunk without choices, id or model ahead.
    if (!this.hasStarted && Array.isArray(choices) && choices.length > 0) this.start(object, parts);
    if (Array.isArray(choices)) choices.forEach((choice, position) => this.readChoice(choice, { position, parts }));
    this.usage = decodeUsage(object['usage']) ?? usageBeside(object) ?? this.usage;
    return parts;
  }

  /** The ends of all alternatives, then what they cost. */
  end(): ChatPart[] {
    if (!this.hasChoices) throw badAnswer('The upstream answered with nothing.');
    const parts: ChatPart[] = [];
    for (const choice of this.choices) choice?.end(parts);
    if (this.usage !== undefined) parts.push({ type: 'usage', usage: this.usage });
    return parts;
  }

  private start(object: JsonObject, parts: ChatPart[]): void {
    this.hasStarted = true;
    const { id, model, service_tier: serviceTier, system_fingerprint: fingerprint } = object;
    parts.push({
      type: 'start',
      ...(isText(model) && { model }),
      ...(isText(id) && { upstreamId: id }),
      ...(isText(serviceTier) && { serviceTier }),
      ...(isText(fingerprint) && { fingerprint }),
    });
  }

  private readChoice(wire: Json, { position, parts }: { position: number; parts: ChatPart[] }): void {
    if (!isJsonObject(wire)) return;
    if (wire['finish_reason'] === 'error')
      throw this.failed(toFailure({ message: 'The upstream failed while it answered.' }));
    const own = wire['index'];
    const index =
      typeof own === 'number' && Number.isInteger(own) && own >= 0 && own < MAXIMUM_CHOICES ? own : position;
    const choice = (this.choices[index] ??= new ChoiceReader(index, this.createId));
    choice.read(wire, parts);
  }

  /** What fails after it began was not refused. */
  private failed(error: GatewayError): GatewayError {
    if (!this.hasStarted) return error;
    return GatewayError.fromData({ ...error.data, saw: 'unknown' });
  }
}

const MAXIMUM_CHOICES = 128;

function usageBeside(object: JsonObject): Usage | undefined {
  const groq = object['x_groq'];
  if (isJsonObject(groq)) return decodeUsage(groq['usage']);
  const first = Array.isArray(object['choices']) ? object['choices'][0] : undefined;
  return isJsonObject(first) ? decodeUsage(first['usage']) : undefined;
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

function badAnswer(message: string): GatewayError {
  return new GatewayError('upstream_bad_answer', message, { saw: 'unknown' });
}
