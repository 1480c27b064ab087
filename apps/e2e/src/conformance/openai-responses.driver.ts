import type OpenAI from 'openai';
import type { ChatDriver, Dialog, DialogOptions, Said, ToolResult, Turn } from './chat-driver.js';
import { openaiRefusal } from './openai-chat.driver.js';

type Responses = OpenAI.Responses.Response;
type Item = OpenAI.Responses.ResponseInputItem;

/** The caller keeps the whole history, reasoning items included, or names the answer before. */
export type History = 'own' | 'chained';

export function openaiResponsesDriver(options: { name: string; client: OpenAI; history: History }): ChatDriver {
  const { name, client, history } = options;
  return {
    name,
    open: (dialog) => new OpenaiResponsesDialog(client, history, dialog),
    refusalOf: openaiRefusal,
  };
}

class OpenaiResponsesDialog implements Dialog {
  private readonly items: Item[] = [];
  private lastId: string | undefined;

  constructor(
    private readonly client: OpenAI,
    private readonly history: History,
    private readonly options: DialogOptions,
  ) {}

  say({ text, image }: Said): Promise<Turn> {
    const content: OpenAI.Responses.ResponseInputContent[] = [{ type: 'input_text', text }];
    const url = image && `data:image/png;base64,${Buffer.from(image).toString('base64')}`;
    if (url) content.push({ type: 'input_image', image_url: url, detail: 'auto' });
    return this.ask([{ type: 'message', role: 'user', content }]);
  }

  give(results: readonly ToolResult[]): Promise<Turn> {
    return this.ask(results.map(({ id, text }) => ({ type: 'function_call_output', call_id: id, output: text })));
  }

  private async ask(added: Item[]): Promise<Turn> {
    this.items.push(...added);
    const isChained = this.history === 'chained';
    const body: OpenAI.Responses.ResponseCreateParamsNonStreaming = {
      ...this.settings(),
      input: isChained ? added : this.items,
      ...(isChained ? this.lastId !== undefined && { previous_response_id: this.lastId } : { store: false }),
      include: ['reasoning.encrypted_content'],
    };
    const { responses } = this.client;
    const response =
      this.options.how === 'plain'
        ? await responses.create(body)
        : await responses.stream({ ...body, stream: true }).finalResponse();
    this.lastId = response.id;
    this.items.push(...(response.output as Item[]));
    return toTurn(response);
  }

  private settings() {
    const { model, tools, schema, maximumTokens } = this.options;
    return {
      model,
      ...(tools && { tools: tools.map((tool) => ({ type: 'function' as const, ...tool, strict: false })) }),
      ...(schema && { text: { format: { type: 'json_schema' as const, name: 'answer', schema, strict: true } } }),
      ...(maximumTokens !== undefined && { max_output_tokens: maximumTokens }),
    };
  }
}

function toTurn(response: Responses): Turn {
  const calls = response.output.filter((item) => item.type === 'function_call');
  const reasoning = response.output.filter((item) => item.type === 'reasoning');
  const isCut = response.status === 'incomplete' && response.incomplete_details?.reason === 'max_output_tokens';
  return {
    text: response.output_text,
    reasoning: reasoning
      .map(({ summary, content }) => [...summary, ...(content ?? [])].map(({ text }) => text).join(''))
      .join(''),
    calls: calls.map((call) => ({ id: call.call_id, name: call.name, input: JSON.parse(call.arguments) as unknown })),
    end: isCut ? 'length' : calls.length > 0 ? 'tool-calls' : 'stop',
    inputTokens: response.usage?.input_tokens ?? 0,
    outputTokens: response.usage?.output_tokens ?? 0,
  };
}
