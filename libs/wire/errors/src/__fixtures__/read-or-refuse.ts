import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';
import { namesField } from './names-field.js';

/** What a decoder may do with a body: read it, or refuse it by the name of a field. Throws where it did anything else. */
export function readOrRefuse(body: unknown, decode: (body: unknown) => unknown): 'read' | 'refused' {
  const before = JSON.stringify(body);
  const outcome = attempt(body, decode);
  if (JSON.stringify(body) !== before) throw new Error('the decoder changed the body');
  return outcome;
}

function attempt(body: unknown, decode: (body: unknown) => unknown): 'read' | 'refused' {
  try {
    decode(body);
    return 'read';
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    checkRefusal(error, body);
    return 'refused';
  }
}

function checkRefusal({ code, data: { param, message } }: GatewayError, body: unknown): void {
  if (code !== 'invalid_request' && code !== 'unsupported') throw new Error(`refused as ${code}: ${message}`);
  if (!isJsonObject(body)) {
    if (param !== undefined) throw new Error(`names '${param}' of a body that has no fields`);
    return;
  }
  if (param === undefined) throw new Error(`names no field: ${message}`);
  if (!namesField(body, param)) throw new Error(`'${param}' is no field of the body: ${message}`);
}
