import type Anthropic from '@anthropic-ai/sdk';
import type { ChatDriver, Dialog, DialogOptions, Refusal, Said, ToolResult, Turn } from './chat-driver.js';

const DEFAULT_MAXIMUM_TOKENS = 1_000;

export function anthropicMessagesDriver({ name, client }: { name: string; client: Anthropic }): ChatDriver {
  return { name, open: (options) => new AnthropicDialog(client, options), refusalOf };
}

function refusalOf(thrown: unknown): Refusal | undefined {
  if (!(thrown instanceof Error) || !('status' in thrown) || !('requestID' in thrown)) return undefined;
  const { status, requestID } = thrown as InstanceType<typeof Anthropic.APIError>;
  return { status, className: thrown.constructor.name, message: thrown.message, requestId: requestID };
}

class AnthropicDialog implements Dialog {
  private readonly messages: Anthropic.MessageParam[] = [];

  constructor(
    private readonly client: Anthropic,
    private readonly options: DialogOptions,
  ) {}

  say({ text, image }: Said): Promise<Turn> {
    const content: Anthropic.ContentBlockParam[] = [{ type: 'text', text }];
    const data = image && Buffer.from(image).toString('base64');
    if (data) content.push({ type: 'image', source: { type: 'base64', media_type: 'image/png', data } });
    return this.ask(content);
  }

  give(results: readonly ToolResult[]): Promise<Turn> {
    return this.ask(results.map(({ id, text }) => ({ type: 'tool_result', tool_use_id: id, content: text })));
  }

  private async ask(content: Anthropic.ContentBlockParam[]): Promise<Turn> {
    this.messages.push({ role: 'user', content });
    const { model, tools, schema, maximumTokens, how } = this.options;
    const body: Anthropic.MessageCreateParamsNonStreaming = {
      model,
      max_tokens: maximumTokens ?? DEFAULT_MAXIMUM_TOKENS,
      messages: this.messages,
      ...(tools && {
        tools: tools.map(({ name, description, parameters }) => ({
          name,
          description,
          input_schema: { type: 'object' as const, ...parameters },
        })),
      }),
      ...(schema && { output_config: { format: { type: 'json_schema' as const, schema } } }),
    };
    const message =
      how === 'plain'
        ? await this.client.messages.create(body)
        : await this.client.messages.stream(body).finalMessage();
    this.messages.push({ role: 'assistant', content: message.content });
    return toTurn(message);
  }
}

const ENDS: Record<string, Turn['end']> = { tool_use: 'tool-calls', max_tokens: 'length' };

function toTurn({ content, stop_reason: reason, usage }: Anthropic.Message): Turn {
  const texts = content.filter((block) => block.type === 'text');
  const thoughts = content.filter((block) => block.type === 'thinking');
  const calls = content.filter((block) => block.type === 'tool_use');
  return {
    text: texts.map(({ text }) => text).join(''),
    reasoning: thoughts.map(({ thinking }) => thinking).join(''),
    calls: calls.map(({ id, name, input }) => ({ id, name, input })),
    end: ENDS[reason ?? ''] ?? 'stop',
    inputTokens: usage.input_tokens + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0),
    outputTokens: usage.output_tokens,
  };
}
