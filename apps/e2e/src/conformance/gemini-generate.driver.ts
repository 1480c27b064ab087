import {
  ApiError,
  type Content,
  FinishReason,
  type GenerateContentParameters,
  type GenerateContentResponse,
  type GoogleGenAI,
  type Part,
} from '@google/genai';
import type { ChatDriver, Dialog, DialogOptions, Refusal, Said, ToolResult, Turn } from './chat-driver.js';

export function geminiGenerateDriver({ name, client }: { name: string; client: GoogleGenAI }): ChatDriver {
  return { name, open: (options) => new GeminiDialog(client, options), refusalOf };
}

/** Google's SDK has one class for all, and puts the body of the answer into its message. */
function refusalOf(thrown: unknown): Refusal | undefined {
  if (!(thrown instanceof ApiError)) return undefined;
  const { status, message } = thrown;
  const requestId = /"requestId":\s*"([^"]+)"/.exec(message)?.[1];
  return { status, className: thrown.constructor.name, message, requestId };
}

class GeminiDialog implements Dialog {
  private readonly contents: Content[] = [];

  constructor(
    private readonly client: GoogleGenAI,
    private readonly options: DialogOptions,
  ) {}

  say({ text, image }: Said): Promise<Turn> {
    const parts: Part[] = [{ text }];
    if (image) parts.push({ inlineData: { mimeType: 'image/png', data: Buffer.from(image).toString('base64') } });
    return this.ask(parts);
  }

  give(results: readonly ToolResult[]): Promise<Turn> {
    return this.ask(
      results.map(({ id, name, text }) => ({ functionResponse: { id, name, response: { output: text } } })),
    );
  }

  private async ask(parts: Part[]): Promise<Turn> {
    this.contents.push({ role: 'user', parts });
    const { models } = this.client;
    const pieces: GenerateContentResponse[] = [];
    if (this.options.how === 'plain') pieces.push(await models.generateContent(this.body()));
    else for await (const piece of await models.generateContentStream(this.body())) pieces.push(piece);
    const answered = pieces.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
    this.contents.push({ role: 'model', parts: answered });
    return toTurn(answered, pieces);
  }

  private body(): GenerateContentParameters {
    const { model, tools, schema, maximumTokens } = this.options;
    return {
      model,
      contents: this.contents,
      config: {
        ...(tools && {
          tools: [
            {
              functionDeclarations: tools.map(({ name, description, parameters }) => ({
                name,
                description,
                parametersJsonSchema: parameters,
              })),
            },
          ],
        }),
        ...(schema && { responseMimeType: 'application/json', responseJsonSchema: schema }),
        ...(maximumTokens !== undefined && { maxOutputTokens: maximumTokens }),
        thinkingConfig: { includeThoughts: true },
      },
    };
  }
}

function toTurn(parts: readonly Part[], pieces: readonly GenerateContentResponse[]): Turn {
  const calls = parts.flatMap(({ functionCall }) => (functionCall ? [functionCall] : []));
  const textOf = (isThought: boolean) =>
    parts.map((part) => ((part.thought ?? false) === isThought ? (part.text ?? '') : '')).join('');
  const reason = pieces.findLast(({ candidates }) => candidates?.[0]?.finishReason)?.candidates?.[0]?.finishReason;
  const usage = pieces.findLast(({ usageMetadata }) => usageMetadata)?.usageMetadata;
  return {
    text: textOf(false),
    reasoning: textOf(true),
    calls: calls.map(({ id, name, args }) => ({ id: id ?? name ?? '', name: name ?? '', input: args })),
    end: reason === FinishReason.MAX_TOKENS ? 'length' : calls.length > 0 ? 'tool-calls' : 'stop',
    inputTokens: usage?.promptTokenCount ?? 0,
    outputTokens: (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0),
  };
}
