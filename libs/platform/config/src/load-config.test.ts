import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigError } from './config-error.js';
import { coreEnvironment } from './core-environment.js';
import { durationMsSchema } from './duration.js';
import { flagSchema, onOffSchema } from './flag.js';
import { loadConfig } from './load-config.js';
import { secretSchema } from './secret.js';

function errorOf(work: () => unknown): ConfigError {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('loadConfig', () => {
  test('gives what the shapes of several libraries name, with their defaults', () => {
    const config = loadConfig(
      { ...coreEnvironment, REDIS_URL: z.url() },
      { REDIS_URL: 'redis://store', UNRELATED: 'x' },
    );
    expect(config).toMatchObject({
      REDIS_URL: 'redis://store',
      SHUTDOWN_MS: 15_000,
      LOG_LEVEL: 'info',
      SLUICE_HOME: './.sluice',
    });
    expect(config).not.toHaveProperty('UNRELATED');
  });

  test('tells every problem at once, by the name of its variable', () => {
    const error = errorOf(() =>
      loadConfig({ ...coreEnvironment, REDIS_URL: z.url() }, { SHUTDOWN_MS: 'soon', LOG_LEVEL: 'loud' }),
    );
    expect(error.problems).toEqual([
      { variable: 'SHUTDOWN_MS', problem: 'must be a duration such as 15000, 15s, 2m or 7d' },
      { variable: 'LOG_LEVEL', problem: expect.stringContaining('must be one of trace') },
      { variable: 'REDIS_URL', problem: 'is required and absent' },
    ]);
    expect(error.message).toContain('  REDIS_URL: is required and absent');
  });

  test('an empty variable counts as absent', () => {
    expect(loadConfig(coreEnvironment, { LOG_LEVEL: '', SLUICE_MASTER_KEY: ' ' })).toMatchObject({ LOG_LEVEL: 'info' });
  });

  test('no value is ever part of the message', () => {
    const shape = { KEY: z.string().length(64).pipe(secretSchema), WHERE: z.url(), MODE: flagSchema };
    const error = errorOf(() => loadConfig(shape, { KEY: 'hush-hush', WHERE: 'hush-hush', MODE: 'hush-hush' }));
    expect(error.problems).toHaveLength(3);
    expect(inspect(error)).not.toContain('hush-hush');
  });
});

describe('the pieces', () => {
  test('a secret is shown by `reveal` alone', () => {
    const secret = secretSchema.parse('hush-hush');
    expect(secret.reveal()).toBe('hush-hush');
    expect([String(secret), JSON.stringify({ secret }), inspect({ secret })].join()).not.toContain('hush-hush');
  });

  test.each([
    ['15000', 15_000],
    ['15s', 15_000],
    ['2 m', 120_000],
    ['7d', 604_800_000],
    ['0', 0],
  ])('the duration %s', (text, expected) => expect(durationMsSchema.parse(text)).toBe(expected));

  test.each(['-1', '1.5s', '1w', 'soon', '99999999999999999d'])('no duration: %s', (text) =>
    expect(durationMsSchema.safeParse(text).success).toBe(false),
  );

  test('on and off, in the usual spellings', () => {
    expect(['on', 'True', '1'].map((text) => onOffSchema.parse(text))).toEqual([true, true, true]);
    expect(['off', 'no', '0'].map((text) => onOffSchema.parse(text))).toEqual([false, false, false]);
    expect(onOffSchema.safeParse('auto').success).toBe(false);
  });
});
