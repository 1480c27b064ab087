import { extraHeadersSchema } from '@sluice/contracts/extra-headers';
import { z } from 'zod';

const PROXY_PROTOCOLS = new Set(['http:', 'https:', 'socks5:']);
const MOST_PROXIES = 1_000;

const proxySchema = z
  .string()
  .trim()
  .max(2_000)
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return (
      url !== undefined && PROXY_PROTOCOLS.has(url.protocol) && url.hostname !== '' && url.search + url.hash === ''
    );
  }, 'must be a URL like http://host:port, https://host:port or socks5://host:port');

const upstreamSchema = z.string().trim().min(1).max(100);

/** Proxies by upstream; `*` are those of all others. Each credential stays with one. */
export const proxiesSchema = z.record(upstreamSchema, z.array(proxySchema).max(MOST_PROXIES));
export type Proxies = z.infer<typeof proxiesSchema>;

/** Headers that go with every call, by upstream; `*` is all of them. */
export const upstreamHeadersSchema = z.record(upstreamSchema, extraHeadersSchema);
export type UpstreamHeaders = z.infer<typeof upstreamHeadersSchema>;

/** How often one generation is tried, the first included. */
export const attemptLimitsSchema = z.strictObject({
  /** Where a credential is refused: with another one. */
  elsewhere: z.int().min(1).max(100),
  /** Where a call fails: each costs. */
  again: z.int().min(1).max(20),
  /** Of work that is paid once: what was refused for good after so many is told. Absent: 5. */
  submissions: z.int().min(1).max(100).optional(),
});
export type AttemptLimits = z.infer<typeof attemptLimitsSchema>;
