import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { StartedSluice } from '../../harness/start-sluice.js';
import type { Check } from '../capability.js';
import { chatOnce } from './shared-model.js';

export function secretChecks({ client, sluice }: { client: SluiceClient; sluice: StartedSluice }): Check[] {
  return [
    {
      title: 'no file of Postgres, Redis or the logs holds a secret in clear',
      prove: async () => {
        const secret = `sk-planted-${randomBytes(12).toString('hex')}`;
        const label = `label-${randomBytes(12).toString('hex')}`;
        const { model } = await client.admin.createModel({ secret: { apiKey: secret }, label, limits: { chat: 2 } });
        await client.simulator.setKey({ key: secret, state: 'revoked' });
        await chatOnce(client, { model, delayMs: 0, name: 'refused' });
        const [secrets, labels] = await Promise.all([filesWith(sluice.home, secret), filesWith(sluice.home, label)]);
        assert.deepEqual(secrets, [], `${secret} lies in clear in ${secrets.join(', ')}`);
        assert.notEqual(labels.length, 0, 'the search finds nothing at all');
        return `the label beside it was found in ${labels.length} files, the secret in none`;
      },
    },
  ];
}

async function filesWith(home: string, text: string): Promise<string[]> {
  const roots = [home, await realpath(join(home, 'postgres')).catch(() => home)];
  const found = new Set<string>();
  for (const root of new Set(roots)) {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((one) => one.isFile())) {
      const path = join(entry.parentPath, entry.name);
      const content = await readFile(path).catch(() => Buffer.alloc(0));
      if (content.includes(text)) found.add(path);
    }
  }
  return [...found];
}
