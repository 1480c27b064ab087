import type { Proxies } from './ways-out.js';

const HIDDEN = '***';

/** For operators: that there are passwords, and not which. */
export function showProxies(proxies: Proxies): Proxies {
  return mapUrls(proxies, (url) => shown(url));
}

/** What was shown and comes back as it was keeps its passwords. */
export function restoreProxies(given: Proxies, held: Proxies): Proxies {
  const byShown = new Map(
    Object.values(held)
      .flat()
      .map((url) => [shown(url), url]),
  );
  return mapUrls(given, (url) => byShown.get(shown(url) === url ? url : '') ?? url);
}

function mapUrls(proxies: Proxies, map: (url: string) => string): Proxies {
  return Object.fromEntries(Object.entries(proxies).map(([upstream, urls]) => [upstream, urls.map(map)]));
}

function shown(text: string): string {
  const url = new URL(text);
  if (url.password === '') return text;
  url.password = HIDDEN;
  return url.href;
}
