import type { ImportedRest } from './upstream-manifest.js';

type Settings = Readonly<Record<string, unknown>>;

/** What the settings of a Gemini Balance are here, and which of them have no equal. */
export function balanceOptions(balance: Settings): Omit<ImportedRest, 'apiKeys'> {
  const rows = [...thinkingRows(balance), ...commonRows(balance)];
  const suffixes = suffixRules(balance);
  const settings = present({
    MODEL_SUFFIXES: suffixes.length > 0 ? suffixes : undefined,
    MODEL_OPTIONS: rows.length > 0 ? rows : undefined,
    FILTERED_MODELS: some(list(balance['FILTERED_MODELS'])),
    PROXIES: proxiesOf(balance),
    UPSTREAM_HEADERS: headersOf(balance),
    ATTEMPTS: attemptsOf(balance),
    LOG_LEVEL: levelOf(balance),
    IMAGE_MODEL: text(balance['CREATE_IMAGE_MODEL']),
    MEND_PREFIXES: isOn(balance['URL_NORMALIZATION_ENABLED']) ? true : undefined,
    HEARTBEAT_MS: isOn(balance['FAKE_STREAM_ENABLED'])
      ? (number(balance['FAKE_STREAM_EMPTY_DATA_INTERVAL_SECONDS']) ?? 5) * 1_000
      : undefined,
  });
  const left = Object.keys(balance).filter((name) => !READ.has(name));
  return { settings, left: left.toSorted() };
}

const READ = new Set(
  `
  API_KEYS VERTEX_API_KEYS PAID_KEY BASE_URL VERTEX_EXPRESS_BASE_URL ALLOWED_TOKENS SEARCH_MODELS IMAGE_MODELS
  THINKING_MODELS CREATE_IMAGE_MODEL THINKING_BUDGET_MAP SHOW_THINKING_PROCESS SHOW_SEARCH_LINK SAFETY_SETTINGS
  TOOLS_CODE_EXECUTION_ENABLED URL_CONTEXT_ENABLED URL_CONTEXT_MODELS FILTERED_MODELS PROXIES CUSTOM_HEADERS
  MAX_RETRIES PROXIES_USE_CONSISTENCY_HASH_BY_API_KEY URL_NORMALIZATION_ENABLED FAKE_STREAM_ENABLED
  FAKE_STREAM_EMPTY_DATA_INTERVAL_SECONDS STREAM_OPTIMIZER_ENABLED STREAM_CHUNK_SIZE STREAM_MIN_DELAY STREAM_MAX_DELAY LOG_LEVEL
`
    .trim()
    .split(/\s+/),
);

const GEMINI = ['gemini-*'];
const PAINTING = { responseModalities: ['TEXT', 'IMAGE'], system: 'drop' };

function suffixRules(balance: Settings): object[] {
  const search = list(balance['SEARCH_MODELS']);
  const image = list(balance['IMAGE_MODELS']);
  const thinking = list(balance['THINKING_MODELS']);
  const maker = text(balance['CREATE_IMAGE_MODEL']);
  const sources = isOn(balance['SHOW_SEARCH_LINK']) ? { sources: 'append' } : {};
  return [
    ...rule('-search', search, { tools: ['google_search'], ...sources }),
    ...['-image', '-image-generation'].flatMap((suffix) => rule(suffix, image, PAINTING)),
    ...rule('-non-thinking', thinking, { reasoning: { effort: 'none' } }),
    ...rule('-chat', maker === undefined ? [] : [maker], {}),
  ];
}

function rule(suffix: string, models: readonly string[], apply: object): object[] {
  return models.length === 0 ? [] : [{ suffix, models, isListed: suffix !== '-image-generation', apply }];
}

function thinkingRows(balance: Settings): object[] {
  const budgets = object(balance['THINKING_BUDGET_MAP']);
  return Object.entries(budgets).flatMap(([model, budget]) => {
    const budgetTokens = number(budget);
    return budgetTokens === undefined
      ? []
      : [{ models: [model], apply: { reasoning: thinkingOf(balance, budgetTokens) } }];
  });
}

function thinkingOf(balance: Settings, budgetTokens: number): object {
  const shown = balance['SHOW_THINKING_PROCESS'];
  return {
    budgetTokens: Math.max(-1, Math.trunc(budgetTokens)),
    ...(shown !== undefined && { includeText: isOn(shown) }),
  };
}

function commonRows(balance: Settings): object[] {
  const safety = list(balance['SAFETY_SETTINGS'], isSafetySetting);
  const pages = list(balance['URL_CONTEXT_MODELS']);
  const code = isOn(balance['TOOLS_CODE_EXECUTION_ENABLED']);
  const common = {
    ...(safety.length > 0 && { safetySettings: safety.map(({ category, threshold }) => ({ category, threshold })) }),
    ...(code && { tools: ['code_execution'] }),
    ...(isOn(balance['FAKE_STREAM_ENABLED']) && { upstreamStream: 'gathered' }),
    ...(isOn(balance['STREAM_OPTIMIZER_ENABLED']) && { typing: typingOf(balance) }),
    functions: 'alone',
    searchFunction: 'googleSearch',
  };
  const tools = [...(code ? ['code_execution'] : []), 'url_context'];
  return [
    { models: GEMINI, apply: common },
    ...(isOn(balance['URL_CONTEXT_ENABLED']) && pages.length > 0 ? [{ models: pages, apply: { tools } }] : []),
  ];
}

/** There a delay is any between two, in seconds, and only long texts come in pieces of that size. */
function typingOf(balance: Settings): object {
  const characters = number(balance['STREAM_CHUNK_SIZE']);
  const [least, most] = [number(balance['STREAM_MIN_DELAY']), number(balance['STREAM_MAX_DELAY'])];
  const delayMs = least === undefined || most === undefined ? undefined : ((least + most) / 2) * 1_000;
  return present({
    characters: characters === undefined ? undefined : within(characters, 200),
    delayMs: delayMs === undefined ? undefined : within(delayMs, 1_000),
  });
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(1, Math.round(value)));
}

function isSafetySetting(value: unknown): value is { category: string; threshold: string } {
  const { category, threshold } = object(value);
  return typeof category === 'string' && typeof threshold === 'string';
}

function proxiesOf(balance: Settings): object | undefined {
  const proxies = some(list(balance['PROXIES']));
  return proxies && { gemini: proxies };
}

function headersOf(balance: Settings): object | undefined {
  const headers = object(balance['CUSTOM_HEADERS']);
  return Object.keys(headers).length > 0 ? { gemini: headers } : undefined;
}

function attemptsOf(balance: Settings): object | undefined {
  const retries = number(balance['MAX_RETRIES']);
  return retries === undefined || retries < 1 ? undefined : { elsewhere: Math.min(100, Math.trunc(retries)), again: 3 };
}

function levelOf(balance: Settings): string | undefined {
  const level = text(balance['LOG_LEVEL'])?.toLowerCase().replace('warning', 'warn').replace('critical', 'error');
  return level !== undefined && ['debug', 'info', 'warn', 'error'].includes(level) ? level : undefined;
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function list(value: unknown): string[];
function list<Entry>(value: unknown, is: (entry: unknown) => entry is Entry): Entry[];
function list(value: unknown, is: (entry: unknown) => boolean = isText): unknown[] {
  const read = parsed(value);
  if (Array.isArray(read)) return read.filter(is);
  return isText(read)
    ? read
        .split(',')
        .map((part) => part.trim())
        .filter(is)
    : [];
}

function object(value: unknown): Settings {
  const read = parsed(value);
  return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Settings) : {};
}

function number(value: unknown): number | undefined {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
}

function text(value: unknown): string | undefined {
  return isText(value) ? value.trim() : undefined;
}

function isOn(value: unknown): boolean {
  return value === true || (typeof value === 'string' && /^(?:true|1|yes|on)$/i.test(value.trim()));
}

function some<Entry>(entries: Entry[]): Entry[] | undefined {
  return entries.length > 0 ? entries : undefined;
}

function present(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
