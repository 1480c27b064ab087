import type { Json, JsonObject } from '@sluice/contracts/json';
import { isJsonObject } from '@sluice/contracts/json-object';

/** The search results of a frame as a list, beside the thoughts that they came with; empty where there are none. */
export function sourcesOf({ webSearchResults, xSearchResults }: JsonObject): string {
  const pages = resultsOf(webSearchResults).flatMap(({ title, url }) => line(title, url));
  const posts = resultsOf(xSearchResults).flatMap(({ username, postId }) =>
    typeof username === 'string' && typeof postId === 'string'
      ? line(`@${username}`, `https://x.com/${username}/status/${postId}`)
      : [],
  );
  const lines = [...pages, ...posts];
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}

function resultsOf(found: Json | undefined): JsonObject[] {
  const results = isJsonObject(found) ? found['results'] : undefined;
  return Array.isArray(results) ? results.filter((each) => isJsonObject(each)) : [];
}

function line(title: Json | undefined, url: Json | undefined): string[] {
  if (typeof url !== 'string' || !URL.canParse(url)) return [];
  const name = typeof title === 'string' && title !== '' ? title : url;
  return [`- [${name.replaceAll(/[[\]\n]/g, ' ')}](${url})`];
}
