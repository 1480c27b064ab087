import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { randomBytes } from 'node:crypto';
import { CandidateReader } from './candidate-reader.js';
import { decodeError } from './decode-error.js';
import { isFault, toBlockedPrompt } from './decode-finish.js';
import { decodeUsage } from './decode-usage.js';
import { nativePart } from './native-data.js';
import { toFailure } from './to-failure.js';

export interface DecodeOptions {
  /** Unique per answer: calls that the model gave no id are named after it, the same way each time. */
  callIdSeed?: string;
  /** The client speaks this dialect too: what no other has a word for comes as `native` parts. */
  keepsNative?: boolean;
}

/** Reads one answer, whether it comes as events or as a whole. */
export class AnswerReader {
  private readonly candidates: CandidateReader[] = [];
  private readonly createId: (choice: number, index: number) => string;
  private readonly keepsNative: boolean;
  private hasStarted = false;
  private blockReason: string | undefined;
  private usage: JsonObject | undefined;

  constructor({ callIdSeed, keepsNative = false }: DecodeOptions = {}) {
    let seed = callIdSeed;
    this.keepsNative = keepsNative;
    this.createId = (choice, index) => `call_${(seed ??= randomBytes(10).toString('hex'))}_${choice}_${index}`;
  }

  get hasBegun(): boolean {
    return this.hasStarted;
  }

  /** Every alternative that began has told its end. */
  get isComplete(): boolean {
    if (this.blockReason !== undefined) return true;
    return this.candidates.length > 0 && this.candidates.every(({ reason }) => reason !== undefined);
  }

  /** The parts of one object, or of a list of them. Throws the failure it tells. */
  read(json: Json): ChatPart[] {
    const failure = decodeError({ status: 200, body: json });
    if (failure !== undefined) throw this.failed(toFailure(failure));
    if (Array.isArray(json)) return json.flatMap((each) => this.read(each));
    if (!isJsonObject(json)) throw badAnswer('The upstream sent something that is no part of an answer.');
    const parts: ChatPart[] = [];
    const { candidates, usageMetadata: usage, promptFeedback: feedback, modelVersion, responseId, ...rest } = json;
    const list = Array.isArray(candidates) ? candidates : [];
    if (!this.hasStarted && (list.length > 0 || isJsonObject(feedback))) {
      this.hasStarted = true;
      parts.push(startOf({ modelVersion, responseId, usage }));
    }
    if (isJsonObject(feedback) && typeof feedback['blockReason'] === 'string')
      this.blockReason = feedback['blockReason'];
    const response = { ...rest, ...(feedback !== undefined && { promptFeedback: feedback }) };
    if (this.keepsNative && this.hasStarted && Object.keys(response).length > 0)
      parts.push(nativePart(0, { response }));
    list.forEach((candidate, position) => this.readCandidate(candidate, { position, parts }));
    if (isJsonObject(usage)) this.usage = { ...this.usage, ...usage };
    return parts;
  }

  /** The ends of all alternatives, then what they cost. */
  end(): ChatPart[] {
    const parts: ChatPart[] = [];
    if (this.blockReason !== undefined && this.candidates.length === 0) {
      parts.push({ type: 'finish', choice: 0, reason: 'content-filter', native: toBlockedPrompt(this.blockReason) });
    } else this.assertWhole();
    if (this.keepsNative && this.usage !== undefined)
      parts.unshift(nativePart(0, { response: { usageMetadata: this.usage } }));
    for (const candidate of this.candidates) candidate?.end(parts);
    if (this.usage !== undefined) parts.push({ type: 'usage', usage: decodeUsage(this.usage) });
    return parts;
  }

  private readCandidate(wire: Json, { position, parts }: { position: number; parts: ChatPart[] }): void {
    if (!isJsonObject(wire)) return;
    const own = wire['index'];
    const isIndex = typeof own === 'number' && Number.isInteger(own) && own >= 0 && own < MAXIMUM_CANDIDATES;
    const index = isIndex ? own : position;
    const options = { createId: this.createId, keepsNative: this.keepsNative };
    const candidate = (this.candidates[index] ??= new CandidateReader(index, options));
    candidate.read(wire, parts);
  }

  /** An answer without anything in it, or with a call that nobody can read, is worth another try and no success. */
  private assertWhole(): void {
    const told = this.candidates.filter((candidate) => candidate !== undefined);
    const isEmpty = told.every((candidate) => candidate.isEmpty);
    const fault = told.find(({ reason }) => reason !== undefined && isFault(reason));
    if (fault !== undefined && !this.keepsNative) {
      const error = badAnswer(`The model failed at its answer (${fault.reason}).`);
      throw isEmpty ? refused(error) : error;
    }
    const isSilent = told.every(({ reason }) => reason === undefined || reason === 'STOP' || reason === 'OTHER');
    if (isEmpty && isSilent) throw refused(badAnswer('The upstream answered with nothing.'));
  }

  /** What fails after it began was not refused. */
  private failed(error: GatewayError): GatewayError {
    return this.hasStarted ? GatewayError.fromData({ ...error.data, saw: 'unknown' }) : error;
  }
}

const MAXIMUM_CANDIDATES = 128;

interface Head {
  modelVersion: Json | undefined;
  responseId: Json | undefined;
  usage: Json | undefined;
}

function startOf({ modelVersion, responseId, usage }: Head): ChatPart {
  const tier = isJsonObject(usage) ? usage['serviceTier'] : undefined;
  return {
    type: 'start',
    ...(isText(modelVersion) && { model: modelVersion }),
    ...(isText(responseId) && { upstreamId: responseId }),
    ...(isText(tier) && { serviceTier: tier }),
  };
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

function badAnswer(message: string): GatewayError {
  return new GatewayError('upstream_bad_answer', message, { saw: 'unknown' });
}

/** There is nothing that another try would make twice. */
function refused(error: GatewayError): GatewayError {
  return GatewayError.fromData({ ...error.data, saw: 'refused' });
}
