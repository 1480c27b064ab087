import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Vault } from './vault.js';

/** The part of a stored proxy URL behind `#` is its password, sealed. */
const SEALED = '#sealed=';
const PROTOCOLS = ['http:', 'https:', 'socks5:'];

/** Throws where it is no proxy that can be used. */
export function checkProxyUrl(text: string, field: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !PROTOCOLS.includes(url.protocol) || url.hostname === '')
    throw refused(field, 'must be a URL like http://host:port, https://host:port or socks5://host:port');
  if (url.search !== '' || url.hash !== '' || !/^\/?$/.test(url.pathname))
    throw refused(field, 'must have no path, query or fragment');
  return url;
}

export function isProxyUrl(text: string): boolean {
  return URL.canParse(text) && PROTOCOLS.includes(new URL(text).protocol);
}

/** How a proxy URL is stored: readable but for its password. `context` names the owner. */
export function sealProxyUrl(vault: Pick<Vault, 'seal'>, text: string, context: string): string {
  const url = checkProxyUrl(text, 'proxyUrl');
  const { password } = url;
  if (password === '') return url.href;
  url.password = '';
  return url.href + SEALED + vault.seal(password, proxyContext(context)).toString('base64url');
}

/** The whole URL, to connect with. */
export function openProxyUrl(vault: Pick<Vault, 'unseal'>, stored: string, context: string): string {
  const [shown = '', sealed] = stored.split(SEALED);
  if (sealed === undefined) return shown;
  const url = new URL(shown);
  url.password = vault.unseal(Buffer.from(sealed, 'base64url'), proxyContext(context));
  return url.href;
}

/** For operators: that there is a password, sealed or not, and not which. */
export function showProxyUrl(stored: string): string {
  const [shown = '', sealed] = stored.split(SEALED);
  const url = new URL(shown);
  if (sealed === undefined && url.password === '') return shown;
  url.password = '***';
  return url.href;
}

const proxyContext = (context: string): string => `proxy of ${context}`;

function refused(field: string, problem: string): GatewayError {
  return new GatewayError('invalid_request', `${field}: ${problem}`, { param: field });
}
