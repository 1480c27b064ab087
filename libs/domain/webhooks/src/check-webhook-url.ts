import { GatewayError } from '@sluice/contracts/gateway-error';
import { isGlobalAddress, literalAddress } from '@sluice/platform-http/address-guard';

const LONGEST_URL = 2_048;

export interface WebhookUrl {
  url: string;
  /** Of the field or header that named it. */
  param: string;
  allowPrivateNetwork: boolean;
}

/** What is wrong with a URL before anything is looked up; where its name leads is checked at every connection. */
export function checkWebhookUrl({ url: text, param, allowPrivateNetwork }: WebhookUrl): string {
  const refuse = (problem: string) => new GatewayError('invalid_request', `${param}: ${problem}`, { param });
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw refuse('is not a URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('is not an http or https URL');
  if (url.href.length > LONGEST_URL) throw refuse(`is longer than ${LONGEST_URL} characters`);
  if (url.username || url.password) throw refuse('must not hold a user name or password');
  const address = literalAddress(url.hostname);
  if (!allowPrivateNetwork && address !== undefined && !isGlobalAddress(address))
    throw refuse('is not an address of the public Internet; private networks are not allowed here');
  url.hash = '';
  return url.href;
}
