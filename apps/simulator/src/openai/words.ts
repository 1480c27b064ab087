/** One token of the simulator is a word with the white space before it. */
export function countWords(text: string): number {
  let words = 0;
  let isInWord = false;
  for (let index = 0; index < text.length; index += 1) {
    const isSpace = text.charCodeAt(index) <= 32;
    if (!isSpace && !isInWord) words += 1;
    isInWord = !isSpace;
  }
  return words;
}

export function splitWords(text: string): string[] {
  return text.match(/\s*\S+(?:\s+$)?/g) ?? (text === '' ? [] : [text]);
}

/** The text up to the end of the given word; undefined when it has no more words than that. */
export function cutAfterWords(text: string, words: number): string | undefined {
  let left = words;
  for (const match of text.matchAll(/\s*\S+/g)) {
    if (left === 0) return text.slice(0, match.index);
    left -= 1;
  }
  return undefined;
}

/** Cuts into exactly so many pieces (or one for each character, if those are fewer), at word ends where possible. */
export function splitInto(text: string, pieces: number): string[] {
  if (pieces === 0) return [];
  const words = splitWords(text);
  if (words.length >= pieces) return [...words.slice(0, pieces - 1), words.slice(pieces - 1).join('')];
  const characters = Array.from(text);
  const count = Math.min(pieces, characters.length);
  return Array.from({ length: count }, (_, index) =>
    characters
      .slice(Math.floor((index * characters.length) / count), Math.floor(((index + 1) * characters.length) / count))
      .join(''),
  );
}
