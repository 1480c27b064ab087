import type { ChatRequest, Reasoning, Tool } from '@sluice/contracts/chat';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { BuiltInTool, ChatOptions } from '@sluice/domain-settings/chat-options';

/** What options make of a request. */
export interface AppliedOptions {
  request: ChatRequest;
  /** Fields of Gemini's that the options set, for a client's own body, too. */
  fields: GeminiFields;
  /** Present where the options, and not the client, say how the model is to think. */
  reasoning?: Reasoning;
}

export interface GeminiFields {
  /** Built-in tools to be added. */
  tools: readonly JsonObject[];
  /** The client's own are to be left out. */
  dropsBuiltIn: boolean;
  dropsSystem: boolean;
  safetySettings?: readonly JsonObject[];
  responseModalities?: readonly string[];
  /** The client's own modalities win. */
  keepsModalities: boolean;
}

/** `asked` is the client's own word, by the model's name; `defaults` hold where it says nothing. */
export function applyChatOptions(
  request: ChatRequest,
  { asked, defaults }: { asked: readonly ChatOptions[]; defaults: ChatOptions },
): AppliedOptions {
  const options = { ...defaults, ...mergeAsked(asked) };
  const plain = withoutSearchFunction(request, options.searchFunction);
  const wanted = new Set([...(defaults.tools ?? []), ...asked.flatMap(({ tools = [] }) => tools)]);
  const builtIn = allowedTools(plain, wanted);
  const dropsBuiltIn = options.functions === 'alone' && hasFunctions(plain);
  const reasoning = reasoningOf(request.reasoning, { asked: mergeAsked(asked).reasoning, usual: defaults.reasoning });
  const fields: GeminiFields = {
    tools: builtIn.map((tool) => ({ [WIRE_NAMES[tool]]: {} })),
    dropsBuiltIn,
    dropsSystem: options.system === 'drop',
    keepsModalities: mergeAsked(asked).responseModalities === undefined,
    ...(options.safetySettings && { safetySettings: options.safetySettings }),
    ...(options.responseModalities && { responseModalities: options.responseModalities }),
  };
  const { webSearch, ...rest } = plain;
  const search = dropsBuiltIn ? undefined : (webSearch ?? (builtIn.includes('google_search') ? {} : undefined));
  return {
    request: {
      ...rest,
      ...(fields.dropsSystem && { messages: rest.messages.filter(({ role }) => !INSTRUCTING.has(role)) }),
      ...(search && { webSearch: search }),
      ...(reasoning && { reasoning }),
      ...withOwnFields(request, { fields, filteredTags: options.filteredTags }),
    },
    fields,
    ...(reasoning && { reasoning }),
  };
}

const WIRE_NAMES = {
  google_search: 'googleSearch',
  url_context: 'urlContext',
  code_execution: 'codeExecution',
} as const;
const INSTRUCTING: ReadonlySet<string> = new Set(['system', 'developer']);

function mergeAsked(asked: readonly ChatOptions[]): ChatOptions {
  return Object.assign({}, ...asked) as ChatOptions;
}

function hasFunctions({ tools = [] }: ChatRequest): boolean {
  return tools.length > 0;
}

/** Never beside functions or where JSON is wanted, which models refuse; code is not run on what is no text. */
function allowedTools(request: ChatRequest, wanted: ReadonlySet<BuiltInTool>): BuiltInTool[] {
  const wantsJson = request.responseFormat !== undefined && request.responseFormat.type !== 'text';
  if (hasFunctions(request) || wantsJson) return [];
  const isText = request.messages.every(({ content }) => content.every(({ type }) => type === 'text'));
  return [...wanted].filter((tool) => tool !== 'code_execution' || isText);
}

function reasoningOf(
  own: Reasoning | undefined,
  { asked, usual }: { asked: ChatOptions['reasoning']; usual: ChatOptions['reasoning'] },
): Reasoning | undefined {
  const isTold = own?.effort !== undefined || own?.budgetTokens !== undefined;
  const chosen = asked ?? (isTold ? undefined : usual);
  if (chosen === undefined) return undefined;
  const { includeText = chosen.includeText ?? usual?.includeText } = own ?? {};
  const { effort, budgetTokens } = chosen;
  return {
    ...(effort !== undefined && { effort }),
    ...(budgetTokens !== undefined && { budgetTokens }),
    ...(includeText !== undefined && { includeText }),
  };
}

/** Some clients ask for the search by a function of its name. */
function withoutSearchFunction(request: ChatRequest, name: string | undefined): ChatRequest {
  const isSearch = (tool: Tool) => tool.type === 'function' && tool.name === name;
  if (name === undefined || !request.tools?.some(isSearch)) return request;
  const { toolChoice, tools, ...rest } = request;
  const others = tools.filter((tool) => !isSearch(tool));
  const isChosen = toolChoice?.type === 'tool' && toolChoice.name === name;
  const webSearch = request.webSearch ?? {};
  if (others.length === 0) return { ...rest, webSearch };
  return { ...rest, tools: others, ...(toolChoice && !isChosen && { toolChoice }), webSearch };
}

/** What upstreams have words of their own for. */
function withOwnFields(
  request: ChatRequest,
  { fields, filteredTags = [] }: { fields: GeminiFields; filteredTags: ChatOptions['filteredTags'] | undefined },
): Pick<ChatRequest, 'providerOptions'> {
  const own = withGeminiFields(request, fields);
  if (filteredTags.length === 0) return own;
  const { providerOptions = request.providerOptions } = own;
  return { providerOptions: { ...providerOptions, grok: { ...providerOptions?.['grok'], filteredTags } } };
}

/** Where the canonical form has a word, as for the search, it is not said twice. */
function withGeminiFields(
  { providerOptions }: ChatRequest,
  { tools, safetySettings, responseModalities }: GeminiFields,
): Pick<ChatRequest, 'providerOptions'> {
  const others = tools.filter((tool) => !('googleSearch' in tool));
  const own = providerOptions?.['gemini'];
  const config = own?.['generationConfig'];
  const added: Record<string, Json> = {
    ...(others.length > 0 && { tools: others }),
    ...(safetySettings && { safetySettings: [...safetySettings] }),
    ...(responseModalities && {
      generationConfig: { ...(isJsonObject(config) && config), responseModalities: [...responseModalities] },
    }),
  };
  if (Object.keys(added).length === 0) return {};
  return { providerOptions: { ...providerOptions, gemini: { ...added, ...own, ...pick(added, 'generationConfig') } } };
}

function pick(object: Record<string, Json>, name: string): JsonObject {
  const value = object[name];
  return value === undefined ? {} : { [name]: value };
}
