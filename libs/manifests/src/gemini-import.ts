import { z } from 'zod';
import { balanceOptions } from './gemini-import-settings.js';
import type { ImportedCredential, ImportFormat } from './upstream-manifest.js';

/** As an environment has it: JSON in text, a list with commas, or a plain word. */
const listSchema = z.preprocess(toList, z.array(z.string().trim().min(1)));
const textSchema = z.string().trim().min(1).optional().catch(undefined);

const balanceSchema = z
  .object({
    API_KEYS: listSchema.optional(),
    VERTEX_API_KEYS: listSchema.optional(),
    PAID_KEY: textSchema,
    CREATE_IMAGE_MODEL: textSchema,
    BASE_URL: textSchema,
    VERTEX_EXPRESS_BASE_URL: textSchema,
    ALLOWED_TOKENS: listSchema.optional().catch(undefined),
  })
  .loose()
  .refine((one) => Object.keys(one).some((name) => MARKS.has(name)) || isOneRow(one));
type Balance = z.infer<typeof balanceSchema>;

const rowSchema = z.object({ key: z.string().regex(/^[A-Z][A-Z\d_]+$/), value: z.unknown() });

/** Where its environment names none. */
const USUAL_IMAGE_MODEL = 'imagen-3.0-generate-002';

/** What is its own, and nobody else's. */
const MARKS = new Set(['API_KEYS', 'VERTEX_API_KEYS', 'ALLOWED_TOKENS', 'AUTH_TOKEN', 'PAID_KEY', 'SEARCH_MODELS']);

/** A single row of its table, whatever it is about. */
const isOneRow = (one: object) => Object.keys(one).length === 1 && Object.keys(one).every(isVariable);

/** The names that its environments hold. */
const VARIABLES = `
  API_KEYS VERTEX_API_KEYS ALLOWED_TOKENS AUTH_TOKEN PAID_KEY SEARCH_MODELS BASE_URL CHECK_INTERVAL_HOURS
  CREATE_IMAGE_MODEL CUSTOM_HEADERS DATABASE_TYPE FILTERED_MODELS IMAGE_MODELS LOG_LEVEL MAX_FAILURES MAX_RETRIES
  PROXIES SAFETY_SETTINGS SHOW_SEARCH_LINK SHOW_THINKING_PROCESS SQLITE_DATABASE TEST_MODEL THINKING_BUDGET_MAP
  THINKING_MODELS TIMEZONE TIME_OUT TOOLS_CODE_EXECUTION_ENABLED UPLOAD_PROVIDER VERTEX_EXPRESS_BASE_URL
  ADMIN_SESSION_* AUTO_DELETE_* CLOUDFLARE_* ERROR_LOG_* FAKE_STREAM_* FILES_* GITHUB_* MYSQL_* OSS_* PICGO_*
  PROXIES_* SMMS_* STREAM_* TTS_* URL_*
`
  .trim()
  .split(/\s+/);

/** Gemini Balance: its `.env`, what its settings page reads, and its table of settings as `[{"key","value"}]`. */
export const geminiBalanceFormat: ImportFormat = {
  name: 'Gemini Balance settings',
  variables: VARIABLES,
  schema: z.preprocess(fromRows, balanceSchema).transform(credentialsOf),
  readRest(value) {
    const parsed = balanceSchema.safeParse(fromRows(value));
    if (!parsed.success) return undefined;
    return { apiKeys: parsed.data.ALLOWED_TOKENS ?? [], ...balanceOptions(parsed.data) };
  },
};

function credentialsOf(balance: Balance): ImportedCredential[] {
  const { API_KEYS = [], VERTEX_API_KEYS = [], PAID_KEY, BASE_URL, VERTEX_EXPRESS_BASE_URL } = balance;
  const { CREATE_IMAGE_MODEL = USUAL_IMAGE_MODEL } = balance;
  const one = (kind: string, baseUrl: string | undefined) => (apiKey: string) => ({
    kind,
    secret: { apiKey },
    ...(baseUrl !== undefined && { baseUrl }),
  });
  const paid = PAID_KEY !== undefined && !isPlaceholder(PAID_KEY) && !API_KEYS.includes(PAID_KEY) ? [PAID_KEY] : [];
  return [
    ...API_KEYS.map(one('api-key', BASE_URL)),
    // It paid for pictures there, and nobody expects bills for anything else.
    ...paid.map((apiKey) => ({ ...one('api-key', BASE_URL)(apiKey), label: 'paid key', models: [CREATE_IMAGE_MODEL] })),
    ...VERTEX_API_KEYS.map(one('vertex-express', VERTEX_EXPRESS_BASE_URL)),
  ];
}

function isVariable(name: string): boolean {
  return VARIABLES.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one));
}

/** The example's own, of which there is no key. */
function isPlaceholder(key: string): boolean {
  return /x{6}/i.test(key);
}

/** A table's rows, or one of them, as one object. */
function fromRows(value: unknown): unknown {
  const rows = z
    .array(rowSchema)
    .min(1)
    .safeParse(Array.isArray(value) ? value : [value]);
  return rows.success && rows.data.every(({ key }) => isVariable(key))
    ? Object.fromEntries(rows.data.map(({ key, value: held }) => [key, held]))
    : value;
}

function toList(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (text === '') return [];
  if (!text.startsWith('[')) return text.split(',').filter((part) => part.trim() !== '');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return value;
  }
}
