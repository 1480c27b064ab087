import { expect, it } from 'vitest';
import { expectSuccess } from './harness/admin-client.js';
import { sharedSluice } from './harness/shared-sluice.js';
import { createSession } from './scenarios/grok.js';

const sluice = sharedSluice();
const { admin } = sluice;
const FILES = 70;

async function upload(sso: string, number: number): Promise<void> {
  const answer = await fetch(`${sluice.run.simulator ?? ''}/grok/rest/app-chat/upload-file`, {
    method: 'POST',
    headers: { cookie: `sso=${sso}`, 'content-type': 'application/json' },
    body: JSON.stringify({ fileName: `${number}.txt`, fileMimeType: 'text/plain', content: 'aGVsbG8=' }),
  });
  expect(answer.status).toBe(200);
}

function lastLine(text: string): unknown {
  return JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
}

it('an account’s files at the website are counted and cleared, one account or many', async () => {
  // More than a page of its list.
  const { id, sso } = await createSession(sluice, { word: 'assets', enabled: false });
  const other = await createSession(sluice, { word: 'assets', enabled: false });
  await Promise.all(Array.from({ length: FILES }, (_, number) => upload(sso, number)));
  await upload(other.sso, 1);
  expect(expectSuccess(await admin.call('GET', `/credentials/${id}/assets`))).toMatchObject({
    assets: { count: FILES, deleted: 0 },
  });
  const cleared = await admin.call('DELETE', `/credentials/${id}/assets`);
  expect(lastLine(cleared.text)).toMatchObject({
    credentialId: id,
    assets: { count: FILES, deleted: FILES, failed: 0 },
  });
  const many = await admin.call('POST', '/credentials/assets/count', { ids: [id, other.id] });
  const counts = many.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { credentialId: string; assets: object });
  expect(counts.find(({ credentialId }) => credentialId === id)).toMatchObject({ assets: { count: 0 } });
  expect(counts.find(({ credentialId }) => credentialId === other.id)).toMatchObject({ assets: { count: 1 } });
});

it('is told where an account keeps none', async () => {
  const { credentialId } = await admin.createModel({});
  const answer = await admin.call('GET', `/credentials/${credentialId}/assets`);
  expect(JSON.parse(answer.text)).toMatchObject({ isUsable: false, code: 'unsupported' });
});
