import fc from 'fast-check';

/** Each name of a message of the API, with values that a model of Google's takes. */
type Fields = Record<string, fc.Arbitrary<unknown>>;

const word = fc.stringMatching(/^[A-Za-zäß 0-9]{1,12}$/);
const id = fc.stringMatching(/^[a-z][a-z0-9]{2,8}$/);
const base64 = fc.uint8Array({ minLength: 1, maxLength: 24 }).map((bytes) => Buffer.from(bytes).toString('base64'));
// What would change an object's nature is refused as no JSON, before anything reads it.
const harmless = fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes('"__proto__"'));
const json = fc.dictionary(id, harmless, { maxKeys: 3 });
const signature = base64;

/** Any of the fields, or none. */
function some(fields: Fields): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(fields, { requiredKeys: [] });
}

function message(required: Fields, optional: Fields = {}): fc.Arbitrary<Record<string, unknown>> {
  return fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) });
}

const schema = message(
  { type: fc.constantFrom('STRING', 'NUMBER', 'INTEGER', 'BOOLEAN') },
  { title: word, description: word, nullable: fc.boolean(), example: word, default: word },
);
const objectSchema = message(
  { type: fc.constant('OBJECT'), properties: fc.dictionary(id, schema, { minKeys: 1, maxKeys: 3 }) },
  { description: word },
);

const beside = { partMetadata: json };
const said = fc.oneof(
  message({ text: word }, beside),
  message(
    { inlineData: fc.record({ mimeType: fc.constantFrom('image/png', 'audio/wav', 'application/pdf'), data: base64 }) },
    { ...beside, mediaResolution: fc.constant({ level: 'MEDIA_RESOLUTION_LOW' }) },
  ),
  message(
    {
      fileData: fc.record({
        mimeType: fc.constant('video/mp4'),
        fileUri: fc.constant('https://www.youtube.com/watch?v=x'),
      }),
    },
    {
      ...beside,
      videoMetadata: some({
        startOffset: fc.constant('1s'),
        endOffset: fc.constant('9s'),
        fps: fc.integer({ min: 1, max: 5 }),
      }),
    },
  ),
);
const answered = fc.oneof(
  message({ text: word }, { thought: fc.boolean(), thoughtSignature: signature, ...beside }),
  message(
    { executableCode: message({ language: fc.constant('PYTHON'), code: word }, { id }) },
    { thoughtSignature: signature },
  ),
  message({ codeExecutionResult: message({ outcome: fc.constant('OUTCOME_OK') }, { id, output: word }) }),
  fc.record({
    toolCall: fc.record({ id, toolType: fc.constant('GOOGLE_SEARCH_WEB'), args: json }),
    thoughtSignature: signature,
  }),
  fc.record({ toolResponse: fc.record({ id, toolType: fc.constant('URL_CONTEXT'), response: json }) }),
);

/** A question, its answers, a call and its result: an earlier turn, whose signatures nobody checks. */
const turn = fc
  .record({
    asked: fc.array(said, { minLength: 1, maxLength: 3 }),
    call: message({ name: id }, { id, args: json }),
    signature,
    response: json,
    more: some({ willContinue: fc.boolean(), scheduling: fc.constantFrom('WHEN_IDLE', 'SILENT') }),
    answers: fc.array(answered, { minLength: 1, maxLength: 3 }),
  })
  .map(({ asked, call, signature: thoughtSignature, response, more, answers }) => [
    { role: 'user', parts: asked },
    { role: 'model', parts: [{ functionCall: call, thoughtSignature }] },
    { role: 'user', parts: [{ functionResponse: { ...more, ...own(call), response } }] },
    { role: 'model', parts: answers },
  ]);

/** The result is the call's. */
function own({ id: callId, name }: Record<string, unknown>): Record<string, unknown> {
  return callId === undefined ? { name } : { id: callId, name };
}

const declaration = (name: string): fc.Arbitrary<unknown> => {
  const named = { name: fc.constant(name) };
  const optional = { description: word, behavior: fc.constant('BLOCKING') };
  return fc.oneof(
    message(named, { ...optional, parameters: objectSchema, response: objectSchema }),
    message(named, {
      ...optional,
      parametersJsonSchema: fc.constant({ type: 'object', $defs: {}, additionalProperties: false }),
    }),
    message(named, { responseJsonSchema: fc.constant({ type: 'string', const: 'x' }) }),
  );
};
const tools = fc
  .tuple(
    fc.record({ functionDeclarations: fc.tuple(declaration('weather'), declaration('time')) }),
    fc.subarray([
      { googleSearch: { timeRangeFilter: { startTime: '2026-01-01T00:00:00Z' } } },
      { urlContext: {} },
      { codeExecution: {} },
      { googleMaps: { enableWidget: true } },
      { fileSearch: { fileSearchStoreNames: ['fileSearchStores/x'], topK: 3 } },
      { computerUse: { environment: 'ENVIRONMENT_BROWSER' } },
      { mcpServers: [{ name: 'm', streamableHttpTransport: { url: 'https://example.com/mcp' } }] },
    ]),
  )
  .map(([functions, others]) => [functions, ...others]);
const toolConfig = some({
  includeServerSideToolInvocations: fc.boolean(),
  functionCallingConfig: fc.constantFrom(
    { mode: 'AUTO' },
    { mode: 'NONE' },
    { mode: 'ANY', allowedFunctionNames: ['time'] },
    { mode: 'VALIDATED' },
  ),
  retrievalConfig: fc.constant({ latLng: { latitude: 52.5, longitude: 13.4 }, languageCode: 'de' }),
});

const plainConfig: Fields = {
  stopSequences: fc.array(word, { maxLength: 5 }),
  candidateCount: fc.constant(1),
  maxOutputTokens: fc.integer({ min: 1, max: 9_000 }),
  temperature: fc.integer({ min: 0, max: 20 }).map((tenths) => tenths / 10),
  topP: fc.constantFrom(0, 0.5, 1),
  topK: fc.integer({ min: 1, max: 64 }),
  seed: fc.integer({ min: 0, max: 2_147_483_647 }),
  presencePenalty: fc.constantFrom(-2, 0, 1.5),
  frequencyPenalty: fc.constantFrom(-2, 0, 1.5),
  responseModalities: fc.constant(['TEXT']),
  mediaResolution: fc.constantFrom('MEDIA_RESOLUTION_LOW', 'MEDIA_RESOLUTION_HIGH'),
  audioTranscriptionConfig: fc.constant({}),
  enableEnhancedCivicAnswers: fc.boolean(),
  thinkingConfig: fc.oneof(
    some({ includeThoughts: fc.constant(false), thinkingLevel: fc.constantFrom('LOW', 'MEDIUM', 'HIGH') }),
    some({ includeThoughts: fc.constant(false), thinkingBudget: fc.integer({ min: 1, max: 20_000 }) }),
  ),
};
const formatted = fc.constantFrom<object[]>(
  {},
  { responseMimeType: 'text/plain' },
  { responseMimeType: 'application/json', responseSchema: { type: 'OBJECT', properties: { a: { type: 'STRING' } } } },
  { responseMimeType: 'application/json', responseJsonSchema: { type: 'object', prefixItems: [], $ref: '#/x' } },
  { responseMimeType: 'text/x.enum', responseSchema: { type: 'STRING', enum: ['a', 'b'] } },
  { responseLogprobs: true, logprobs: 5 },
  { responseLogprobs: false },
);
const generationConfig = fc.tuple(some(plainConfig), formatted).map(([config, format]) => ({ ...config, ...format }));

const safetySettings = fc.array(
  fc.record({
    category: fc.constantFrom('HARM_CATEGORY_HARASSMENT', 'HARM_CATEGORY_HATE_SPEECH', 'HARM_CATEGORY_JAILBREAK'),
    threshold: fc.constantFrom('OFF', 'BLOCK_NONE', 'BLOCK_LOW_AND_ABOVE'),
  }),
  { maxLength: 3 },
);

/** A body of `generateContent` that Gemini 3 takes: any fields of the API, in any mix that it allows. The answer is the body itself. */
export const anyGenerateBody = fc
  .record(
    {
      turns: fc.array(turn, { maxLength: 2 }),
      asked: fc.array(said, { maxLength: 2 }),
      systemInstruction: fc.record({ parts: fc.array(fc.record({ text: word }), { minLength: 1, maxLength: 2 }) }),
      tools,
      toolConfig,
      safetySettings,
      generationConfig,
      cachedContent: fc.constant('cachedContents/x1'),
      serviceTier: fc.constantFrom('standard', 'flex', 'priority'),
      store: fc.boolean(),
    },
    { requiredKeys: ['turns', 'asked', 'tools'] },
  )
  .map(({ turns, asked, ...rest }) => {
    const last = { role: 'user', parts: [...asked, { text: '[[sim:echo-request]]' }] };
    return { contents: [...turns.flat(), last], ...rest };
  });
