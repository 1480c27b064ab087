/** Names of fields. Each holds `plain` values, `free` ones, a `map:` or another message; a star marks a repeated field. */
type Fields = Readonly<Record<string, string>>;

const SCHEMA: Fields = {
  ...plain('type format title description nullable maxItems minItems minProperties maxProperties minLength maxLength'),
  ...plain('pattern minimum maximum'),
  enum: 'plain*',
  required: 'plain*',
  propertyOrdering: 'plain*',
  items: 'Schema',
  anyOf: 'Schema*',
  properties: 'map:Schema',
  example: 'free',
  default: 'free',
};

/** The names of every message of the API that the simulator reads: another name is refused as Google refuses it. */
export const MESSAGES: Readonly<Record<string, Fields>> = {
  GenerateContentRequest: {
    ...plain('model cachedContent serviceTier store'),
    contents: 'Content*',
    systemInstruction: 'Content',
    tools: 'Tool*',
    toolConfig: 'ToolConfig',
    safetySettings: 'SafetySetting*',
    generationConfig: 'GenerationConfig',
  },
  CountTokensRequest: { contents: 'Content*', generateContentRequest: 'GenerateContentRequest' },
  EmbedContentRequest: { ...plain('model taskType title outputDimensionality'), content: 'Content' },
  BatchEmbedContentsRequest: { requests: 'EmbedContentRequest*' },
  Content: { role: 'plain', parts: 'Part*' },
  Part: {
    ...plain('text thought thoughtSignature'),
    inlineData: 'Blob',
    fileData: 'FileData',
    functionCall: 'FunctionCall',
    functionResponse: 'FunctionResponse',
    executableCode: 'ExecutableCode',
    codeExecutionResult: 'CodeExecutionResult',
    toolCall: 'free',
    toolResponse: 'free',
    audioTranscription: 'free',
    videoMetadata: 'VideoMetadata',
    mediaResolution: 'free',
    partMetadata: 'free',
  },
  Blob: plain('mimeType data'),
  FileData: plain('mimeType fileUri'),
  FunctionCall: { ...plain('id name'), args: 'free' },
  FunctionResponse: { ...plain('id name willContinue scheduling'), response: 'free', parts: 'Part*' },
  ExecutableCode: plain('id language code'),
  CodeExecutionResult: plain('id outcome output'),
  VideoMetadata: plain('startOffset endOffset fps'),
  Tool: {
    functionDeclarations: 'FunctionDeclaration*',
    googleSearch: 'free',
    googleSearchRetrieval: 'free',
    urlContext: 'free',
    codeExecution: 'free',
    fileSearch: 'free',
    googleMaps: 'free',
    computerUse: 'free',
    mcpServers: 'free*',
  },
  FunctionDeclaration: {
    ...plain('name description behavior'),
    parameters: 'Schema',
    parametersJsonSchema: 'free',
    response: 'Schema',
    responseJsonSchema: 'free',
  },
  Schema: SCHEMA,
  ToolConfig: {
    includeServerSideToolInvocations: 'plain',
    functionCallingConfig: 'FunctionCallingConfig',
    retrievalConfig: 'free',
  },
  FunctionCallingConfig: { mode: 'plain', allowedFunctionNames: 'plain*' },
  SafetySetting: plain('category threshold'),
  GenerationConfig: {
    ...plain('responseMimeType candidateCount maxOutputTokens temperature topP topK seed presencePenalty'),
    ...plain('frequencyPenalty responseLogprobs logprobs mediaResolution enableEnhancedCivicAnswers'),
    stopSequences: 'plain*',
    responseModalities: 'plain*',
    responseSchema: 'Schema',
    responseJsonSchema: 'free',
    speechConfig: 'free',
    audioTranscriptionConfig: 'free',
    thinkingConfig: 'ThinkingConfig',
    imageConfig: 'ImageConfig',
  },
  ThinkingConfig: plain('includeThoughts thinkingBudget thinkingLevel'),
  ImageConfig: plain('aspectRatio imageSize'),
};

function plain(names: string): Fields {
  return Object.fromEntries(names.split(' ').map((name) => [name, 'plain']));
}
