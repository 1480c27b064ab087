import type { ChatRequest } from '@sluice/contracts/chat';
import type { ImageRequest } from '@sluice/contracts/image';
import { present } from '@sluice/contracts/present';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { namedMediaSchema, readNamedMedia } from '@sluice/contracts/named-media';
import { z } from 'zod';
import type { NamedPicture } from '../media/take-pictures.js';
import { withBarePicture } from './bare-picture.js';
import { agree, refuse } from './agree.js';
import { readLastWords, refuseFilms } from './last-words.js';

const MOST_PICTURES = 16;
const LARGEST_SIDE = 8_192;
const word = z.string().min(1).max(64).nullish();

/** How a client says what the pictures are to be, beside the conversation or in one object. */
const lookSchema = z.object({
  size: z.string().nullish(),
  aspect_ratio: z.string().nullish(),
  quality: word,
  style: word,
  background: z.enum(['transparent', 'opaque', 'auto']).nullish(),
  output_format: z.enum(['png', 'jpeg', 'webp']).nullish(),
  output_compression: z.int().min(0).max(100).nullish(),
});
const configSchema = lookSchema.extend({
  n: z.int().min(1).max(10).nullish(),
  image_size: word,
  resolution: word,
  response_format: z.enum(['url', 'b64_json', 'base64']).nullish(),
});
export const imageWishSchema = lookSchema.extend({
  n: z.int().min(1).max(10).nullish(),
  image: z.union([z.array(namedMediaSchema), namedMediaSchema]).nullish(),
  images: z.array(namedMediaSchema).nullish(),
  image_config: configSchema.nullish(),
});
type Wish = z.infer<typeof imageWishSchema>;

/** Top-level fields that have a meaning where pictures are made. */
export const IMAGE_FIELDS: ReadonlySet<string> = new Set(Object.keys(imageWishSchema.shape));

/** Pictures that a conversation asks for. */
export interface ImageWish {
  request: Omit<ImageRequest, 'pictures'>;
  /** What they are made from. */
  pictures: NamedPicture[];
  /** Whether they are wanted in the answer itself, where the client says it. */
  isInline: boolean | undefined;
}

/** A conversation with a model that makes pictures. Throws `invalid_request`. */
export function readImageWish(request: ChatRequest, body: object): ImageWish {
  const parsed = imageWishSchema.safeParse(withBarePicture(body));
  if (!parsed.success) throw schemaError(parsed.error, body);
  const wire = parsed.data;
  const config = wire.image_config ?? {};
  const { prompt, pictures, films } = readLastWords(request, body);
  refuseFilms(films);
  const all = [...namedIn(wire), ...pictures];
  const tooMany = all[MOST_PICTURES];
  if (tooMany) throw refuse(tooMany.field, `at most ${MOST_PICTURES} pictures are taken`);
  const format = config.response_format;
  return {
    request: {
      model: request.model,
      prompt,
      ...looksOf(wire, config),
      ...present({
        count: agree(['n', wire.n ?? request.choices], ['image_config.n', config.n]),
        metadata: request.metadata,
        endUser: request.endUser,
      }),
    },
    pictures: all,
    isInline: format == null ? undefined : format !== 'url',
  };
}

function looksOf(wire: Wish, config: z.infer<typeof configSchema>): Partial<ImageRequest> {
  const both = <Field extends keyof typeof lookSchema.shape>(field: Field) =>
    [
      [field, wire[field]],
      [`image_config.${field}`, config[field]],
    ] as [string, NonNullable<Wish[Field]> | null | undefined][];
  const [sizeField, sizeText] = both('size').find(([, text]) => text != null) ?? ['size', undefined];
  agree(...both('size'));
  const { size, aspectRatio } = readSize(sizeText, sizeField);
  const ratios = both('aspect_ratio').map(([field, text]) => [field, readRatio(text, field)] as const);
  return present({
    size,
    aspectRatio: size ? undefined : agree([sizeField, aspectRatio], ...ratios),
    resolution: agree(['image_config.resolution', config.resolution], ['image_config.image_size', config.image_size]),
    quality: agree(...both('quality')),
    style: agree(...both('style')),
    background: agree(...both('background')),
    format: agree(...both('output_format')),
    compression: agree(...both('output_compression')),
  });
}

const RATIO = /^[1-9]\d{0,3}(?:\.\d)?:[1-9]\d{0,3}(?:\.\d)?$/;

/** Some clients write a ratio there. */
function readSize(text: string | null | undefined, field: string): Pick<ImageRequest, 'size' | 'aspectRatio'> {
  if (text == null || text === 'auto') return {};
  if (RATIO.test(text)) return { aspectRatio: text };
  const [, width, height] = /^(\d{2,5})[x*×](\d{2,5})$/i.exec(text.trim()) ?? [];
  const size = { width: Number(width), height: Number(height) };
  if (Object.values(size).every((side) => side > 0 && side <= LARGEST_SIDE)) return { size };
  throw refuse(field, `expected WIDTHxHEIGHT of at most ${LARGEST_SIDE} a side, such as "1024x1024"`);
}

function readRatio(text: string | null | undefined, field: string): string | undefined {
  if (text == null || text === 'auto') return undefined;
  if (RATIO.test(text)) return text;
  throw refuse(field, 'expected WIDTH:HEIGHT, such as "16:9"');
}

function namedIn({ image, images }: Wish): NamedPicture[] {
  const single = Array.isArray(image) ? image : [];
  const lists = [...single.entries()].map(([index, each]) => ({ field: `image[${index}]`, value: each }));
  if (image != null && !Array.isArray(image)) lists.push({ field: 'image', value: image });
  for (const [index, value] of (images ?? []).entries()) lists.push({ field: `images[${index}]`, value });
  return lists.map(({ field, value }) => ({ field, from: readNamedMedia(value, field) }));
}
