const FILE_PATH = /\/v\d\w*\/(files\/[\w-]+):download$/;

/**
 * Where a finished file is fetched. Google names its own host; the account's base URL may be a proxy's, and only there is
 * the key shown. An address of another shape is an open one.
 */
export function fileUrl(uri: string, root: string): { url: string; isHome: boolean } {
  if (!URL.canParse(uri)) return { url: uri, isHome: false };
  const [, name] = FILE_PATH.exec(new URL(uri).pathname) ?? [];
  if (name !== undefined) return { url: `${root}/${name}:download?alt=media`, isHome: true };
  return { url: uri, isHome: new URL(uri).origin === new URL(root).origin };
}
