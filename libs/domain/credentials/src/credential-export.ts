import type { Clock } from '@sluice/contracts/clock';
import { parseBody } from '@sluice/contracts/parse-body';
import { z } from 'zod';
import type { CredentialContents } from './credential-contents.js';
import { credentialFilterSchema, credentialQuerySchema } from './credential-query.js';
import type { CredentialSearch } from './credential-search.js';
import type { StoredCredential } from './stored-credential.js';

/** Query of `GET /admin/api/credentials/export`. */
export const credentialExportSchema = credentialFilterSchema.extend({
  secrets: z.enum(['none', 'reveal']).default('none'),
});

const PAGE_SIZE = 1_000;

/** Credentials as bodies that an import takes. */
export class CredentialExport {
  constructor(private readonly options: { search: CredentialSearch; contents: CredentialContents; clock: Clock }) {}

  /** Whether the secrets are asked for: then the asking has to be noted first. */
  isRevealing(query: unknown): boolean {
    return parseBody(credentialExportSchema, query).secrets === 'reveal';
  }

  /** JSON lines, page by page: memory stays bounded. */
  async *lines(query: unknown): AsyncGenerator<string> {
    const { secrets, ...filter } = parseBody(credentialExportSchema, query);
    const now = new Date(this.options.clock.now());
    let cursor: string | undefined;
    do {
      const page = await this.options.search.page(
        credentialQuerySchema.parse({ ...filter, cursor, limit: PAGE_SIZE }),
        now,
      );
      yield page.rows.map((row) => `${JSON.stringify(this.toBody(row, secrets))}\n`).join('');
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }

  private toBody(row: StoredCredential, secrets: 'none' | 'reveal'): object {
    const {
      upstream,
      kind,
      label,
      baseUrl,
      models,
      limits,
      weight,
      tags,
      enabled,
      allowPrivateNetwork,
      demo,
      notes,
      settings,
    } = row;
    const shown = {
      upstream,
      kind,
      label,
      baseUrl,
      models,
      limits,
      weight,
      tags,
      enabled,
      allowPrivateNetwork,
      demo,
      notes,
    };
    if (secrets === 'reveal')
      return {
        ...shown,
        secret: this.options.contents.openSecret(row),
        settings: this.options.contents.openSettings(row),
      };
    const { proxyUrl: _proxyUrl, ...rest } = settings;
    return { ...shown, settings: rest };
  }
}
