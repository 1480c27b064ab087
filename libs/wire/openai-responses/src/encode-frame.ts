import type { Json, JsonObject } from '@sluice/contracts/json';
import type { ResponsesBody } from './schema.js';

/** What is known of a response before its answer; from this and the parts, every event and object of it is made. */
export interface ResponseFrame {
  /** As it stands while nothing has been said. */
  response: JsonObject;
  /** The client asked for `reasoning.encrypted_content`: it may send nothing else of the reasoning back. */
  isSealed: boolean;
}

export interface FrameContext {
  /** `resp_…` */
  id: string;
  createdSeconds: number;
}

/** Nobody waits for it on a socket. */
export function isBackground({ response }: ResponseFrame): boolean {
  return response['background'] === true;
}

/** Every member that OpenAI's schema requires, and what the client asked, as it asked it. */
export function encodeFrame(body: ResponsesBody, { id, createdSeconds }: FrameContext): ResponseFrame {
  const isSealed = body.include?.includes('reasoning.encrypted_content') === true;
  const background = body.background ?? false;
  const response: JsonObject = {
    id,
    object: 'response',
    created_at: createdSeconds,
    status: background ? 'queued' : 'in_progress',
    background,
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: body.max_tool_calls ?? null,
    model: body.model,
    output: [],
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: body.previous_response_id ?? null,
    ...encodeSettings(body),
    usage: null,
    user: body.user ?? null,
    metadata: body.metadata ?? {},
  };
  return { response, isSealed };
}

function encodeSettings(body: ResponsesBody): JsonObject {
  const { reasoning, text } = body;
  return {
    prompt_cache_key: body.prompt_cache_key ?? null,
    prompt_cache_retention: body.prompt_cache_retention ?? null,
    reasoning: {
      effort: reasoning?.effort ?? null,
      summary: reasoning?.summary ?? reasoning?.generate_summary ?? null,
    },
    safety_identifier: body.safety_identifier ?? null,
    service_tier: body.service_tier ?? 'auto',
    store: body.store ?? true,
    temperature: body.temperature ?? null,
    text: {
      format: (text?.format as JsonObject | null | undefined) ?? { type: 'text' },
      verbosity: text?.verbosity ?? 'medium',
    },
    tool_choice: (body.tool_choice as Json | null | undefined) ?? 'auto',
    tools: (body.tools ?? []).map(encodeTool),
    top_logprobs: body.top_logprobs ?? 0,
    top_p: body.top_p ?? null,
    truncation: body.truncation ?? 'disabled',
  };
}

function encodeTool(tool: NonNullable<ResponsesBody['tools']>[number]): JsonObject {
  if (tool.type !== 'function') return tool as JsonObject;
  const { name, description = null, parameters = null, strict = null } = tool;
  return { type: 'function', name, description, parameters, strict };
}

/** The client asked for reasoning to be told as a summary; else it is told as what it is. */
export function showsSummary({ response }: ResponseFrame): boolean {
  const { reasoning } = response;
  return (
    typeof reasoning === 'object' && reasoning !== null && !Array.isArray(reasoning) && reasoning['summary'] !== null
  );
}
