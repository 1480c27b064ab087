import type { Settings } from '@sluice/domain-settings/settings';

/** Where the chat is served when nobody set anything. */
const CHAT = '/v1/chat/completions';
const OWN_PATHS = [CHAT, `/api${CHAT}`];
/** No route serves it. */
const REPLACED = '/v1/.replaced';

export interface ChatPaths {
  replace: readonly string[];
  prefix: readonly string[];
  append: readonly string[];
}

/** What a path that was called stands for. Only what differs from the path itself is in it. */
export type ChatPathTable = ReadonlyMap<string, string>;

export function readChatPaths(settings: Pick<Settings, 'get'>): ChatPaths {
  return {
    replace: settings.get('REPLACE_CHAT'),
    prefix: settings.get('PREFIX_CHAT'),
    append: settings.get('APPEND_CHAT'),
  };
}

/** Prefixes and further paths only add; a replacement leaves nothing but itself. */
export function createChatPathTable({ replace, prefix, append }: ChatPaths): ChatPathTable {
  if (replace.length === 0) {
    const prefixed = prefix.flatMap((one) => OWN_PATHS.map((path) => one + path));
    return new Map([...prefixed, ...append].filter((path) => !OWN_PATHS.includes(path)).map((path) => [path, CHAT]));
  }
  const gone = OWN_PATHS.map((path) => [path, REPLACED] as const);
  return new Map([...gone, ...replace.map((path) => [path, CHAT] as const)]);
}
