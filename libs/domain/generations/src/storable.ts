/** Postgres stores neither NUL nor half a surrogate pair, and one such text would refuse its whole statement. */
export function storable(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text
    .replaceAll('\0', '\uFFFD')
    .replaceAll(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}

/** Whole pairs, too: they are rare in names. */
const SUSPECT = /[\0\uD800-\uDFFF]/;
