import { GatewayError } from '@sluice/contracts/gateway-error';
import type { ApiKeyAdmin } from '@sluice/domain-accounts/api-key-admin';
import type { TakeRest } from '@sluice/domain-credentials/credential-import';
import type { ImportedApiKey } from '@sluice/manifests/upstream-manifest';
import type { Settings } from '@sluice/domain-settings/settings';

interface Report {
  taken: string[];
  left: string[];
}

/** What an export of another system holds beside credentials becomes API keys and settings, where the operator wants that. */
export function createTakeRest({
  keys,
  settings,
}: {
  keys: Pick<ApiKeyAdmin, 'ensure'>;
  settings: Pick<Settings, 'put' | 'view'>;
}): TakeRest {
  return async (rest, also) => {
    const report: Report = { taken: [], left: rest.left.map((name) => `${name}: has no equal here`) };
    if (also.includes('apiKeys')) await takeKeys(rest.apiKeys, { keys, report });
    else if (rest.apiKeys.length > 0)
      report.left.push(`${rest.apiKeys.length} API keys: ask for them with ?also=apiKeys`);
    const isTaken = also.includes('settings');
    if (isTaken) await takeSettings(rest.settings, { settings, report });
    else if (Object.keys(rest.settings).length > 0)
      report.left.push(`${Object.keys(rest.settings).join(', ')}: set them, or ask with ?also=settings`);
    return { ...report, ...(!isTaken && { settings: withoutPasswords(rest.settings) }) };
  };
}

async function takeKeys(
  given: readonly (string | ImportedApiKey)[],
  { keys, report }: { keys: Pick<ApiKeyAdmin, 'ensure'>; report: Report },
): Promise<void> {
  let count = 0;
  for (const [index, each] of given.entries()) {
    const { key, name = `imported ${index + 1}`, limits } = typeof each === 'string' ? { key: each, limits: {} } : each;
    try {
      await keys.ensure(key, { name, limits: { ...limits } });
      count += 1;
    } catch {
      // What it says may quote the key.
      report.left.push(`API key ${index + 1}: could not be kept`);
    }
  }
  if (count > 0) report.taken.push(`${count} API keys`);
}

async function takeSettings(
  given: Readonly<Record<string, unknown>>,
  { settings, report }: { settings: Pick<Settings, 'put' | 'view'>; report: Report },
): Promise<void> {
  for (const [name, value] of Object.entries(given)) {
    try {
      if (settings.view(name).updatedAt !== null) {
        report.left.push(`${name}: is set here already`);
        continue;
      }
      await settings.put(name, { value });
      report.taken.push(name);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      report.left.push(`${name}: ${error.message}`);
    }
  }
}

/** What is only shown goes through logs and windows. */
function withoutPasswords(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(settings), (_, value: unknown) =>
    typeof value === 'string' ? value.replace(/^(\w+:\/\/[^/:@]*):[^@/]*@/, '$1:***@') : value,
  ) as Record<string, unknown>;
}
