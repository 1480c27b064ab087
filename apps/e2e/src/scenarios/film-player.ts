import assert from 'node:assert/strict';
import { type Browser, chromium, type Page } from 'playwright-core';

const LIMIT_MS = 15_000;
const FIRST_BYTES = 64;

interface Played {
  seconds: number;
  width: number;
}

/** A browser that plays films by their links, as the people do who get them. */
export class FilmPlayer {
  private constructor(
    private readonly browser: Browser,
    private readonly page: Page,
  ) {}

  static async open(): Promise<FilmPlayer> {
    const browser = await chromium.launch({
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    });
    return new FilmPlayer(browser, await browser.newPage());
  }

  /** Without any key: in part, and then in the browser, to where it can be watched. */
  async play(link: string): Promise<Played> {
    const part = await fetch(link, { headers: { range: `bytes=0-${FIRST_BYTES - 1}` } });
    const bytes = Buffer.from(await part.arrayBuffer());
    assert.deepEqual([part.status, part.headers.get('content-type'), bytes.length], [206, 'video/mp4', FIRST_BYTES]);
    assert.match(part.headers.get('content-range') ?? '', /^bytes 0-63\/\d{4,}$/);
    assert.equal(bytes.toString('latin1', 4, 8), 'ftyp');
    const played = await this.watch(link);
    assert.ok('seconds' in played, `the browser does not play ${link}: ${JSON.stringify(played)}`);
    assert.ok(played.seconds > 0 && played.width > 0, JSON.stringify(played));
    return played;
  }

  /** What somebody got who had to show a key. */
  async playBytes(bytes: Uint8Array): Promise<Played> {
    const link = `data:video/mp4;base64,${Buffer.from(bytes).toString('base64')}`;
    const played = await this.watch(link);
    assert.ok('seconds' in played && played.seconds > 0, JSON.stringify(played));
    return played;
  }

  private watch(link: string): Promise<Played | { why: string }> {
    return this.page.evaluate(`(${WATCH})(${JSON.stringify({ link, limitMs: LIMIT_MS })})`);
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

/** Runs in the page, whose words this program does not know. */
const WATCH = `({ link, limitMs }) => new Promise((resolve) => {
  const video = document.createElement('video');
  video.muted = true;
  video.addEventListener('canplay', () => resolve({ seconds: video.duration, width: video.videoWidth }));
  video.addEventListener('error', () => resolve({ why: video.error?.message ?? 'unknown' }));
  setTimeout(() => resolve({ why: 'not within ' + limitMs + ' ms' }), limitMs);
  video.src = link;
  document.body.append(video);
})`;
