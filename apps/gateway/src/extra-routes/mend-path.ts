const PREFIXED = /^(?:\/(?:v1beta\/openai|api|openai|v1))+(\/.*)$/;
const RESOURCE =
  /^\/(?:chat\/completions|completions|embeddings|messages|models|responses|images|videos|audio|moderations|generations|session|sessions|conversations|files)(?:\/|$)/;
/** The studio's own, not a mistyped base URL. */
const STUDIO = /^\/api\/(?:videos|auth)(?:\/|$)/;
const RIGHT = /^\/(?:api\/)?v1\/(?!v1\/|api\/|openai\/|v1beta\/)/;
/** Files of our own may lie at the root. */
const BARE = /^\/(?!files|session)/;
const GOOGLE = /^(?:\/(?:api|v1|v1beta))+(\/v1beta\/.*)$/;
const UNRESERVED = /%(?:2[DE]|3\d|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])/gi;

/**
 * A path as it was meant. Letters that were encoded without need are decoded, so that whoever looks at the path sees
 * what the router sees; doubled slashes are one; a base URL with `/v1` too much or too little makes the right path.
 */
export function mendPath(path: string): string {
  const plain = singleSlashes(path.includes('%') ? path.replace(UNRESERVED, decodeURIComponent) : path);
  if (RIGHT.test(plain) || STUDIO.test(plain)) return plain;
  const google = GOOGLE.exec(plain)?.[1];
  if (google !== undefined) return google;
  const resource = PREFIXED.exec(plain)?.[1];
  if (resource !== undefined && RESOURCE.test(resource)) return `/v1${resource}`;
  return BARE.test(plain) && RESOURCE.test(plain) ? `/v1${plain}` : plain;
}

const ANYWHERE =
  /\/(chat\/completions|completions|embeddings|messages(?:\/count_tokens)?|responses|models|images\/(?:generations|edits)|audio\/(?:speech|transcriptions)|videos)(?:\/|$)/;

/** The path that a caller of an unknown one may have meant. */
export function suggestPath(path: string): string | undefined {
  const resource = ANYWHERE.exec(singleSlashes(path))?.[1];
  return resource === undefined ? undefined : `/v1/${resource}`;
}

const GOOGLE_CALL = /\/(models\/[^/]+(?::|%3A)[a-z]+)$/i;
const GOOGLE_BELOW = /\/(v1beta\/(?:models|files)(?:\/.*)?)$/;
const OPENAI_BELOW =
  /\/(?:v1\/)?((?:chat\/completions|embeddings|responses|images\/generations|audio\/speech|models)\/?)$/;
/** What answers under these is never taken for a mistake. */
const SERVED =
  /^\/(?:admin|api|console|docs|health|healthz|livez|media|metrics|openapi\.json|readyz|upload|v1|v1beta|files|session|sessions|generations)(?:\/|$)/;

/** The route that the end of a path names, whatever it begins with; undefined where it is served as it is. */
export function nearestPath(path: string): string | undefined {
  if (SERVED.test(path)) return undefined;
  const google = GOOGLE_CALL.exec(path)?.[1];
  if (google !== undefined) return `/v1beta/${google}`;
  const below = GOOGLE_BELOW.exec(path)?.[1];
  if (below !== undefined) return `/${below}`;
  const openai = OPENAI_BELOW.exec(path)?.[1];
  return openai === undefined ? undefined : `/v1/${openai}`;
}

function singleSlashes(path: string): string {
  return path.includes('//') ? path.replace(/\/{2,}/g, '/') : path;
}
