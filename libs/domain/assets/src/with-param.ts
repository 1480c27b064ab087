import { GatewayError } from '@sluice/contracts/gateway-error';

/** The failure with the field that it is about, unless it names one already. */
export function withParam(error: unknown, field: string): unknown {
  if (!(error instanceof GatewayError) || error.data.param !== undefined) return error;
  const { code, message, ...rest } = error.data;
  return new GatewayError(code, `Invalid '${field}': ${message}`, { ...rest, param: field, cause: error });
}
