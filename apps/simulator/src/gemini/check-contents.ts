import type { Content, Part } from './generate-request.js';
import { invalidArgument } from './refuse.js';

const DATA_FIELDS = [
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
  'audioTranscription',
];

/** What Google demands of the turns of a conversation. */
export function checkContents(contents: readonly Content[]): void {
  if (contents.length === 0) throw broken('contents', 'contents is not specified');
  contents.forEach(({ role, parts = [] }, position) => {
    const place = `contents[${position}]`;
    if (role !== undefined && role !== 'user' && role !== 'model')
      throw invalidArgument('Please use a valid role: user, model.', `${place}.role`);
    if (parts.length === 0) throw broken(`${place}.parts`, 'contents.parts must not be empty.');
    parts.forEach((part, index) => checkPart(part, `${place}.parts[${index}]`));
  });
  contents.forEach((content, position) =>
    checkCalls(content, { before: contents[position - 1], after: contents[position + 1] }),
  );
}

function checkPart(part: Part, place: string): void {
  const held = DATA_FIELDS.filter((field) => part[field] !== undefined);
  if (held.length === 0) throw broken(`${place}.data`, "required oneof field 'data' must have one initialized field");
  if (held.length > 1)
    throw invalidArgument(`Invalid value at '${place}' (oneof), oneof field 'data' is already set.`, place);
}

/** A turn of calls follows the user's, and is answered at once and in full. */
function checkCalls(
  content: Content,
  { before, after }: { before: Content | undefined; after: Content | undefined },
): void {
  const calls = count(content, 'functionCall');
  const results = count(content, 'functionResponse');
  if (calls > 0 && (before === undefined || before.role === 'model'))
    throw invalidArgument(
      'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
    );
  if (calls > 0 && after !== undefined && count(after, 'functionResponse') !== calls)
    throw invalidArgument(
      'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
    );
  if (results > 0 && (before === undefined || count(before, 'functionCall') === 0))
    throw invalidArgument('Please ensure that function response turn comes immediately after a function call turn.');
}

function count({ parts = [] }: Content, field: 'functionCall' | 'functionResponse'): number {
  return parts.filter((part) => part[field] !== undefined).length;
}

function broken(place: string, problem: string) {
  return invalidArgument(`* GenerateContentRequest.${place}: ${problem}\n`, place);
}
