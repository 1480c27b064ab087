/** The first bytes of a body, and the body with them still in it. Reads no further than it must. */
export async function peekHead(
  body: AsyncIterable<Uint8Array>,
  bytes: number,
): Promise<{ head: Uint8Array; body: AsyncIterable<Uint8Array> }> {
  const source = body[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  let length = 0;
  while (length < bytes) {
    const next = await source.next();
    if (next.done) break;
    read.push(next.value);
    length += next.value.byteLength;
  }
  return { head: Buffer.concat(read).subarray(0, bytes), body: rejoin(read, source) };
}

async function* rejoin(read: readonly Uint8Array[], source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* read;
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
  } finally {
    await source.return?.();
  }
}
