import { Client } from 'pg';

/** One short-lived connection outside the pool, for work that a pool must not do: making databases, ending sessions. */
export async function withAdminClient<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({
    connectionString: url,
    application_name: 'sluice-admin',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
