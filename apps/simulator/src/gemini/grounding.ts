import type { GenerateRequest } from './generate-request.js';

const SITE = 'https://vertexaisearch.cloud.google.com/grounding-api-redirect/simulated';

/** What the built-in tools of a request leave beside the text. Offsets are in bytes of UTF-8. */
export function groundingOf(
  { tools }: GenerateRequest,
  { text, prompt }: { text: string; prompt: string },
): Record<string, unknown> {
  const isSearching = tools.some(({ googleSearch }) => googleSearch !== undefined);
  const isReading = tools.some(({ urlContext }) => urlContext !== undefined);
  const urls = prompt.match(/https?:\/\/\S+/g) ?? [];
  return {
    ...(isSearching && { groundingMetadata: searched(text, prompt) }),
    ...(isReading && {
      urlContextMetadata: {
        urlMetadata: urls.map((retrievedUrl) => ({ retrievedUrl, urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_SUCCESS' })),
      },
    }),
  };
}

function searched(text: string, prompt: string): Record<string, unknown> {
  const endIndex = Buffer.byteLength(text);
  return {
    webSearchQueries: [prompt],
    searchEntryPoint: { renderedContent: '<div>simulated</div>' },
    groundingChunks: [
      { web: { uri: `${SITE}/1`, title: 'example.com' } },
      { web: { uri: `${SITE}/2`, title: 'example.org' } },
    ],
    // The first start is left out, as 0 is in this format.
    groundingSupports: [{ segment: { endIndex, text }, groundingChunkIndices: [0, 1], confidenceScores: [0.9, 0.7] }],
  };
}
