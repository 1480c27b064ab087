import { isIP } from 'node:net';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { isGlobalAddress } from '@sluice/platform-http/address-guard';

/** One spelling for every base URL: no trailing slash, and `originPath` where only an origin was given. */
export function normaliseBaseUrl(text: string, originPath: string): string {
  const url = parseHttpUrl(text);
  const path = url.pathname.replace(/\/+$/, '');
  return url.origin + (path === '' ? originPath : path);
}

/**
 * Refuses what can be told from the text alone. A name that resolves to a private address is refused at connect time.
 */
export function refusePrivateBaseUrl(baseUrl: string): void {
  const host = new URL(baseUrl).hostname.replace(/^\[|\]$/g, '');
  const isPrivate = isIP(host) === 0 ? /(^|\.)localhost$/i.test(host) : !isGlobalAddress(host);
  if (!isPrivate) return;
  throw new GatewayError(
    'invalid_request',
    `baseUrl: ${host} is in a private network. Set allowPrivateNetwork to true to use it.`,
    {
      param: 'baseUrl',
    },
  );
}

function parseHttpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw refused('must be an http or https URL');
  if (url.username !== '' || url.password !== '')
    throw refused('must not hold a user name or password; put them into secret');
  if (url.search !== '' || url.hash !== '') throw refused('must have no query and no fragment');
  return url;
}

function refused(problem: string): GatewayError {
  return new GatewayError('invalid_request', `baseUrl: ${problem}.`, { param: 'baseUrl' });
}
