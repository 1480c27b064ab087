import type { Settings } from '@sluice/domain-settings/settings';
import { createChatPathTable, readChatPaths, type ChatPathTable } from './chat-path-table.js';
import { geminiPath } from '../gemini/gemini-path.js';
import { mendPath, nearestPath } from './mend-path.js';

/** What is known of a request before it is routed. */
export interface RawRequest {
  method?: string | undefined;
  url?: string | undefined;
}

const V1 = '/v1/';

/** Puts the URL that is served in place of the one that was called. Asked for every request, before anything else. */
export class PathRewriter {
  private table: ChatPathTable = new Map();
  private mendsPrefixes = false;
  private readonly stopWatching: () => void;

  constructor(settings: Pick<Settings, 'get' | 'watch'>) {
    this.stopWatching = settings.watch(() => {
      this.table = createChatPathTable(readChatPaths(settings));
      this.mendsPrefixes = settings.get('MEND_PREFIXES');
    });
  }

  rewrite({ method, url = '/' }: RawRequest): string {
    const queryAt = url.indexOf('?');
    const called = queryAt === -1 ? url : url.slice(0, queryAt);
    const query = queryAt === -1 ? '' : url.slice(queryAt);
    const path = geminiPath(called) ?? called;
    const isChatCall = this.table.size > 0 && method === 'POST';
    const extra = isChatCall ? this.table.get(withoutSlash(path)) : undefined;
    if (extra === undefined && isPlain(path)) return path === called ? url : path + query;
    const mended = extra ?? this.mend(path);
    const meant = extra === undefined && isChatCall ? (this.table.get(withoutSlash(mended)) ?? mended) : mended;
    return meant + query;
  }

  private mend(path: string): string {
    const mended = mendPath(path);
    return this.mendsPrefixes ? (nearestPath(mended) ?? mended) : mended;
  }

  close(): void {
    this.stopWatching();
  }
}

/** Nearly every request: nothing to mend. */
function isPlain(path: string): boolean {
  if (!path.startsWith(V1) || path.includes('//')) return false;
  return (
    !path.startsWith('v1', V1.length) && !path.startsWith('api/', V1.length) && !path.startsWith('openai/', V1.length)
  );
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.replace(/\/+$/, '') : path;
}
