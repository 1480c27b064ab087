import type { HttpPort, MessageSocket } from '@sluice/contracts/http-port';
import { createFakeHttp } from '@sluice/upstream-kit/fake-http';
import { describe, expect, it } from 'vitest';
import { SubmitGuard } from './submit-guard.js';

const { signal } = new AbortController();
const handshake = { url: 'ws://vendor/', signal };

function createGuard({ isCurrent = async () => true } = {}) {
  const sent: string[] = [];
  const time = { now: 0 };
  const socket: MessageSocket = {
    messages: (async function* () {})(),
    send: (message) => void sent.push(message),
    close() {},
  };
  const http: HttpPort = { ...createFakeHttp(), connect: async () => socket };
  const guard = new SubmitGuard({ http, isCurrent, leaveByMs: () => 100, now: () => time.now });
  return { guard, sent, time };
}

describe('a conversation by messages', () => {
  it('asks for something with its first message, not with its handshake', async () => {
    const { guard, sent } = createGuard();
    const socket = await guard.connect?.(handshake);
    expect(guard.saw).toBe('nothing');
    socket?.send('draw');
    expect(guard.saw).toBe('unknown');
    expect(sent).toEqual(['draw']);
  });

  it('is not begun by who was out for too long, and goes on once it is', async () => {
    const { guard, sent, time } = createGuard();
    const socket = await guard.connect?.(handshake);
    time.now = 100;
    expect(() => socket?.send('draw')).toThrow(expect.objectContaining({ code: 'draining' }) as Error);
    expect(guard.saw).toBe('nothing');
    time.now = 99;
    socket?.send('draw');
    time.now = 500;
    socket?.send('more');
    expect(sent).toEqual(['draw', 'more']);
    await expect(guard.connect?.(handshake)).rejects.toMatchObject({ code: 'draining', data: { saw: 'unknown' } });
  });

  it('is not offered to whom the row does not belong, nor where there is no such way out', async () => {
    const { guard } = createGuard({ isCurrent: async () => false });
    await expect(guard.connect?.(handshake)).rejects.toMatchObject({ code: 'draining', data: { saw: 'nothing' } });
    const plain = new SubmitGuard({
      http: createFakeHttp(),
      isCurrent: async () => true,
      leaveByMs: () => 1,
      now: () => 0,
    });
    expect(plain.connect).toBeUndefined();
  });
});

describe('what follows a submission', () => {
  const url = 'http://vendor/';

  it('is fetched without asking whose the row is: what was sent may be paid, and its files are wanted', async () => {
    let isAway = false;
    const isCurrent = () => (isAway ? Promise.reject(new Error('no database')) : Promise.resolve(true));
    const { guard, time } = createGuard({ isCurrent });
    await guard.request({ method: 'POST', url, signal });
    isAway = true;
    time.now = 500;
    await expect(guard.request({ method: 'GET', url, signal })).resolves.toMatchObject({ status: 200 });
    // Another paid call is no fetch.
    await expect(guard.request({ method: 'POST', url, signal })).rejects.toMatchObject({ data: { saw: 'unknown' } });
  });

  it('is guarded before anything was sent, as is what follows mere preparation', async () => {
    const { guard } = createGuard({ isCurrent: async () => false });
    await expect(guard.request({ method: 'GET', url, signal })).rejects.toMatchObject({ data: { saw: 'nothing' } });
  });
});
