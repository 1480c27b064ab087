import { GatewayError } from '@sluice/contracts/gateway-error';

const DIGITS = '[0-9a-f]{32}';
const OPERATION = new RegExp(`^(?:models/.+/)?operations/(gen_${DIGITS})$`);
const FILE = new RegExp(`(?:^|files/)(${DIGITS})(?::download)?(?:$|[?#])`);

/** `models/{model}/operations/{generation}`: what clients ask after, as it stands. */
export function operationName({ id, model }: { id: string; model: string }): string {
  return `models/${model}/operations/${id}`;
}

/** The generation that an operation's name stands for. */
export function generationIn(name: string): string | undefined {
  return OPERATION.exec(name)?.[1];
}

/** Google's SDK cuts the id out of an address at the first sign that is no small letter or digit. */
export function fileDigits(id: string): string {
  return id.replace(/^(?:gen_|file-)/, '');
}

/** Of `files/{id}`, with or without `:download`, alone or at the end of an address; undefined for what is none of ours. */
export function digitsIn(name: string): string | undefined {
  return FILE.exec(name)?.[1];
}

/** The video that an address of ours leads to. */
export function videoIn(uri: string, field: string): string {
  const digits = digitsIn(uri);
  if (digits !== undefined) return `gen_${digits}`;
  const text = `Invalid value for '${field}': a video is named by the uri under which it was made here.`;
  throw new GatewayError('invalid_request', text, { param: field, reason: 'invalid_value' });
}
