import { defineStatement } from '@sluice/platform-postgres/statement';

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

export interface ClientFileRow {
  id: string;
  owner_key_id: string;
  purpose: string;
  filename: string;
  media_key: string;
  media_type: string;
  /** As Postgres tells what may be larger than a number holds. */
  bytes: string;
  created_at: Date;
  expires_at: Date | null;
}

export const insertClientFile = defineStatement<
  { id: string },
  [
    id: string,
    owner: string,
    purpose: string,
    filename: string,
    mediaKey: string,
    mediaType: string,
    bytes: number,
    createdAt: Date,
    expiresAt: Date | null,
    ownerBytes: number,
    ownerFiles: number,
  ]
>(sql('insert-client-file'));

export const findClientFile = defineStatement<ClientFileRow, [id: string, owner: string, now: Date]>(
  sql('find-client-file'),
);

type ListParameters = [
  owner: string,
  now: Date,
  purpose: string | null,
  afterTime: Date | null,
  afterId: string | null,
  limit: number,
];
export const listClientFilesNewest = defineStatement<ClientFileRow, ListParameters>(sql('list-client-files-newest'));
export const listClientFilesOldest = defineStatement<ClientFileRow, ListParameters>(sql('list-client-files-oldest'));

export const removeClientFile = defineStatement<never, [id: string, owner: string]>(sql('remove-client-file'));
export const listExpiredClientFiles = defineStatement<Pick<ClientFileRow, 'id' | 'media_key'>, [Date, limit: number]>(
  sql('list-expired-client-files'),
);

/** For files whose content is not there any more. */
export const forgetClientFiles = defineStatement<never, [mediaKeys: readonly string[]]>(sql('forget-client-files'));
export const findKeptKeys = defineStatement<Pick<ClientFileRow, 'media_key'>, [mediaKeys: readonly string[]]>(
  sql('find-kept-keys'),
);
