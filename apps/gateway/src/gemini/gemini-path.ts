const METHODS = 'generateContent|streamGenerateContent|countTokens|embedContent|batchEmbedContents|predictLongRunning';

/** Addresses under which other gateways, and other versions of Google's API, serve the same. */
const ALIASES: readonly (readonly [RegExp, string])[] = [
  [/^\/(?:gemini|vertex-express)\/((?:upload\/)?v1beta(?:\/|$))/, '/$1'],
  [/^\/(?:hf|openai)\/(v1(?:\/|$))/, '/$1'],
  [/^\/v1(?:beta1?|alpha)?\/publishers\/google\/(models(?:\/|$))/, '/v1beta/$1'],
  [new RegExp(`^/v1(?:alpha)?/(models/.+(?::|%3A)(?:${METHODS}))$`, 'i'), '/v1beta/$1'],
  [/^\/v1(?:alpha)?\/(models\/.+\/operations\/.+)$/, '/v1beta/$1'],
  [/^\/v1alpha\/(models(?:\/|$))/, '/v1beta/$1'],
];

/** The path that serves what this one asks for; undefined where it is none of these. */
export function geminiPath(path: string): string | undefined {
  const alias = ALIASES.find(([pattern]) => pattern.test(path));
  return alias && path.replace(alias[0], alias[1]);
}
