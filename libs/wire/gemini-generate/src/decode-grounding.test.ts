import type { JsonObject } from '@sluice/contracts/json';
import { describe, expect, it } from 'vitest';
import { GroundingReader } from './decode-grounding.js';

const TEXT = 'Žluť 🐎 je kůň.';
const cite = (url: string, start: number, end: number, title = '') => ({
  type: 'url_citation',
  url_citation: { url, title, start_index: start, end_index: end },
});

function annotations(...metadata: JsonObject[]) {
  const reader = new GroundingReader();
  for (const each of metadata) reader.read(each);
  return reader.annotations(TEXT);
}

const search: JsonObject = {
  groundingMetadata: {
    groundingChunks: [{ web: { uri: 'https://a', title: 'a.cz' } }, { web: { uri: 'https://b', title: 'b.cz' } }],
    groundingSupports: [
      {
        segment: { startIndex: Buffer.byteLength('Žluť '), endIndex: Buffer.byteLength('Žluť 🐎'), text: '🐎' },
        groundingChunkIndices: [0],
      },
    ],
  },
};

describe('what an answer stands on', () => {
  it("bytes of UTF-8 become places in the client's text; what is cited nowhere stands at the end", () => {
    expect(annotations(search)).toEqual([
      cite('https://a', TEXT.indexOf('🐎'), TEXT.indexOf('🐎') + 2, 'a.cz'),
      cite('https://b', TEXT.length, TEXT.length, 'b.cz'),
    ]);
  });

  it('pages that the prompt named are told where they were read, once', () => {
    const urlMetadata = [
      { retrievedUrl: 'https://a', urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_SUCCESS' },
      { retrievedUrl: 'https://c', urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_SUCCESS' },
      { retrievedUrl: 'https://d', urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_ERROR' },
    ];
    const told = annotations(search, { urlContextMetadata: { urlMetadata } }, { urlContextMetadata: { urlMetadata } });
    expect(told.slice(2)).toEqual([cite('https://c', TEXT.length, TEXT.length)]);
  });

  it('what is repeated word for word is cited in its place, once', () => {
    const citationMetadata = {
      citationSources: [{ startIndex: 0, endIndex: Buffer.byteLength('Žluť'), uri: 'https://e' }],
    };
    expect(annotations({ citationMetadata }, { citationMetadata })).toEqual([cite('https://e', 0, 4)]);
  });
});
