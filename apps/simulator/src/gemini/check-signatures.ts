import type { Content } from './generate-request.js';
import type { ModelFamily } from './model-family.js';
import { invalidArgument } from './refuse.js';
import { isSigned } from './signature.js';

/** The first call of each step of the current turn has to bring its signature back; earlier turns are not looked at. */
export function checkSignatures(contents: readonly Content[], family: ModelFamily): void {
  if (!family.signs) return;
  if (family.paints !== undefined) checkPictures(contents);
  const turnStart = contents.findLastIndex(isAsked);
  contents.forEach(({ parts = [] }, position) => {
    if (position < turnStart) return;
    const first = parts.find(({ functionCall }) => functionCall !== undefined);
    if (first?.functionCall === undefined) return;
    const { name } = first.functionCall;
    if (first.thoughtSignature === undefined) throw missing(name, position);
    if (!isSigned(first.thoughtSignature, name)) throw invalidArgument('Thought signature is not valid.');
  });
}

/** Of its own pictures, whenever they were made, the proof has to come back. */
function checkPictures(contents: readonly Content[]): void {
  contents.forEach(({ role, parts = [] }, position) => {
    if (role !== 'model') return;
    parts.forEach(({ inlineData, thoughtSignature }, index) => {
      if (inlineData === undefined) return;
      if (thoughtSignature === undefined)
        throw invalidArgument(
          `Image part is missing a thought_signature in content position ${position + 1}, part position ${index + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`,
        );
      if (!isSigned(thoughtSignature, 'image')) throw invalidArgument('Thought signature is not valid.');
    });
  });
}

function isAsked({ role, parts = [] }: Content): boolean {
  return role !== 'model' && parts.every(({ functionResponse }) => functionResponse === undefined);
}

function missing(name: string, position: number) {
  return invalidArgument(
    `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${name}\`, position ${position + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`,
  );
}
