import type { Clock } from '@sluice/contracts/clock';
import { followLogLevel } from '@sluice/domain-settings/follow-log-level';
import { SettingRepository } from '@sluice/domain-settings/setting-repository';
import { Settings } from '@sluice/domain-settings/settings';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Listener } from '@sluice/platform-postgres/listener';
import type { Queryable } from '@sluice/platform-postgres/queryable';

/** The settings as they are now, and from now on. */
export async function createSettings(options: {
  postgres: Queryable;
  listener: Listener;
  logger: Logger;
  clock: Clock;
}): Promise<Settings> {
  const { postgres, ...rest } = options;
  const settings = new Settings({ repository: new SettingRepository(postgres), ...rest });
  await settings.start();
  followLogLevel(settings, options.logger);
  return settings;
}
