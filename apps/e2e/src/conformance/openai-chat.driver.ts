import type OpenAI from 'openai';
import type { ChatDriver, Dialog, DialogOptions, Refusal, Said, ToolResult, Turn } from './chat-driver.js';

type Message = OpenAI.ChatCompletionMessageParam;
type Body = Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'stream'>;

export function openaiChatDriver({ name, client }: { name: string; client: OpenAI }): ChatDriver {
  return { name, open: (options) => new OpenaiChatDialog(client, options), refusalOf: openaiRefusal };
}

/** The SDK's majors have error classes of their own, alike in all that is looked at. */
export function openaiRefusal(thrown: unknown): Refusal | undefined {
  if (!(thrown instanceof Error) || !('status' in thrown) || !('requestID' in thrown)) return undefined;
  const { status, requestID } = thrown as InstanceType<typeof OpenAI.APIError>;
  return { status, className: thrown.constructor.name, message: thrown.message, requestId: requestID };
}

class OpenaiChatDialog implements Dialog {
  private readonly messages: Message[] = [];

  constructor(
    private readonly client: OpenAI,
    private readonly options: DialogOptions,
  ) {}

  say({ text, image }: Said): Promise<Turn> {
    const content: OpenAI.ChatCompletionContentPart[] = [{ type: 'text', text }];
    if (image) content.push({ type: 'image_url', image_url: { url: `data:image/png;base64,${base64(image)}` } });
    this.messages.push({ role: 'user', content });
    return this.ask();
  }

  give(results: readonly ToolResult[]): Promise<Turn> {
    for (const { id, text } of results) this.messages.push({ role: 'tool', tool_call_id: id, content: text });
    return this.ask();
  }

  private async ask(): Promise<Turn> {
    const { completions } = this.client.chat;
    const completion =
      this.options.how === 'plain'
        ? await completions.create(this.body())
        : await completions
            .stream({ ...this.body(), stream: true, stream_options: { include_usage: true } })
            .finalChatCompletion();
    const [choice] = completion.choices;
    if (!choice) throw new Error('an answer without a choice');
    this.messages.push(choice.message);
    return toTurn(choice, completion.usage ?? undefined);
  }

  private body(): Body {
    const { model, tools, schema, maximumTokens } = this.options;
    return {
      model,
      messages: this.messages,
      ...(tools && { tools: tools.map((tool) => ({ type: 'function', function: { ...tool } })) }),
      ...(schema && {
        response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } },
      }),
      ...(maximumTokens !== undefined && { max_completion_tokens: maximumTokens }),
    };
  }
}

const ENDS: Record<string, Turn['end']> = { stop: 'stop', tool_calls: 'tool-calls', length: 'length' };

function toTurn(choice: OpenAI.ChatCompletion.Choice, usage: OpenAI.CompletionUsage | undefined): Turn {
  const { message, finish_reason: reason } = choice;
  const calls = (message.tool_calls ?? []).filter((call) => call.type === 'function');
  return {
    text: message.content ?? '',
    reasoning: 'reasoning_content' in message ? String(message.reasoning_content ?? '') : '',
    calls: calls.map((call) => ({
      id: call.id,
      name: call.function.name,
      input: JSON.parse(call.function.arguments) as unknown,
    })),
    end: ENDS[reason] ?? 'stop',
    inputTokens: usage?.prompt_tokens ?? 0,
    outputTokens: usage?.completion_tokens ?? 0,
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
