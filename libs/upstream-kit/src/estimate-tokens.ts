const CHARACTERS_PER_TOKEN = 4;
/** Scripts without spaces: about one token a character. */
const DENSE = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]/gu;

/** About how many tokens a text is, for upstreams that do not tell. 0 for no text. */
export function estimateTokens(text: string): number {
  const dense = text.match(DENSE)?.length ?? 0;
  return dense + Math.ceil((text.length - dense) / CHARACTERS_PER_TOKEN);
}
