import { checkJsonSchema, checkSchema } from './check-schema.js';
import type { GenerationConfig } from './generate-request.js';
import type { ModelFamily } from './model-family.js';
import { invalidArgument } from './refuse.js';

const LEAST_PRO_BUDGET = 128;

export function checkConfig(config: GenerationConfig, family: ModelFamily): void {
  if (config.thinkingConfig !== undefined) checkThinking(config.thinkingConfig, family);
  checkFormat(config);
  if ((config.candidateCount ?? 1) > 1 && family.takesLevels)
    throw invalidArgument('Multiple candidates is not enabled for this model', 'generation_config.candidate_count');
  if (config.logprobs !== undefined && config.responseLogprobs !== true)
    throw invalidArgument('Logprobs is set but response_logprobs is not true.', 'generation_config.logprobs');
}

function checkFormat({ responseMimeType, responseSchema, responseJsonSchema }: GenerationConfig): void {
  const hasSchema = responseSchema !== undefined || responseJsonSchema !== undefined;
  if (hasSchema && (responseMimeType ?? 'text/plain') === 'text/plain')
    throw invalidArgument(
      "Function calling with a response mime type: 'text/plain' is unsupported: a response schema needs application/json.",
      'generation_config.response_mime_type',
    );
  if (responseSchema !== undefined && responseJsonSchema !== undefined)
    throw invalidArgument('Only one of response_schema and response_json_schema can be set.', 'generation_config');
  if (responseSchema !== undefined) checkSchema(responseSchema, 'generation_config.response_schema');
  checkJsonSchema(responseJsonSchema, 'generation_config.response_json_schema');
}

function checkThinking(
  { thinkingBudget, thinkingLevel }: NonNullable<GenerationConfig['thinkingConfig']>,
  family: ModelFamily,
): void {
  const place = 'generation_config.thinking_config';
  if (!family.thinks) throw invalidArgument(`Thinking is not enabled for models/${family.name}`, place);
  if (thinkingBudget !== undefined && thinkingLevel !== undefined)
    throw invalidArgument('You can only set only one of thinking budget and thinking level.', place);
  if (thinkingLevel !== undefined && !family.takesLevels)
    throw invalidArgument('Thinking level is not supported for this model.', place);
  if (thinkingLevel === 'MINIMAL' && family.isPro)
    throw invalidArgument(
      'Thinking level MINIMAL is not supported for this model. Please retry with other thinking level.',
      place,
    );
  if (thinkingBudget === undefined || thinkingBudget === -1) return;
  const [least, most] = budgetsOf(family);
  if (thinkingBudget === 0 && least > 0)
    throw invalidArgument('Budget 0 is invalid. This model only works in thinking mode.', place);
  if (thinkingBudget < least || thinkingBudget > most)
    throw invalidArgument(
      `The thinking budget ${thinkingBudget} is invalid. Please choose a value between ${least} and ${most}.`,
      place,
    );
}

function budgetsOf({ isPro, takesLevels }: ModelFamily): [least: number, most: number] {
  if (isPro) return [LEAST_PRO_BUDGET, 32_768];
  return takesLevels ? [1, 32_768] : [0, 24_576];
}
