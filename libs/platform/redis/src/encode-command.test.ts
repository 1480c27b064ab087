import fc from 'fast-check';
import { Command } from 'ioredis';
import { expect, test } from 'vitest';
import { encodeCommand } from './encode-command.js';

const argument = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  // Halves of pairs among them.
  fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
  fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
  fc.oneof(fc.integer(), fc.double(), fc.constant(null)),
  fc.tuple(fc.constantFrom('a', 'é', '日', '😀'), fc.nat(20_000)).map(([letter, length]) => letter.repeat(length)),
);

test('is byte for byte what the library makes, for whatever is not large', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.array(argument, { maxLength: 30 }), (name, args) => {
      // The library looks names up in an object and would find `toString` there.
      const command = new Command(`.${name}`, args as ConstructorParameters<typeof Command>[1]);
      const encoded = encodeCommand(command);
      const isLarge = command.args.some((arg) => (arg as string | Buffer).length > 2_048);
      if (encoded === undefined) expect(isLarge).toBe(true);
      else expect(Buffer.from(encoded, 'latin1').equals(Buffer.from(command.toWritable({})))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('leaves large arguments to the library', () => {
  const isLeft = (value: string | Buffer) => encodeCommand(new Command('set', ['key', value])) === undefined;
  expect(['a'.repeat(16_384), 'é'.repeat(2_048), Buffer.alloc(16_384)].map(isLeft)).toEqual([false, false, false]);
  expect(['a'.repeat(16_385), 'é'.repeat(2_049), Buffer.alloc(16_385)].map(isLeft)).toEqual([true, true, true]);
});
