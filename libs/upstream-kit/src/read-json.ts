import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { Json } from '@sluice/contracts/json';

/** The whole body as JSON. A web page, or anything else, is a `upstream_bad_answer` that says what it was. */
export async function readJson(
  response: HttpResponse,
  { maximumBytes }: { maximumBytes?: number } = {},
): Promise<Json> {
  return parseJson(await response.text(maximumBytes));
}

/** As `readJson`, of a text that is there. */
export function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new GatewayError('upstream_bad_answer', `The upstream sent ${kindOf(text)} instead of JSON.`, {
      saw: 'unknown',
      cause,
    });
  }
}

/** True for what a browser would show: the mark of a proxy's error page, or of a wrong base URL. */
export function isWebPage(text: string): boolean {
  return text.trimStart().startsWith('<');
}

function kindOf(text: string): string {
  if (text.trim() === '') return 'nothing';
  return isWebPage(text) ? 'a web page' : 'something else';
}
