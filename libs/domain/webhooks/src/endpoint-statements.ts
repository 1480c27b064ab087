import { defineStatement } from '@sluice/platform-postgres/statement';
import type { EndpointRow } from './webhook-rows.js';

const sql = (file: string) => new URL(`../sql/${file}.sql`, import.meta.url);
type Owner = string | null;

export const addEndpoint = defineStatement<
  { id: string },
  [
    id: string,
    owner: Owner,
    url: string | null,
    events: readonly string[],
    description: string,
    enabled: boolean,
    allowPrivateNetwork: boolean,
    secret: Uint8Array,
    now: Date,
    maximum: number,
  ]
>({ name: 'webhook-add-endpoint', url: sql('add-endpoint') });

export const findEndpoint = defineStatement<EndpointRow, [id: string, owner: Owner]>({
  name: 'webhook-find-endpoint',
  url: sql('find-endpoint'),
});

export const findRequestEndpoint = defineStatement<
  Pick<EndpointRow, 'id' | 'enabled' | 'allow_private_network'>,
  [owner: string]
>({ name: 'webhook-find-request-endpoint', url: sql('find-request-endpoint') });

export const listEndpoints = defineStatement<EndpointRow, [owner: Owner, after: string | null, limit: number]>({
  name: 'webhook-list-endpoints',
  url: sql('list-endpoints'),
});

export const updateEndpoint = defineStatement<
  { id: string },
  [
    id: string,
    owner: Owner,
    url: string | null,
    events: readonly string[] | null,
    description: string | null,
    enabled: boolean | null,
    allowPrivateNetwork: boolean | null,
    now: Date,
  ]
>({ name: 'webhook-update-endpoint', url: sql('update-endpoint') });

export const rotateSecret = defineStatement<
  never,
  [id: string, owner: Owner, secret: Uint8Array, previousExpiresAt: Date]
>({ name: 'webhook-rotate-secret', url: sql('rotate-secret') });

export const deleteEndpoint = defineStatement<{ id: string }, [id: string, owner: Owner]>({
  name: 'webhook-delete-endpoint',
  url: sql('delete-endpoint'),
});
