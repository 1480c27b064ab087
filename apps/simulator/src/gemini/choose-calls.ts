import type { Fault } from '../faults/fault.js';
import { sampleJson } from '../openai/sample-json.js';
import type { Conversation } from './conversation.js';
import { declarationsOf, type Declaration, type GenerateRequest } from './generate-request.js';
import type { ModelFamily } from './model-family.js';
import { sign } from './signature.js';

/** Calls the declared functions in turn, once unless a marker says otherwise; never again after their results came. */
export function chooseCalls(
  request: GenerateRequest,
  { conversation, family, fault }: { conversation: Conversation; family: ModelFamily; fault: Fault | undefined },
): Record<string, unknown>[] {
  const { mode, allowedFunctionNames = [] } = request.toolConfig?.functionCallingConfig ?? {};
  if (mode === 'NONE' || conversation.toolResults.length > 0 || fault?.echoRequest) return [];
  const offered = declarationsOf(request).filter(
    ({ name }) => allowedFunctionNames.length === 0 || allowedFunctionNames.includes(name),
  );
  const count = offered.length === 0 ? 0 : (fault?.tools ?? 1);
  return Array.from({ length: count }, (_, index) => offered[index % offered.length])
    .filter((declaration) => declaration !== undefined)
    .map((declaration, index) => toPart(declaration, { family, isFirst: index === 0 }));
}

let lastCall = 0;

/** Of parallel calls only the first is signed. */
function toPart(
  { name, parameters, parametersJsonSchema }: Declaration,
  { family, isFirst }: { family: ModelFamily; isFirst: boolean },
) {
  lastCall += 1;
  const args = sampleJson(lowerTypes(parametersJsonSchema ?? parameters ?? { type: 'object' }), name);
  return {
    functionCall: { ...(family.signs && { id: `sim${lastCall.toString(36).padStart(8, '0')}` }), name, args },
    ...(family.signs && isFirst && { thoughtSignature: sign(name) }),
  };
}

/** Google writes types in upper case. */
export function lowerTypes(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(lowerTypes);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'type' && typeof value === 'string' ? value.toLowerCase() : lowerTypes(value),
    ]),
  );
}
