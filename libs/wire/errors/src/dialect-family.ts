import type { DialectFamily } from '@sluice/contracts/dialect';

/**
 * Whose error shape a path's caller can read. Never throws, whatever the path: it serves unknown ones too.
 * `/v1/models` belongs to two families; only Anthropic's clients name a version.
 */
export function familyOfPath(path: string, headers: Readonly<Record<string, unknown>> = {}): DialectFamily {
  if (STUDIO_PATH.test(path)) return 'studio';
  if (GOOGLE_PATH.test(path)) return 'google';
  if (ANTHROPIC_PATH.test(path)) return 'anthropic';
  if ((MODELS_PATH.test(path) || MESSAGES_ANYWHERE.test(path)) && hasText(headers['anthropic-version']))
    return 'anthropic';
  return 'openai';
}

/** All of /api but the aliases of /v1. */
const STUDIO_PATH = /^\/api(?:\/(?!v1(?:[/?]|$))|\?|$)/;
const GOOGLE_PATH = /^\/(?:(?:upload\/)?v1beta|upload\/resumable)(?:[/?]|$)/;
const ANTHROPIC_PATH = /^(?:\/api)?\/v1\/messages(?:[/?]|$)/;
/** Of a base URL that was mistyped. */
const MESSAGES_ANYWHERE = /\/messages(?:\/count_tokens)?\/?(?:\?|$)/;
const MODELS_PATH = /^(?:\/api)?\/v1\/models(?:[/?]|$)/;

function hasText(header: unknown): boolean {
  return typeof header === 'string' && header !== '';
}
