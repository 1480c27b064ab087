import type { JsonObject } from '@sluice/contracts/json';
import type { VideoReference, VideoRequest } from '@sluice/contracts/video';
import { appearing } from './web.appearing.js';
import { unsupported } from './web.error.js';
import { MOST_REFERENCES, readOptions, type WebOptions } from './web.options.js';

const FRAMES_PER_SECOND = 30;
const SECONDS = [10, 15, 25];
const EXTENSION_SECONDS = [10, 15];
const LARGE_SECONDS = [10, 15];

interface WebModel {
  name: string;
  usualSeconds: number;
  hasLarge: boolean;
}
const MODELS: Readonly<Record<string, WebModel>> = {
  'sora-2': { name: 'sy_8', usualSeconds: 10, hasLarge: false },
  'sora-2-25s': { name: 'sy_8', usualSeconds: 25, hasLarge: false },
  'sora-2-pro': { name: 'sy_ore', usualSeconds: 10, hasLarge: true },
};

export type Orientation = 'portrait' | 'landscape' | 'square';

/** A video in the website's words. Absent from a derived one is what its source decides. */
export interface WebVideo {
  kind: 'create' | 'storyboard' | 'remix' | 'extension';
  prompt: string;
  seconds: number;
  model: string;
  orientation: Orientation;
  size: 'small' | 'large';
  options: WebOptions;
  /** Ids of those who are to appear. */
  characters: readonly string[] | undefined;
}

const SHAPES: Readonly<Record<string, Pick<WebVideo, 'orientation' | 'size'>>> = {
  '720x1280': { orientation: 'portrait', size: 'small' },
  '1280x720': { orientation: 'landscape', size: 'small' },
  '1080x1920': { orientation: 'portrait', size: 'large' },
  '1920x1080': { orientation: 'landscape', size: 'large' },
};
const RATIOS: Readonly<Record<string, Orientation>> = { '9:16': 'portrait', '16:9': 'landscape', '1:1': 'square' };
const SMALL = /^(?:small|sd|standard|720p)$/i;
const LARGE = /^(?:large|hd|high|1080p)$/i;

/** What the website cannot make is refused before anything is sent, with what it can; nothing is changed in silence. */
export function toWebVideo(request: VideoRequest, modelName: string): WebVideo {
  const options = readOptions(request.providerOptions?.['sora']);
  const kind = kindOf(request, options);
  const model = MODELS[modelName];
  if (model === undefined) throw unsupported('model', `The website's models are ${Object.keys(MODELS).join(', ')}.`);
  const shape = shapeOf(request);
  const video = {
    kind,
    options,
    characters: appearing(request, options),
    model: model.name,
    seconds: request.durationSeconds ?? (kind === 'extension' ? 10 : model.usualSeconds),
    prompt: options.storyboard ? storyboardPrompt(request.prompt, options.storyboard) : request.prompt,
    ...shape,
  };
  refuse(request, { video, model });
  return video;
}

/** The body of the call that is paid; `post` is the one that is remixed. */
export function createBody(
  video: WebVideo,
  more: { inpaintItems: JsonObject[]; references?: readonly string[]; post?: string },
): JsonObject {
  const { prompt, orientation, seconds, model, options, kind, size, characters } = video;
  const { style, reference_ids: told = [] } = options;
  const references = [...told, ...(more.references ?? [])].map((id) => ({ kind: 'reference', reference_id: id }));
  const inpaint = [...more.inpaintItems, ...references];
  const shared = {
    kind: 'video',
    prompt,
    orientation,
    n_frames: seconds * FRAMES_PER_SECOND,
    model,
    inpaint_items: inpaint,
    remix_target_id: more.post ?? null,
    style_id: style ?? null,
  };
  if (kind === 'remix') return { ...shared, cameo_ids: [...(characters ?? [])], cameo_replacements: {} };
  const rest = {
    size,
    metadata: null,
    cameo_ids: characters ? [...characters] : null,
    cameo_replacements: null,
    storyboard_id: null,
  };
  const untold = { audio_caption: null, audio_transcript: null, video_caption: null };
  return { ...shared, ...rest, ...untold, title: kind === 'storyboard' ? 'Draft your video' : null };
}

function kindOf({ source, references = [] }: VideoRequest, options: WebOptions): WebVideo['kind'] {
  if (source?.relation === 'edit')
    throw unsupported('video', 'The website remixes and extends videos; it does not edit them.');
  const named = (['remix_target_id', 'extend_generation_id'] as const).find((field) => options[field] !== undefined);
  if (source && named) throw unsupported(named, 'What the video starts from is named twice, and may be two films.');
  const isRemix = source?.relation === 'remix' || options.remix_target_id !== undefined;
  const isExtension = source?.relation === 'extension' || options.extend_generation_id !== undefined;
  const kinds = [isRemix && 'remix', isExtension && 'extension', options.storyboard && 'storyboard'] as const;
  const told = kinds.filter((kind) => typeof kind === 'string');
  if (told.length > 1) throw unsupported(told[1] ?? '', `The website makes a ${told.join(' or ')}, not both at once.`);
  if (told.some((kind) => kind !== 'storyboard') && references.length > 0)
    throw unsupported(
      references.some(({ role }) => role === 'reference') ? 'references' : 'input_reference',
      'The website takes no picture for what starts from a video.',
    );
  return told[0] ?? 'create';
}

function shapeOf(request: VideoRequest): Pick<WebVideo, 'orientation' | 'size'> {
  const { size, aspectRatio = '9:16', resolution } = request;
  if (size !== undefined) {
    const shape = SHAPES[`${size.width}x${size.height}`];
    if (shape) return shape;
    throw unsupported('size', `The website makes videos of ${Object.keys(SHAPES).join(', ')}.`);
  }
  const orientation = RATIOS[aspectRatio];
  if (orientation === undefined)
    throw unsupported('aspect_ratio', `The website makes videos of ${Object.keys(RATIOS).join(', ')}.`);
  if (resolution === undefined || SMALL.test(resolution)) return { orientation, size: 'small' };
  if (LARGE.test(resolution)) return { orientation, size: 'large' };
  throw unsupported('resolution', 'The website makes videos of 720p (small) and 1080p (large).');
}

function refuse(
  { references = [], durationSeconds }: VideoRequest,
  { video, model }: { video: WebVideo; model: WebModel },
): void {
  const { kind, seconds, size, options } = video;
  const counted = (wanted: VideoReference['role']) => references.filter(({ role }) => role === wanted).length;
  if (counted('first-frame') > 1 || counted('last-frame') > 0)
    throw unsupported('input_reference', 'The website starts a video from one picture.');
  if (counted('reference') + (options.reference_ids?.length ?? 0) > MOST_REFERENCES)
    throw unsupported('references', `The website looks at ${MOST_REFERENCES} references at most.`);
  if (size === 'large' && (!model.hasLarge || kind === 'remix'))
    throw unsupported('size', 'The website makes 1080p with the model sora-2-pro alone, and of no remix.');
  const other = kind === 'extension' && (options.style ? 'style' : options.reference_ids && 'reference_ids');
  if (other)
    throw unsupported(other, 'The website goes on from a video as it is: an extension has words and a length.');
  if (kind === 'extension' && video.characters)
    throw unsupported('characters', 'The website goes on from a video with those who are in it.');
  const able = kind === 'extension' ? EXTENSION_SECONDS : size === 'large' ? LARGE_SECONDS : SECONDS;
  if (!able.includes(seconds)) {
    const what = kind === 'extension' ? 'extensions' : size === 'large' ? 'videos in 1080p' : 'videos';
    const usual = durationSeconds === undefined ? ' Name one of them.' : '';
    throw unsupported('seconds', `The website makes ${what} of ${able.join(', ')} seconds.${usual}`);
  }
}

function storyboardPrompt(
  prompt: string,
  { instructions = prompt, shots }: NonNullable<WebOptions['storyboard']>,
): string {
  const told = shots.map(
    ({ seconds, scene }, index) => `Shot ${index + 1}:\nduration: ${seconds}sec\nScene: ${scene.trim()}`,
  );
  const timeline = told.join('\n\n');
  const words = instructions.trim();
  return words === '' ? timeline : `current timeline:\n${timeline}\n\ninstructions:\n${words}`;
}
