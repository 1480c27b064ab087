import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';
import type { DataKeyRecord, DataKeyStore } from './data-key-store.js';

/** Wrapped data keys in the table `data_key`. */
export function createDataKeyRepository(postgres: Queryable): DataKeyStore {
  return {
    list: () => listDataKeys.all(postgres),
    async add({ id, masterKeyId, wrapped }) {
      await addDataKey.run(postgres, id, masterKeyId, wrapped);
    },
    async rewrap({ id, masterKeyId, wrapped }) {
      await rewrapDataKey.run(postgres, id, masterKeyId, wrapped);
    },
  };
}

type KeyParameters = [id: string, masterKeyId: string, wrapped: Uint8Array];

const listDataKeys = defineStatement<DataKeyRecord, []>({
  name: 'list-data-keys',
  url: new URL('../sql/list-data-keys.sql', import.meta.url),
});
const addDataKey = defineStatement<object, KeyParameters>({
  name: 'add-data-key',
  url: new URL('../sql/add-data-key.sql', import.meta.url),
});
const rewrapDataKey = defineStatement<object, KeyParameters>({
  name: 'rewrap-data-key',
  url: new URL('../sql/rewrap-data-key.sql', import.meta.url),
});
