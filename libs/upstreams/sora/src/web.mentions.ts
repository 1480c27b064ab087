import type { FoundCharacter } from '@sluice/contracts/character';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';
import { present } from '@sluice/contracts/present';
import { callWebJson, type WebAccount } from './web.request.js';

const MOST_FOUND = 20;

/** Who can be mentioned in a prompt, by the beginning of a name. */
export async function searchMentions(username: string, context: WebAccount): Promise<FoundCharacter[]> {
  return (await search(username, context)).map(({ ownerName: _owner, ...found }) => found);
}

/** The account's own character of that very name. */
export async function findByName(username: string, context: WebAccount): Promise<FoundCharacter | undefined> {
  const found = (await search(username, context)).find((one) => one.username === username);
  if (found?.ownerName === undefined) return undefined;
  const me = await callWebJson({ path: '/me' }, context);
  return isJsonObject(me) && me['username'] === found.ownerName ? found : undefined;
}

type Mention = FoundCharacter & { ownerName: string | undefined };

async function search(username: string, context: WebAccount): Promise<Mention[]> {
  const query = new URLSearchParams({ username, intent: 'cameo', limit: String(MOST_FOUND) });
  const answer = await callWebJson({ path: `/project_y/profile/search_mentions?${query.toString()}` }, context);
  const items = isJsonObject(answer) ? answer['items'] : answer;
  return (Array.isArray(items) ? items : []).flatMap((item: Json) => (isJsonObject(item) ? mentionIn(item) : []));
}

/** A profile, or something that holds one. */
function mentionIn(item: JsonObject): Mention[] {
  const profile = isJsonObject(item['profile']) ? item['profile'] : item;
  const id = text(profile['character_id']) ?? text(profile['user_id']) ?? text(profile['id']);
  const username = text(profile['username']);
  if (id === undefined || username === undefined) return [];
  const owner = profile['owner_profile'];
  return [
    {
      id,
      username,
      ...present({
        displayName: text(profile['display_name']),
        pictureUrl: text(profile['profile_picture_url']),
      }),
      ownerName: isJsonObject(owner) ? text(owner['username']) : undefined,
    },
  ];
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
