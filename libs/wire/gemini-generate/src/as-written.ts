import { GatewayError } from '@sluice/contracts/gateway-error';
import { fieldName } from '@sluice/wire-errors/schema-error';
import { originalPath } from './camel-case.js';

/** A refusal of something in the body names the field as the client spelt it; `within` is the field that was read. */
export function asWritten<Result>(read: () => Result, { body, within }: { body: unknown; within: string[] }): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof GatewayError) || error.data.param === undefined) throw error;
    const { code, message, param = '', ...data } = error.data;
    const own = fieldName(originalPath([...within, ...pathOf(param)], body));
    throw new GatewayError(
      code,
      message.replace(param, () => own),
      { ...data, param: own },
    );
  }
}

/** Of a field that this dialect itself has named, so no name holds a dot. */
function pathOf(param: string): PropertyKey[] {
  return (param.match(/[^.[\]]+/g) ?? []).map((key) => (/^\d+$/.test(key) ? Number(key) : key));
}
