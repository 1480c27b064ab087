import { createHash } from 'node:crypto';
import type { UpstreamManifest } from '@sluice/manifests/upstream-manifest';
import type { AdminApi } from './admin-api.js';
import type { LauncherMemory } from './launcher-memory.js';

interface FirstCredentialsOptions {
  admin: AdminApi;
  upstreams: readonly UpstreamManifest[];
  environment: NodeJS.ProcessEnv;
  /** Undefined when there is none (SLUICE_DEMO=off). */
  simulatorUrl: string | undefined;
  memory: LauncherMemory;
}

/** Makes credentials of the keys in the environment and of the simulator. Answers what is to be remembered. */
export async function addFirstCredentials(options: FirstCredentialsOptions): Promise<LauncherMemory> {
  const firstKeys = await addFirstKeys(options);
  const demoCredentials = await settleDemoCredentials(options);
  return { ...options.memory, firstKeys, demoCredentials };
}

/** Each key once: an operator who changed or deleted the credential is not overruled at the next start. */
async function addFirstKeys({ admin, upstreams, environment, memory }: FirstCredentialsOptions): Promise<string[]> {
  const known = new Set(memory.firstKeys);
  for (const upstream of upstreams) {
    for (const source of upstream.firstKeys ?? []) {
      const baseUrl =
        source.baseUrlVariable === undefined ? undefined : environment[source.baseUrlVariable] || undefined;
      for (const [index, key] of splitKeys(environment[source.variable]).entries()) {
        const digest = digestOf([upstream.id, source.kind, baseUrl ?? '', key]);
        if (known.has(digest)) continue;
        await admin.postCredential({
          upstream: upstream.id,
          kind: source.kind,
          label: index === 0 ? source.variable : `${source.variable} ${index + 1}`,
          secret: { [source.secretField]: key },
          // Who starts the launcher owns this machine: an address in its network is meant.
          ...(baseUrl !== undefined && { baseUrl, allowPrivateNetwork: true }),
        });
        known.add(digest);
      }
    }
  }
  return [...known];
}

/** One per upstream; it moves when the simulator had to take another port. */
async function settleDemoCredentials({ admin, upstreams, simulatorUrl, memory }: FirstCredentialsOptions) {
  const settled: LauncherMemory['demoCredentials'] = {};
  for (const upstream of upstreams) {
    const before = memory.demoCredentials[upstream.id];
    const baseUrl =
      simulatorUrl !== undefined && upstream.demo !== undefined ? `${simulatorUrl}${upstream.demo.path}` : undefined;
    if (before !== undefined && before.baseUrl !== baseUrl) await admin.deleteCredential(before.id);
    if (baseUrl === undefined || upstream.demo === undefined) continue;
    const { id } = await admin.postCredential({
      upstream: upstream.id,
      kind: upstream.demo.kind,
      label: 'Simulator (demo)',
      secret: upstream.demo.secret,
      baseUrl,
      models: upstream.demo.models,
      allowPrivateNetwork: true,
      demo: true,
    });
    settled[upstream.id] = { id, baseUrl };
  }
  return settled;
}

function splitKeys(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
}

function digestOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}
