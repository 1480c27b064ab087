/** How files of these sorts begin in base64. */
const BEGINNINGS = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['UklGR', 'image/webp'],
] as const;
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

/** Clients of Sora2API send a picture in `image` as bare base64: told as the data URL that it is. Anything else is left as it is. */
export function withBarePicture<Body extends object>(body: Body): Body {
  const image: unknown = 'image' in body ? body.image : undefined;
  if (typeof image !== 'string') return body;
  const type = typeOf(image);
  return type === undefined ? body : { ...body, image: `data:${type};base64,${image.replaceAll(/\s/g, '')}` };
}

function typeOf(text: string): string | undefined {
  const [, type] = BEGINNINGS.find(([beginning]) => text.startsWith(beginning)) ?? [];
  return type !== undefined && BASE64.test(text) ? type : undefined;
}
