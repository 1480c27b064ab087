import { GatewayError } from '@sluice/contracts/gateway-error';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { describe, expect, it } from 'vitest';
import { FakeFiles, FILM, FILM_TEXT, fileContext, storeOf } from './__fixtures__/fake-files.js';
import { sendFile } from './send-file.js';

const MINUTE_MS = 60_000;

function setUp(plan: Partial<FakeFiles> = {}) {
  const files = Object.assign(new FakeFiles(), plan);
  const clock = createFakeClock();
  const controller = new AbortController();
  const context = fileContext({ clock, signal: controller.signal });
  const sending = sendFile({ files, media: FILM.media, store: storeOf(FILM_TEXT), context });
  const outcome = sending.catch((error: unknown) => error);
  return { files, clock, controller, outcome };
}

describe('a file that is sent', () => {
  it('arrives whole, and is told where it lies', async () => {
    const { files, clock, outcome } = setUp();
    expect(await outcome).toMatchObject({ uri: 'google/files/1', state: 'ready' });
    expect(Buffer.concat(files.content).toString()).toBe(FILM_TEXT);
    expect(clock.pendingCount()).toBe(0);
  });

  it('goes on where it broke off, though the upstream was away when it was asked', async () => {
    const { files, clock, outcome } = setUp({ cuts: [8, 16], deaf: 2 });
    await clock.advance(MINUTE_MS);
    expect(await outcome).toMatchObject({ uri: 'google/files/1' });
    expect(files.offsets).toEqual([0, 8, 16]);
    expect(Buffer.concat(files.content).toString()).toBe(FILM_TEXT);
  });

  it('is given up where nothing of it arrives', async () => {
    const { files, clock, outcome } = setUp({ cuts: Array.from({ length: 20 }, () => 0) });
    files.content.push = () => 0;
    await clock.advance(MINUTE_MS);
    expect(await outcome).toMatchObject({ code: 'upstream_interrupted' });
    expect(files.offsets).toHaveLength(5);
  });

  it('is given up where the upstream takes nothing more, and where the caller leaves', async () => {
    const stuck = setUp({ gate: new Promise(() => {}) });
    // Each try is stuck for a minute.
    for (let tries = 0; tries < 6; tries += 1) await stuck.clock.advance(2 * MINUTE_MS);
    expect(await stuck.outcome).toMatchObject({ code: 'upstream_timeout' });
    const left = setUp({ gate: new Promise(() => {}) });
    left.controller.abort(new GatewayError('cancelled', 'Left.'));
    expect(await left.outcome).toMatchObject({ code: 'cancelled' });
    expect([left.files.offsets.length, left.clock.pendingCount()]).toEqual([1, 0]);
  });

  it('is waited for while it is prepared, and told where it cannot be used', async () => {
    const film = setUp({ states: ['preparing', 'preparing', 'ready'] });
    await film.clock.advance(MINUTE_MS);
    expect(await film.outcome).toMatchObject({ state: 'ready' });
    const broken = setUp({ states: ['preparing', 'failed'], reason: 'no film' });
    await broken.clock.advance(MINUTE_MS);
    expect(await broken.outcome).toMatchObject({
      data: { code: 'invalid_request', message: 'The upstream cannot use this file: no film' },
    });
    const endless = setUp({ states: ['preparing'] });
    await endless.clock.advance(30 * MINUTE_MS);
    expect(await endless.outcome).toMatchObject({ code: 'upstream_timeout' });
  });

  it('that is not kept any more is not found', async () => {
    const media = { ...FILM.media, key: 'files/gone.mp4' };
    const context = fileContext();
    const sent = sendFile({ files: new FakeFiles(), media, store: storeOf(FILM_TEXT), context });
    await expect(sent).rejects.toMatchObject({ code: 'not_found' });
  });
});
