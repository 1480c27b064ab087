import { GatewayError } from '@sluice/contracts/gateway-error';
import { describe, expect, test } from 'vitest';
import { followLogContext, runWithLogContext } from './log-context.js';
import { createLogger } from './logger.js';

function capture() {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'gateway',
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
  });
  return { logger, lines, last: (): unknown => JSON.parse(lines.at(-1) ?? '') };
}

describe('a line', () => {
  test('is JSON with time, level, service and message', () => {
    const { logger, last } = capture();
    logger.info({ port: 8080 }, 'ready');
    expect(last()).toMatchObject({
      level: 'info',
      service: 'gateway',
      port: 8080,
      msg: 'ready',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  test('carries the ids of the request and generation it belongs to, over waits', async () => {
    const { logger, last } = capture();
    followLogContext();
    await runWithLogContext({ requestId: 'r1' }, async () => {
      await Promise.resolve();
      await runWithLogContext({ generationId: 'g1' }, async () => logger.info('deep'));
    });
    expect(last()).toMatchObject({ requestId: 'r1', generationId: 'g1' });
    logger.info('outside');
    expect(last()).not.toHaveProperty('requestId');
  });

  test('of an error holds its code', () => {
    const { logger, last } = capture();
    logger.error({ err: new GatewayError('overloaded', 'Too much.') }, 'failed');
    expect(last()).toMatchObject({ err: { code: 'overloaded', message: 'Too much.' } });
  });

  test('below the level is not written', () => {
    const { logger, lines } = capture();
    logger.debug('quiet');
    expect(lines).toEqual([]);
  });
});

describe('redaction', () => {
  const HUSH = 'hush-hush-0123456789';
  test.each<[string, unknown]>([
    [
      'a header',
      { headers: { authorization: `Bearer ${HUSH}`, Cookie: `a=${HUSH}`, 'x-api-key': HUSH, 'X-Goog-Api-Key': HUSH } },
    ],
    ['a list of cookies', { headers: { 'set-cookie': [`a=${HUSH}`, `b="]${HUSH}`] } }],
    ['a secret at any depth', { a: { b: { c: { apiKey: HUSH, refreshToken: HUSH, password: `"${HUSH}` } } } }],
    ['a secret that is an object', { secret: { sso2: HUSH, other: `}${HUSH}` } }],
    ['raw headers', { rawHeaders: ['Authorization', `Bearer ${HUSH}`] }],
    ['a key in a URL', { url: `https://host/v1beta/models?key=${HUSH}&alt=sse` }],
    ['a signed URL', { url: `https://bucket/x.mp4?X-Amz-Credential=${HUSH}&X-Amz-Signature=${HUSH}&sig=${HUSH}` }],
    ['a URL with a password', { url: `postgres://user:${HUSH}@db/x` }],
    ['JSON inside a string', { body: JSON.stringify({ apiKey: HUSH, note: 'kept' }) }],
    ['an error message', { err: new Error(`refused sk-${HUSH}, https://h/?api_key=${HUSH}`) }],
  ])('hides %s', (_what, fields) => {
    const { logger, lines, last } = capture();
    logger.info(fields, 'call');
    expect(lines.join('')).not.toContain('hush');
    expect(last()).toMatchObject({ msg: 'call' });
  });

  test('shortens data URIs and leaves what is harmless', () => {
    const { logger, last } = capture();
    logger.info(
      {
        image: `data:image/png;base64,${'A'.repeat(5_000)}`,
        url: 'https://host/a?page=2',
        monkey: 'banana',
        tokens: 5,
      },
      'call',
    );
    expect(last()).toMatchObject({
      image: 'data:image/png;base64,[5000 characters]',
      url: 'https://host/a?page=2',
      monkey: 'banana',
      tokens: 5,
    });
  });
});
