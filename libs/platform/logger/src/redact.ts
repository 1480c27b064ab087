/** The ONE place that knows what must not be read in logs. Works on text, so it sees every depth, message and stack. */
export function redactText(line: string): string {
  return line
    .replace(NAMED_VALUE, '$1[redacted]"')
    .replace(NAMED_GROUP, '$1"[redacted]"')
    .replace(ESCAPED_NAMED_VALUE, '$1[redacted]\\"')
    .replace(SCHEME, '$1[redacted]')
    .replace(KEY, '$1-[redacted]')
    .replace(URL_CREDENTIALS, '$1[redacted]@')
    .replace(QUERY_VALUE, '$1[redacted]')
    .replace(DATA_URI, (_all, head: string, data: string) => `${head}[${data.length} characters]`);
}

const NAMES = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-goog-api-key',
  'api[-_]?key',
  'secret',
  'client[-_]?secret',
  'password',
  'master[-_]?key',
  '(?:access|refresh|session|id|admin)[-_]?token',
  'sso',
].join('|');

/** `"apiKey":"…"` */
const NAMED_VALUE = new RegExp(`("(?:${NAMES})":\\s*")(?:[^"\\\\]|\\\\.)*"`, 'gi');
/** `"secret":{…}`, `"set-cookie":["…"]`: one level deep; deeper ones meet the rules for their own members. */
const NAMED_GROUP = new RegExp(
  `("(?:${NAMES})":\\s*)(?:\\{(?:"(?:[^"\\\\]|\\\\.)*"|[^"{}])*\\}|\\[(?:"(?:[^"\\\\]|\\\\.)*"|[^"[\\]])*\\])`,
  'gi',
);
/** The same inside JSON that was logged as a string. */
const ESCAPED_NAMED_VALUE = new RegExp(`(\\\\"(?:${NAMES})\\\\":\\s*\\\\")[^"\\\\]*\\\\"`, 'gi');
const SCHEME = /\b(Bearer |Basic )[\w.~+/=-]{6,}/gi;
const KEY = /\b(sk|xai|AIza)[-_]?[\w-]{20,}/g;
const URL_CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/"@]+@/gi;
/** Keys and signatures in a URL's query, those of signed storage links included. */
const QUERY_VALUE =
  /([?&](?:key|api[-_]?key|token|access_token|sig|signature|se|sv|policy|(?:x-amz|x-goog|x-oss)-[a-z-]+|googleaccessid|awsaccesskeyid|key-pair-id|expires)=)[^&\s"'\\<>]+/gi;
const DATA_URI = /(data:[\w.+-]+\/[\w.+-]+(?:;[\w=.+-]+)*,)([\w+/=%-]{32,})/gi;
