/** Postgres stores neither NUL nor half a surrogate pair, and one such text would refuse its whole statement. */
export function storable(text: string): string {
  return text
    .replaceAll('\0', '\uFFFD')
    .replaceAll(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}
