import type { ChatRequest, Reasoning, ResponseFormat, Sampling } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { present } from '@sluice/contracts/present';
import { decodeSchema } from './decode-schema.js';
import type { RequestNotes } from './request-notes.js';
import type { GenerationConfig } from './schema.js';

type DecodedConfig = Pick<
  ChatRequest,
  'sampling' | 'maxOutputTokens' | 'stop' | 'choices' | 'logprobs' | 'responseFormat' | 'reasoning'
>;

export function decodeConfig(config: GenerationConfig, notes: RequestNotes): DecodedConfig {
  noteUnspoken(config, notes);
  const { maxOutputTokens, stopSequences, candidateCount, responseLogprobs, logprobs } = config;
  return present({
    sampling: decodeSampling(config),
    maxOutputTokens,
    stop: stopSequences == null || stopSequences.length === 0 ? undefined : stopSequences,
    choices: candidateCount,
    logprobs: responseLogprobs === true ? { top: logprobs ?? 0 } : undefined,
    responseFormat: decodeFormat(config, notes),
    reasoning: decodeThinking(config.thinkingConfig),
  });
}

function noteUnspoken(config: GenerationConfig, notes: RequestNotes): void {
  for (const name of ['mediaResolution', 'audioTranscriptionConfig', 'enableEnhancedCivicAnswers'] as const)
    notes.ignorePresent(`generationConfig.${name}`, config[name]);
  const modalities = config.responseModalities ?? [];
  if (modalities.some((modality) => modality.toUpperCase() !== 'TEXT'))
    notes.demand('generationConfig.responseModalities');
  if (config.speechConfig != null) notes.demand('generationConfig.speechConfig');
  if (config.imageConfig != null) notes.demand('generationConfig.imageConfig');
}

function decodeSampling(config: GenerationConfig): Sampling | undefined {
  const { temperature, topP, topK, seed, presencePenalty, frequencyPenalty } = config;
  const sampling = present({ temperature, topP, topK, seed, presencePenalty, frequencyPenalty });
  return Object.keys(sampling).length === 0 ? undefined : sampling;
}

const JSON_TYPE = 'application/json';

/** This dialect has no name for a format, where others want one. */
function decodeFormat(config: GenerationConfig, notes: RequestNotes): ResponseFormat | undefined {
  const { responseMimeType: mimeType, responseSchema, responseJsonSchema } = config;
  if (mimeType != null && mimeType !== JSON_TYPE && mimeType !== 'text/plain') {
    notes.demand('generationConfig.responseMimeType');
    return undefined;
  }
  const schema = responseJsonSchema ?? (responseSchema == null ? undefined : decodeSchema(responseSchema));
  if (schema !== undefined) return { type: 'json-schema', name: 'answer', schema };
  return mimeType === JSON_TYPE ? { type: 'json' } : undefined;
}

const EFFORTS: Record<string, Reasoning['effort']> = {
  MINIMAL: 'minimal',
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
  THINKING_LEVEL_UNSPECIFIED: undefined,
};

/** A budget of -1 leaves it to the model. */
function decodeThinking(thinking: GenerationConfig['thinkingConfig']): Reasoning | undefined {
  if (thinking == null) return undefined;
  const { includeThoughts, thinkingBudget, thinkingLevel } = thinking;
  const level = thinkingLevel?.toUpperCase();
  if (level !== undefined && !(level in EFFORTS)) throw unknownLevel(thinkingLevel ?? '');
  return present({
    effort: level === undefined ? undefined : EFFORTS[level],
    budgetTokens: thinkingBudget === -1 ? undefined : thinkingBudget,
    includeText: includeThoughts,
  });
}

function unknownLevel(level: string): GatewayError {
  const param = 'generationConfig.thinkingConfig.thinkingLevel';
  const message = `Invalid value for '${param}': '${level}'. Supported values are: 'MINIMAL', 'LOW', 'MEDIUM', 'HIGH'.`;
  return new GatewayError('invalid_request', message, { param, reason: 'invalid_value' });
}
