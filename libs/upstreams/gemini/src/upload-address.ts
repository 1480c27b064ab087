import { GatewayError } from '@sluice/contracts/gateway-error';

const VERSION = /\/v1(?:alpha|beta)?\d*$/;
const UPLOAD_PATH = /\/upload\/(v\d\w*)\/files$/;

/** Where uploads begin. The version stands behind `upload`, whether or not the operator wrote one. */
export function uploadRoot(baseUrl: string): string {
  const version = VERSION.exec(baseUrl)?.[0] ?? '/v1beta';
  return `${baseUrl.replace(VERSION, '')}/upload${version}/files`;
}

/**
 * Where the bytes of an upload go. Google names its own host; the account's base URL may be a relay's, and only there is the key
 * shown. An address of another shape is followed at home alone.
 */
export function uploadAddress(told: string, baseUrl: string): string {
  const url = URL.canParse(told, baseUrl) ? new URL(told, baseUrl) : undefined;
  if (url?.origin === new URL(baseUrl).origin) return url.href;
  if (url !== undefined && UPLOAD_PATH.test(url.pathname)) return uploadRoot(baseUrl) + url.search;
  throw new GatewayError('upstream_bad_answer', 'The upstream named a strange address for an upload.', {
    saw: 'refused',
  });
}
