import { type ErrorData, toGatewayError } from '@sluice/contracts/gateway-error';
import type { Json } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import { isModeration } from './web.error.js';
import { callWebJson, type WebAccount } from './web.request.js';

/** What the site proposes for a cameo that is ready. */
export interface CameoHints {
  pictureUrl?: string;
  username?: string;
  displayName?: string;
  instructions?: string;
}

export type CameoStanding =
  | { type: 'waiting' }
  | { type: 'failed'; error: ErrorData }
  | { type: 'ready'; hints: CameoHints };

/** How far a cameo is; undefined for one that the site does not know. */
export async function lookAtCameo(id: string, context: WebAccount): Promise<CameoStanding | undefined> {
  const path = `/project_y/cameos/in_progress/${encodeURIComponent(id)}`;
  let answer: Json;
  try {
    answer = await callWebJson({ path }, context);
  } catch (thrown) {
    if (toGatewayError(thrown).data.upstreamStatus === 404) return undefined;
    throw thrown;
  }
  const told = isJsonObject(answer) ? answer : {};
  const { status, status_message: message } = told;
  if (status === 'failed') return { type: 'failed', error: failureOf(text(message)) };
  if (status !== 'finalized' && message !== 'Completed') return { type: 'waiting' };
  return {
    type: 'ready',
    hints: present({
      pictureUrl: text(told['profile_asset_url']),
      username: text(told['username_hint']),
      displayName: text(told['display_name_hint']),
      instructions: text(told['instruction_set_hint']),
    }),
  };
}

function failureOf(reason = 'The upstream could not make a character of this film.'): ErrorData {
  return { code: isModeration(reason) ? 'content_refused' : 'upstream_error', message: reason, saw: 'refused' };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
