/** As the library leaves the arguments of a command: whatever else was given is a string by then. */
export interface EncodableCommand {
  name: string;
  args: readonly unknown[];
}

/** Beyond it the library's own way is as quick. */
const LONGEST_ARGUMENT = 16_384;
/** The same where a text is not ASCII: its bytes as characters are one more copy. */
const LONGEST_OTHER_TEXT = 2_048;

const KNOWN_LENGTHS = 256;
const lengthLines = Array.from({ length: KNOWN_LENGTHS }, (_, length) => `$${length}\r\n`);

/**
 * A command as the store reads it, in a string with one character a byte: such strings are joined without copying, and the
 * socket writes them as they are. Undefined where an argument is large.
 */
export function encodeCommand({ name, args }: EncodableCommand): string | undefined {
  const start = encodeArgument(name);
  if (start === undefined) return undefined;
  let encoded = `*${args.length + 1}\r\n${start}`;
  for (const argument of args) {
    const part = encodeArgument(argument);
    if (part === undefined) return undefined;
    encoded += part;
  }
  return encoded;
}

function encodeArgument(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument.length <= LONGEST_ARGUMENT ? encodeText(argument) : undefined;
  return argument instanceof Buffer && argument.length <= LONGEST_ARGUMENT ? encodeBytes(argument) : undefined;
}

function encodeText(text: string): string | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes === text.length) return lengthLine(bytes) + text + '\r\n';
  if (text.length > LONGEST_OTHER_TEXT) return undefined;
  const encoded = Buffer.allocUnsafe(bytes);
  encoded.write(text);
  return encodeBytes(encoded);
}

function encodeBytes(bytes: Buffer): string {
  return lengthLine(bytes.length) + bytes.toString('latin1') + '\r\n';
}

function lengthLine(length: number): string {
  return lengthLines[length] ?? `$${length}\r\n`;
}
