import { defineStatement } from '@sluice/platform-postgres/statement';
import type { DurableRow } from './durable-row.js';

export const submitDurable = defineStatement<
  { accepted_id: string | null; fingerprint: string | null; generation_id: string | null },
  [submission: string]
>({ name: 'submit-durable', url: new URL('../sql/submit-durable.sql', import.meta.url) });

export const submitDurables = defineStatement<never, [submissions: string]>({
  name: 'submit-durables',
  url: new URL('../sql/submit-durables.sql', import.meta.url),
});

export const findDurables = defineStatement<DurableRow, [ids: readonly string[]]>({
  name: 'find-durables',
  url: new URL('../sql/find-durables.sql', import.meta.url),
});

type ListParameters = [
  ownerKeyId: string,
  kinds: readonly string[],
  afterTime: Date | null,
  afterId: string | null,
  states: readonly string[] | null,
  limit: number,
];

export const listDurablesNewest = defineStatement<DurableRow, ListParameters>({
  name: 'list-durables-newest',
  url: new URL('../sql/list-durables-newest.sql', import.meta.url),
});

export const listDurablesOldest = defineStatement<DurableRow, ListParameters>({
  name: 'list-durables-oldest',
  url: new URL('../sql/list-durables-oldest.sql', import.meta.url),
});

export const pageDurables = defineStatement<
  DurableRow,
  [ownerKeyId: string, kinds: readonly string[], states: readonly string[], limit: number, offset: number]
>({ name: 'page-durables', url: new URL('../sql/page-durables.sql', import.meta.url) });

export const countDurables = defineStatement<
  { total: number },
  [ownerKeyId: string, kinds: readonly string[], states: readonly string[]]
>({ name: 'count-durables', url: new URL('../sql/count-durables.sql', import.meta.url) });

export const requestCancel = defineStatement<
  { id: string; state: DurableRow['state']; last_sequence: number; queue_upstream: string },
  [id: string, ownerKeyId: string, now: Date, endJson: string]
>({ name: 'request-cancel', url: new URL('../sql/request-cancel.sql', import.meta.url) });

export const removeDurable = defineStatement<{ id: string }, [id: string, ownerKeyId: string]>({
  name: 'remove-durable',
  url: new URL('../sql/remove-durable.sql', import.meta.url),
});

export const noteFacts = defineStatement<never, [id: string, ownerKeyId: string, facts: string]>({
  name: 'note-facts',
  url: new URL('../sql/note-facts.sql', import.meta.url),
});

export const purgeChats = defineStatement<{ id: string }, [before: Date, limit: number]>({
  name: 'purge-chats',
  url: new URL('../sql/purge-chats.sql', import.meta.url),
});

export const purgeDurables = defineStatement<{ id: string }, [before: Date, firstKeptId: string, limit: number]>({
  name: 'purge-durables',
  url: new URL('../sql/purge-durables.sql', import.meta.url),
});

export const purgeLedger = defineStatement<{ id: string }, [before: Date, firstKeptId: string, limit: number]>({
  name: 'purge-ledger',
  url: new URL('../sql/purge-ledger.sql', import.meta.url),
});

export const countBefore = defineStatement<
  { before: number },
  [upstream: string, createdAt: Date, id: string, limit: number]
>({ name: 'count-before', url: new URL('../sql/count-before.sql', import.meta.url) });

export const measurePace = defineStatement<
  { ended: number; run_seconds: number; gap_seconds: number },
  [upstream: string, since: Date]
>({ name: 'measure-pace', url: new URL('../sql/measure-pace.sql', import.meta.url) });

export const readDurableLog = defineStatement<
  { first_sequence: number; parts: string },
  [generationId: string, afterSequence: number]
>({ name: 'read-durable-log', url: new URL('../sql/read-durable-log.sql', import.meta.url) });

export const findLogEnds = defineStatement<
  { id: string; last_sequence: number; is_final: boolean },
  [ids: readonly string[]]
>({
  name: 'find-log-ends',
  url: new URL('../sql/find-log-ends.sql', import.meta.url),
});

export const findUserOf = defineStatement<{ id: string }, [ownerKeyId: string, names: readonly string[]]>({
  name: 'find-user-of',
  url: new URL('../sql/find-user-of.sql', import.meta.url),
});

export const findHiddenCharacters = defineStatement<
  { id: string },
  [ownerKeyId: string, characterIds: readonly string[]]
>({
  name: 'find-hidden-characters',
  url: new URL('../sql/find-hidden-characters.sql', import.meta.url),
});
