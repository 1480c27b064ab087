import type { ClientFile } from '@sluice/contracts/client-file';
import { expect, it } from 'vitest';
import { encodeDeleted, encodeFile, encodeFileList } from './encode-response.js';

const file: ClientFile = {
  id: 'file-1',
  ownerKeyId: 'key_1',
  purpose: 'batch',
  filename: 'lines.jsonl',
  media: { key: 'files/1.jsonl', mediaType: 'application/jsonl', bytes: 12 },
  createdAtMs: 1_700_000_000_999,
};

it('tells a file as the page says, without where it lies', () => {
  expect(encodeFile(file)).toEqual({
    id: 'file-1',
    object: 'file',
    bytes: 12,
    created_at: 1_700_000_000,
    filename: 'lines.jsonl',
    purpose: 'batch',
    status: 'processed',
  });
  expect(encodeFile({ ...file, expiresAtMs: 1_700_003_600_999 })).toMatchObject({ expires_at: 1_700_003_600 });
  expect(encodeDeleted('file-1')).toEqual({ id: 'file-1', object: 'file', deleted: true });
});

it('tells a page with what the SDK needs to ask for the next', () => {
  expect(encodeFileList([], { hasMore: false })).toEqual({
    object: 'list',
    data: [],
    first_id: null,
    last_id: null,
    has_more: false,
  });
  const page = encodeFileList([file, { ...file, id: 'file-2' }], { hasMore: true });
  expect(page).toMatchObject({ first_id: 'file-1', last_id: 'file-2', has_more: true });
});
