import type { Message } from '@sluice/contracts/chat';
import type { Part } from '@sluice/contracts/part';
import { expect, test } from 'vitest';
import { restoreSignatures, unsignedCalls } from './restore-signatures.js';
import { signedFields } from './signed-parts.js';

const start = (id: string, index: number, signature?: string): Part => ({
  type: 'tool-input-start',
  choice: 0,
  index,
  id,
  name: 'f',
  ...(signature !== undefined && { signature }),
});

test('what came signed is found, and nearly always that is nothing', () => {
  const parts: Part[] = [
    { type: 'reasoning-delta', choice: 0, text: 'unsigned' },
    start('a', 0, 'sa'),
    { type: 'reasoning-delta', choice: 0, text: 'so' },
    { type: 'reasoning-signature', choice: 0, signature: 'r' },
    start('b', 1),
    start('c', 2),
  ];
  expect([...signedFields(parts)]).toEqual([
    ['a', { signature: 'sa' }],
    ['b', { reasoning: [{ type: 'reasoning', text: 'so', signature: 'r' }] }],
  ]);
  expect(signedFields([start('a', 0), { type: 'succeeded' }]).size).toBe(0);
});

test('only the last attempt counts', () => {
  const again: Part = { type: 'attempt', attempt: 2, upstream: 'u', model: 'm', credentialId: 'c' };
  expect(signedFields([start('a', 0, 's'), again, start('b', 0)]).size).toBe(0);
});

test('it is put back where the client lost it, and nowhere else', () => {
  const call = (id: string, signature?: string) => ({
    type: 'tool-call' as const,
    id,
    name: 'f',
    input: '{}',
    ...(signature !== undefined && { signature }),
  });
  const messages: Message[] = [{ role: 'assistant', content: [call('a'), call('b'), call('c', 'own')] }];
  expect(unsignedCalls(messages)).toEqual(['a', 'b']);
  const reasoning = [{ type: 'reasoning' as const, text: 'so', signature: 'r' }];
  const signed = new Map([
    ['a', { signature: 'sa', reasoning }],
    ['c', { signature: 'other' }],
  ]);
  expect(restoreSignatures(messages, signed)[0]?.content).toEqual([
    ...reasoning,
    call('a', 'sa'),
    call('b'),
    call('c', 'own'),
  ]);
});
