/** What a name that clients of Sora's gateways ask for makes: a film, a longer film, a picture, somebody to appear, or a better prompt. */
export type SoraWork = 'video' | 'extension' | 'image' | 'character' | 'enhance';
export type ExpansionLevel = 'short' | 'medium' | 'long';
export type Orientation = 'landscape' | 'portrait';

/** What such a name says, in the words of no vendor. Absent: it says nothing of it. */
export interface SoraName {
  work: SoraWork;
  /** The plain name of those who make it: its route serves all names of its class that have none of their own. */
  modelClass: string;
  seconds?: number;
  orientation?: Orientation;
  /** The larger of the two sizes that there were. */
  isLarge?: true;
  expansion?: ExpansionLevel;
}

const VIDEO = 'sora-2';
const PRO_VIDEO = 'sora-2-pro';
const IMAGE = 'gpt-image';
const ENHANCE = 'prompt-enhance';
const CHARACTER = 'avatar-create';

const ORIENTATIONS = ['landscape', 'portrait'] as const;
const LEVELS = ['short', 'medium', 'long'] as const;

/** The models that Sora2API listed, with what it asked for. There were no 25 seconds of the larger size. */
export const SORA2API_MODELS: ReadonlyMap<string, SoraName> = new Map<string, SoraName>([
  [IMAGE, { work: 'image', modelClass: IMAGE }],
  ...ORIENTATIONS.map((orientation) =>
    pair(`${IMAGE}-${orientation}`, { work: 'image', modelClass: IMAGE, orientation }),
  ),
  ...shaped('sora2', [10, 15, 25], { work: 'video', modelClass: VIDEO }),
  ...shaped('sora2pro', [10, 15, 25], { work: 'video', modelClass: PRO_VIDEO }),
  ...shaped('sora2pro-hd', [10, 15], { work: 'video', modelClass: PRO_VIDEO, isLarge: true }),
  ...[10, 15].map((seconds) => pair(`sora2-extension-${seconds}s`, { work: 'extension', modelClass: VIDEO, seconds })),
  ...LEVELS.flatMap((expansion) =>
    [10, 15, 20].map((seconds) =>
      pair(`${ENHANCE}-${expansion}-${seconds}s`, { work: 'enhance', modelClass: ENHANCE, seconds, expansion }),
    ),
  ),
  [CHARACTER, { work: 'character', modelClass: CHARACTER }],
]);

/** What the names of other gateways and of the API itself say. Undefined for a name that is none of Sora's. */
export function readSoraName(name: string): SoraName | undefined {
  return SORA2API_MODELS.get(name) ?? readVideoName(name) ?? readOldName(name);
}

/** `sora-2-pro-landscape-hd-15s`, `sora_video2-hd-portrait-15s`, `sora2-15s`, `sora-2-2025-12-08` … */
const VIDEO_NAME =
  /^sora(?:-|_video)?2(-?pro)?(?:-\d{4}-\d\d-\d\d)?(-hd)?(?:-(landscape|portrait))?(-hd)?(?:-([1-9]\d?)s)?$/;
const OLD_VIDEO_NAME = /^sora-video(?:-(landscape|portrait))?(?:-([1-9]\d?)s)?$/;
const OLD_IMAGE_NAME = /^sora-image(?:-(landscape|portrait))?$/;
/** As long as anybody ever offered. */
const LONGEST_SECONDS = 25;

function readVideoName(name: string): SoraName | undefined {
  const [match, pro, hd, orientation, laterHd, seconds] = VIDEO_NAME.exec(name) ?? [];
  if (match === undefined || (hd && laterHd)) return undefined;
  const isLarge = hd !== undefined || laterHd !== undefined;
  // Only the better model had the larger size.
  const modelClass = pro !== undefined || isLarge ? PRO_VIDEO : VIDEO;
  return video({ modelClass, orientation, seconds, size: isLarge ? { isLarge: true } : {} });
}

function readOldName(name: string): SoraName | undefined {
  const [image, imageOrientation] = OLD_IMAGE_NAME.exec(name) ?? [];
  if (image !== undefined) return { work: 'image', modelClass: IMAGE, ...orientationOf(imageOrientation) };
  const [match, orientation, seconds] = OLD_VIDEO_NAME.exec(name) ?? [];
  return match === undefined ? undefined : video({ modelClass: VIDEO, orientation, seconds, size: {} });
}

function video(said: {
  modelClass: string;
  orientation: string | undefined;
  seconds: string | undefined;
  size: Pick<SoraName, 'isLarge'>;
}): SoraName | undefined {
  const { modelClass, seconds, size } = said;
  if (Number(seconds ?? 0) > LONGEST_SECONDS) return undefined;
  return {
    work: 'video',
    modelClass,
    ...orientationOf(said.orientation),
    ...(seconds !== undefined && { seconds: Number(seconds) }),
    ...size,
  };
}

function orientationOf(word: string | undefined): Pick<SoraName, 'orientation'> {
  const orientation = ORIENTATIONS.find((each) => each === word);
  return orientation ? { orientation } : {};
}

function shaped(prefix: string, lengths: readonly number[], name: SoraName): [string, SoraName][] {
  return ORIENTATIONS.flatMap((orientation) =>
    lengths.map((seconds) => pair(`${prefix}-${orientation}-${seconds}s`, { ...name, orientation, seconds })),
  );
}

function pair(id: string, name: SoraName): [string, SoraName] {
  return [id, name];
}
