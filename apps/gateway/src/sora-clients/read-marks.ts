import { present } from '@sluice/contracts/present';

/** One scene of a storyboard. */
export type Shot = { seconds: number; scene: string };

/** What clients of Sora's gateways write among the words of a prompt. */
export interface SoraMarks {
  /** Without the marks. */
  prompt: string;
  style?: string;
  storyboard?: { instructions: string; shots: Shot[] };
  /** A film made here, by its id or a link to it. */
  generationId?: string;
  /** A post of the website's. */
  postId?: string;
  /** A draft of the website's. */
  draftId?: string;
}

/** The website's own, in both of the sets that were seen. */
const STYLES = new Set(
  (
    'festive kakalaka news selfie handheld golden anime retro nostalgic comic ' +
    'high_def kpop cartoon2 selfie3 animated sitcom'
  ).split(' '),
);
const OWN = /(?:^|[^0-9a-z])(?:video|gen)_([0-9a-f]{32})(?![0-9a-z])/i;
const POST = /(?:^|[^0-9a-z])(s_[0-9a-f]{32})(?![0-9a-z])/i;
const DRAFT = /^(gen_[A-Za-z0-9]+)$/;
const STYLE = /\{([a-z_\d]{1,32})\}/gi;
const MARK = /\[(\d{1,4}(?:\.\d{1,3})?)s\]/;

/** Reads and takes out what has a meaning; what has none stays among the words. */
export function readMarks(text: string): SoraMarks {
  const found: { generationId?: string; postId?: string; draftId?: string } = {};
  const named = text.replaceAll(/\S+/g, (word) => (takeName(word, found) ? '' : word));
  const { prompt, style } = takeStyle(named);
  const isShorter = prompt !== text;
  const words = isShorter ? prompt.replaceAll(/[ \t]{2,}/g, ' ').trim() : text;
  return { prompt: words, ...found, ...present({ style, storyboard: readStoryboard(words) }) };
}

/** The first of each counts. */
function takeName(word: string, found: Pick<SoraMarks, 'generationId' | 'postId' | 'draftId'>): boolean {
  const digits = OWN.exec(word)?.[1];
  if (digits !== undefined) found.generationId ??= `gen_${digits.toLowerCase()}`;
  const post = POST.exec(word)?.[1];
  if (post !== undefined) found.postId ??= post.toLowerCase();
  const draft = digits === undefined ? DRAFT.exec(word)?.[1] : undefined;
  if (draft !== undefined) found.draftId ??= draft;
  return (digits ?? post ?? draft) !== undefined;
}

function takeStyle(text: string): { prompt: string; style: string | undefined } {
  let style: string | undefined;
  const prompt = text.replaceAll(STYLE, (mark, word: string) => {
    if (style !== undefined || !STYLES.has(word.toLowerCase())) return mark;
    style = word.toLowerCase();
    return '';
  });
  return { prompt, style };
}

/** `[5.0s]a cat [5s]a dog`: what stands before the first mark holds for all of it. */
function readStoryboard(text: string): SoraMarks['storyboard'] {
  const [instructions = '', ...told] = text.split(MARK);
  const shots: Shot[] = [];
  for (let index = 0; index < told.length; index += 2)
    shots.push({ seconds: Number(told[index]), scene: (told[index + 1] ?? '').trim() });
  return shots.length === 0 ? undefined : { instructions: instructions.trim(), shots };
}
