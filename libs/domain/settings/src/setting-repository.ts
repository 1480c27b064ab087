import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';

export interface StoredSetting {
  name: string;
  value: unknown;
  updatedAt: Date;
}

/** The rows of the settings that the catalogue knows; others share the table. */
export class SettingRepository {
  constructor(private readonly postgres: Queryable) {}

  list(names: readonly string[]): Promise<StoredSetting[]> {
    return listSettings.all(this.postgres, names);
  }

  async put(name: string, value: unknown): Promise<void> {
    await putSetting.run(this.postgres, name, JSON.stringify(value));
  }

  async delete(name: string): Promise<void> {
    await deleteSetting.run(this.postgres, name);
  }
}

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });

const listSettings = defineStatement<StoredSetting, [names: readonly string[]]>(sql('list-settings'));
const putSetting = defineStatement<object, [name: string, valueJson: string]>(sql('put-setting'));
const deleteSetting = defineStatement<object, [name: string]>(sql('delete-setting'));
