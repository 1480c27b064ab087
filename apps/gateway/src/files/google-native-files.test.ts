import { expect, it } from 'vitest';
import { clientFileIn } from './google-name.js';
import { putGoogleFiles } from './google-native-files.js';

const DIGITS = '0123456789abcdef0123456789abcdef';
const URI = `http://a.test/v1beta/files/${DIGITS}`;
const file = { mediaType: 'text/plain', base64: 'aGk=' };

it('puts files in place of their names, in either spelling, and leaves all else as it is', () => {
  const others = { videoMetadata: { fps: 1 }, thoughtSignature: 's' };
  const body = {
    contents: [
      { role: 'user', parts: [{ fileData: { fileUri: URI }, ...others }, { text: 'what?' }] },
      { role: 'user', parts: { file_data: { file_uri: URI, mime_type: 'text/csv' } } },
      { role: 'user', parts: [{ fileData: { fileUri: 'https://youtu.be/x' } }] },
    ],
    tools: [{ googleSearch: {} }],
  };
  expect(putGoogleFiles(body, new Map([[URI, file]]))).toEqual({
    contents: [
      {
        role: 'user',
        parts: [{ inlineData: { mimeType: 'text/plain', data: 'aGk=' }, ...others }, { text: 'what?' }],
      },
      { role: 'user', parts: { inlineData: { mimeType: 'text/csv', data: 'aGk=' } } },
      body.contents[2],
    ],
    tools: [{ googleSearch: {} }],
  });
});

it('names what does not go along by our own id', () => {
  const body = { contents: [{ parts: [{ fileData: { fileUri: URI }, videoMetadata: { fps: 1 } }] }] };
  const film = { mediaType: 'video/mp4', id: 'files/film' };
  const fileData = { mimeType: 'video/mp4', fileUri: 'files/film' };
  expect(putGoogleFiles(body, new Map([[URI, film]]))).toEqual({
    contents: [{ parts: [{ fileData, videoMetadata: { fps: 1 } }] }],
  });
});

it('knows our names from Google’s own', () => {
  expect([URI, `files/${DIGITS}`, 'files/abc123def456', 'https://youtu.be/x'].map(clientFileIn)).toEqual([
    `file-${DIGITS}`,
    `file-${DIGITS}`,
    undefined,
    undefined,
  ]);
});
