import { isJsonObject } from '@sluice/contracts/json-object';

/** Whether a body asks for a response that nobody waits for. */
export function isInBackground(body: unknown): boolean {
  return isJsonObject(body) && body['background'] === true;
}
