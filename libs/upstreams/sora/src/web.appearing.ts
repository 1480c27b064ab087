import type { VideoRequest } from '@sluice/contracts/video';
import { readCharacter } from './web.character-operation.js';
import { unsupported } from './web.error.js';
import { MOST_CHARACTERS, type WebOptions } from './web.options.js';

/** Not the middle of an address. */
const MENTION = /(?<![\w.@])@(\w[\w.-]*)/g;

/** The site's ids of those who are to appear. Whoever the prompt mentions is found by the site itself, and counts as well. */
export function appearing(
  { characters = [], prompt }: VideoRequest,
  { characters: named = [] }: WebOptions,
): string[] | undefined {
  const ours = characters.map(({ operation }) => idOf(readCharacter(operation)));
  const ids = [...new Set([...ours, ...named])];
  const mentioned = new Set([...prompt.matchAll(MENTION)].map(([, name = '']) => name.toLowerCase()));
  if (ids.length > MOST_CHARACTERS) throw tooMany('characters');
  if (mentioned.size > MOST_CHARACTERS) throw tooMany('prompt');
  return ids.length === 0 ? undefined : ids;
}

function idOf({ characterId }: { characterId?: string | undefined }): string {
  if (characterId !== undefined) return characterId;
  throw unsupported('characters', 'This character was not finished.');
}

function tooMany(param: string) {
  return unsupported(param, `At most ${MOST_CHARACTERS} characters appear in a video of the website.`);
}
