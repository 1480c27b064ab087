import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signed address lets whoever holds it do: read one path, for a while. */
export interface SignedPath {
  path: string;
  /** Unix seconds. */
  expires: number;
  signature: string;
}

export interface UrlSigner {
  sign(path: string, expiresAtMs: number): SignedPath;
  /** False for an address that was altered, or is past its time. */
  verify(signed: SignedPath, nowMs: number): boolean;
}

/** Every replica with the same key signs, and accepts, the same. */
export function createUrlSigner(key: Uint8Array): UrlSigner {
  const digest = (path: string, expires: number) =>
    createHmac('sha256', key).update(`${expires}\n${path}`).digest('base64url');
  return {
    sign(path, expiresAtMs) {
      const expires = Math.floor(expiresAtMs / 1000);
      return { path, expires, signature: digest(path, expires) };
    },
    verify({ path, expires, signature }, nowMs) {
      if (!Number.isSafeInteger(expires) || nowMs >= expires * 1000) return false;
      const [given, right] = [Buffer.from(signature), Buffer.from(digest(path, expires))];
      return given.byteLength === right.byteLength && timingSafeEqual(given, right);
    },
  };
}
