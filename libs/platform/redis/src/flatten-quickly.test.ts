import fc from 'fast-check';
import { Command, Redis } from 'ioredis';
import { expect, test, vi } from 'vitest';
import { flattenQuickly, flattenScriptsQuickly } from './flatten-quickly.js';

const value = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.constant(null),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);

test('commands are the same as by the library, whatever lists are among the arguments', () => {
  const QuickCommand = flattenQuickly(Command);
  fc.assert(
    fc.property(fc.array(fc.oneof(value, fc.array(value))), (given) => {
      const args = given as ConstructorParameters<typeof Command>[1];
      const [quick, plain] = [new QuickCommand('evalsha', args), new Command('evalsha', args)];
      expect(quick.args).toEqual(plain.args);
      expect(quick.toWritable({})).toEqual(plain.toWritable({}));
    }),
  );
});

test('a script of a connection skips the slow look, and still travels whole only the first time', () => {
  const redis = new Redis({ lazyConnect: true });
  const sent: Command[] = [];
  redis.sendCommand = (command) => sent.push(command);
  flattenScriptsQuickly(redis);
  redis.defineCommand('twice', { lua: 'return ARGV[1] * 2', numberOfKeys: 1 });
  const flat = vi.spyOn(Array.prototype, 'flat');
  for (const argument of ['3', '4']) Reflect.apply(Reflect.get(redis, 'twice'), redis, [['key', argument]]);
  const looks = flat.mock.contexts.map((list) => (list as unknown[]).length);
  flat.mockRestore();

  expect(looks).toEqual([0, 0]);
  const socket = {};
  expect(sent.map((command) => [String(command.toWritable(socket)), command.args.slice(1)])).toEqual([
    [expect.stringMatching(/^\*5\r\n\$4\r\neval\r\n\$18\r\nreturn/), ['1', 'key', '3']],
    [expect.stringMatching(/^\*5\r\n\$7\r\nevalsha\r\n\$40\r\n/), ['1', 'key', '4']],
  ]);
});
