import type { Clock } from '@sluice/contracts/clock';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { defineStatement } from '@sluice/platform-postgres/statement';
import { poolSettingsSchema } from './credential-settings.js';
import { listPoolSettings } from './pool-statements.js';
import type { StoredCredential } from './stored-credential.js';

const sql = (name: string) => ({ name, url: new URL(`../sql/${name}.sql`, import.meta.url) });
const switchOff = defineStatement<object, [id: string, reason: string, at: Date]>(sql('switch-off'));
const degrade = defineStatement<object, [id: string, reason: string, until: Date]>(sql('degrade-credential'));

/** Takes credentials out without a lease that taught it. */
export class SwitchOff {
  constructor(private readonly options: { postgres: Queryable; clock: Clock }) {}

  /** Until an operator switches it on again. */
  async disable(id: string, reason: string): Promise<void> {
    await switchOff.run(this.options.postgres, id, reason, new Date(this.options.clock.now()));
  }

  /** The same of one whose upstream refuses it for good, where the operator has it so. */
  async disableRefused({ id, upstream }: Pick<StoredCredential, 'id' | 'upstream'>, reason: string): Promise<void> {
    const said = (await listPoolSettings.all(this.options.postgres)).find((row) => row.upstream === upstream);
    const settings = poolSettingsSchema.safeParse(said?.value ?? {});
    if (settings.data?.disableWhenRefused) await this.disable(id, reason);
  }

  async degrade(id: string, reason: string, until: Date): Promise<void> {
    await degrade.run(this.options.postgres, id, reason, until);
  }
}
