// @ts-check
// `node tools/cut-openai-description.mjs FILE COMMIT`: FILE is `openapi.json` of github.com/openai/openai-openapi at COMMIT.
// Writes what the conformance suite checks answers against: the schemas of the answers that we give, and those they
// refer to. Prose, examples and the makers' own notes are left out; nothing is changed.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const target = new URL('../apps/e2e/src/conformance/__fixtures__/openai-description/schemas.json', import.meta.url);
const answers = [
  'CreateChatCompletionResponse',
  'CreateChatCompletionStreamResponse',
  'Response',
  'ResponseStreamEvent',
  'ResponseItemList',
  'TokenCountsResource',
  'CreateEmbeddingResponse',
  'ListModelsResponse',
  'Model',
  'CreateModerationResponse',
  'ErrorResponse',
  'CreateTranscriptionResponseJson',
  'CreateTranscriptionResponseVerboseJson',
  'CreateTranscriptionResponseStreamEvent',
  'OpenAIFile',
  'ListFilesResponse',
  'DeleteFileResponse',
  'ImagesResponse',
  'ImageGenStreamEvent',
  'ImageEditStreamEvent',
  'VideoResource',
  'VideoListResource',
  'DeletedVideoResource',
  'Batch',
  'ListBatchesResponse',
];
const prose = /^(description|example|examples|externalDocs|deprecated|title|default|x-.*)$/;
/** Below these, keys are names of properties, whatever they read like. */
const named = new Set(['properties', 'patternProperties', '$defs']);

const [file, commit] = process.argv.slice(2);
if (file === undefined || commit === undefined) throw new Error('FILE and COMMIT are wanted');
const document = JSON.parse(readFileSync(file, 'utf8'));

/** @type {Record<string, unknown>} */
const schemas = {};
for (const name of answers) take(name);
const { title, version, license } = document.info;
const cut = { info: { title, version, license, commit }, components: { schemas: sorted(schemas) } };
writeFileSync(target, `${JSON.stringify(cut)}\n`);
process.stdout.write(`${Object.keys(schemas).length} schemas in ${fileURLToPath(target)}\n`);

/** @param {string} name */
function take(name) {
  if (name in schemas) return;
  const schema = document.components.schemas[name];
  if (schema === undefined) throw new Error(`there is no schema ${name}`);
  schemas[name] = withoutProse(schema);
  for (const [, found] of JSON.stringify(schemas[name]).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
    take(/** @type {string} */ (found));
}

/** @param {unknown} value @param {boolean} [isNamed] @returns {unknown} */
function withoutProse(value, isNamed = false) {
  if (Array.isArray(value)) return value.map((each) => withoutProse(each));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => isNamed || !prose.test(key));
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutProse(each, !isNamed && named.has(key))]));
}

/** @param {Record<string, unknown>} members */
function sorted(members) {
  return Object.fromEntries(Object.entries(members).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
