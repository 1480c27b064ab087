import type { SignedPath } from '@sluice/platform-media/url-signer';

const LINK = /^https?:\/\/[^?#]{1,300}?\/media\/([\w./-]{1,300})\?expires=(\d{1,15})&signature=([\w-]{1,200})$/;
const LONGEST = 1_000;

/** What a link says that looks like one of ours; its host does not matter, since only we can sign. */
export function readMediaLink(url: string): SignedPath | undefined {
  const [, path, expires, signature] = url.length > LONGEST ? [] : (LINK.exec(url) ?? []);
  if (path === undefined || signature === undefined) return undefined;
  return { path, expires: Number(expires), signature };
}
