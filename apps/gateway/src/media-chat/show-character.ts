import type { StoredMedia } from '@sluice/contracts/stored-media';
import { type Character, toCharacterCard } from '../characters/character-view.js';

/** One line that programs read, and one for people. */
export function showCharacter(character: Character, link: (media: StoredMedia) => string): readonly string[] {
  const [picture] = character.files;
  const card = toCharacterCard(character, picture && link(picture.media));
  return [`${JSON.stringify(card)}\n`, `\n${summary(character)}\n`];
}

function summary({ facts }: Character): string {
  const { username, displayName } = facts;
  const name = typeof displayName === 'string' ? displayName : 'The character';
  if (typeof username !== 'string') return `${name} is made. Name its id in 'characters' to let it appear.`;
  return `${name} is made. Write @${username} into a prompt to let it appear.`;
}
