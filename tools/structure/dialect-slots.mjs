// @ts-check
// The same file names in every dialect: who knows one knows all.

const slots = ['schema', 'decode-request', 'encode-response', 'encode-stream', 'encode-error'];

/** Dialects that lack a slot by their nature. */
const exceptions = new Map([
  ['openai-embeddings', ['encode-stream']],
  ['openai-videos', ['encode-stream']], // answered at once; what comes of it is polled for
  ['openai-files', ['encode-stream']], // a file is there, or it is not
  ['openai-audio', slots.slice(0, -1)], // two calls, each with its own: speech-schema, decode-speech, decode-transcription …
  ['openai-models', ['decode-request', 'encode-stream']], // a GET without a body
]);

/** @type {import('./workspace.mjs').Rule} */
export function dialectSlots({ files, packages }) {
  const paths = new Set(files.map(({ path }) => path));
  return packages.flatMap(({ folder, tags }) => {
    if (!folder.startsWith('libs/wire/')) return [];
    const dialect = tags.find((tag) => tag.startsWith('dialect:'))?.slice('dialect:'.length);
    const name = folder.slice('libs/wire/'.length);
    if (dialect === 'shared') return [];
    if (dialect !== name) return [`${folder}/package.json: nx.tags must hold dialect:${name} (or dialect:shared)`];
    return slots
      .filter((slot) => !exceptions.get(name)?.includes(slot) && !paths.has(`${folder}/src/${slot}.ts`))
      .map((slot) => `${folder}: add src/${slot}.ts, or declare in tools/structure/dialect-slots.mjs why it has none`);
  });
}
