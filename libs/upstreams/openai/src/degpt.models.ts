import { isJsonObject } from '@sluice/contracts/json-object';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { ModelInfo } from '@sluice/upstream-kit/upstream';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import { signIn } from './degpt.session.js';
import type { DegptCredential, OpenaiCredential } from './openai.credential.js';
import { get } from './openai.request.js';

/** What it serves, as its sign-in tells or its configuration. Signing in proves the visitor, too. */
export async function degptModels(
  visitor: DegptCredential,
  context: AccountContext<OpenaiCredential>,
): Promise<ModelInfo[]> {
  const { credential, models } = await signIn(visitor, context);
  const own = toNames(models);
  const names = own.length > 0 ? own : toNames(await readDefaults({ ...context, credential }));
  return [...new Set(names)].map((id) => ({ id }));
}

async function readDefaults(context: AccountContext<OpenaiCredential>): Promise<unknown> {
  const config = await readJson(await get('/config', context));
  return isJsonObject(config) ? config['default_models'] : undefined;
}

/** A list of names, or of objects with one, or names separated by commas. */
function toNames(value: unknown): string[] {
  const entries: unknown[] = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [];
  return entries.map(toName).filter((name) => name !== '');
}

function toName(entry: unknown): string {
  const name = isJsonObject(entry) ? (entry['id'] ?? entry['model'] ?? entry['name']) : entry;
  return typeof name === 'string' ? name.trim() : '';
}
