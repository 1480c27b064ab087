import { CITY_SCHEMA, PICTURE } from './openai-examples.js';
import type { BodyExample } from './wrong-fields.js';

export const generateContentExample = (): BodyExample => ({
  body: {
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    contents: [
      {
        role: 'user',
        parts: [{ text: 'What is it?' }, { inlineData: { mimeType: PICTURE.mediaType, data: PICTURE.base64 } }],
      },
      {
        role: 'model',
        parts: [
          { text: 'It may be warm.', thought: true },
          { functionCall: { id: 'call_1', name: 'weather', args: { city: 'Rome' } } },
        ],
      },
      {
        role: 'user',
        parts: [{ functionResponse: { id: 'call_1', name: 'weather', response: { output: 'Warm.' } } }],
      },
    ],
    tools: [{ functionDeclarations: [{ name: 'weather', description: 'The weather.', parameters: CITY_SCHEMA }] }],
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['weather'] } },
    generationConfig: {
      temperature: 0.5,
      topP: 0.9,
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: 0.1,
      maxOutputTokens: 50,
      stopSequences: ['end'],
      candidateCount: 1,
      responseMimeType: 'text/plain',
      thinkingConfig: { includeThoughts: true, thinkingBudget: 512 },
    },
  },
  opaque: [
    'contents[1].parts[1].functionCall.args',
    'contents[2].parts[0].functionResponse.response',
    'tools[0].functionDeclarations[0].parameters',
  ],
  mayBeText: [
    'systemInstruction',
    'toolConfig.functionCallingConfig.allowedFunctionNames',
    'generationConfig.stopSequences',
  ],
  required: ['contents', 'contents[0].parts[1].inlineData.data', 'tools[0].functionDeclarations[0].name'],
  values: {
    contents: [[]],
    'contents[0].role': ['robot'],
    'toolConfig.functionCallingConfig.mode': ['PERHAPS'],
    'generationConfig.temperature': [-0.1, 2.1],
    'generationConfig.topP': [-0.1, 1.1],
    'generationConfig.seed': [1.5],
    'generationConfig.presencePenalty': [-2.1, 2.1],
    'generationConfig.maxOutputTokens': [0, 1.5],
    'generationConfig.candidateCount': [0, 9],
    'generationConfig.thinkingConfig.thinkingBudget': [-2],
    'generationConfig.responseMimeType': ['image/gif'],
  },
});

export const embedContentExample = (): BodyExample => ({
  body: { content: { parts: [{ text: 'one' }] }, outputDimensionality: 8 },
  required: ['content'],
  values: { outputDimensionality: [0, 1.5], 'content.role': ['robot'] },
});
