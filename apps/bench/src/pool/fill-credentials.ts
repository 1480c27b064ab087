import type { Postgres } from '@sluice/platform-postgres/create-postgres';

export interface Filling {
  count: number;
  /** Of them, so many of a hundred rest for an hour. */
  restingPercent: number;
  hasWindows: boolean;
}

const INSERT = `
INSERT INTO credential (id, upstream, kind, label, identity, secret, limits, models, state, next_try_at, counters, created_at)
SELECT 'cred_' || lpad(to_hex(n), 24, '0'), 'openai', 'api-key', 'bench ' || n, 'identity ' || n, '\\x00', '{"chat": 8}', NULL,
       CASE WHEN n % 100 < $2 THEN 'rate_limited' ELSE 'ready' END,
       CASE WHEN n % 100 < $2 THEN now() + interval '1 hour' END,
       CASE WHEN $3 THEN jsonb_build_object('windows', jsonb_build_object('requests chat * 72000000',
              jsonb_build_array(floor(extract(epoch FROM now() + interval '10 hours') * 1000), n % 80))) ELSE '{}' END,
       now() + n * interval '1 millisecond'
FROM generate_series(1, $1) AS n`;

/** Replaces all credentials. Nobody is told: the rows are there before anybody reads them. */
export async function fillCredentials(
  postgres: Postgres,
  { count, restingPercent, hasWindows }: Filling,
): Promise<void> {
  await postgres.query({ text: 'TRUNCATE credential' });
  await postgres.query({ text: 'ALTER TABLE credential DISABLE TRIGGER USER' });
  await postgres.query({ text: INSERT, values: [count, restingPercent, hasWindows] });
  await postgres.query({ text: 'ALTER TABLE credential ENABLE TRIGGER USER' });
  await postgres.query({ text: 'ANALYZE credential' });
}
