import { credentialIdentity, IDENTITY_PURPOSE } from './credential-identity.js';
import { checkCredential } from './credential-input.js';
import type { CreateCredentialBody, CredentialSettingsChanges, UpdateCredentialBody } from './credential-input.js';
import type { CredentialContent, NewCredential } from './credential-repository.js';
import type { CredentialSettings } from './credential-settings.js';
import { openProxyUrl, sealProxyUrl } from './proxy-url.js';
import { sealContext, type StoredCredential } from './stored-credential.js';
import type { Vault } from './vault.js';

const DEFAULTS = {
  weight: 1,
  tags: [],
  enabled: true,
  allowPrivateNetwork: false,
  demo: false,
  notes: null,
  models: null,
  limits: {},
};

/** Turns bodies into what is written: checked, sealed, with the identity that tells equal ones. */
export class CredentialContents {
  private readonly identityKey: Buffer;

  constructor(private readonly vault: Pick<Vault, 'seal' | 'unseal' | 'derive'>) {
    this.identityKey = vault.derive(IDENTITY_PURPOSE);
  }

  ofNew(id: string, body: CreateCredentialBody): CredentialContent {
    const { upstream, kind, secret, baseUrl = null, settings = {}, ...fields } = body;
    const allowPrivateNetwork = fields.allowPrivateNetwork ?? false;
    const checked = checkCredential({ upstream, kind, secret, baseUrl, allowPrivateNetwork });
    return {
      label: `${upstream} ${kind}`,
      ...DEFAULTS,
      ...withoutUndefined(fields),
      settings: this.applySettings(id, {}, settings),
      baseUrl: checked.baseUrl,
      secret: this.vault.seal(checked.secretJson, sealContext(id)),
      identity: credentialIdentity(this.identityKey, { upstream, kind, ...checked }),
    };
  }

  ofEdited(current: NewCredential, changes: UpdateCredentialBody): CredentialContent {
    const { upstream, kind } = current;
    const { secret: givenSecret, settings = {}, ...fields } = changes;
    const secret: unknown = givenSecret ?? this.openSecret(current);
    const { baseUrl, allowPrivateNetwork, ...next } = { ...toContent(current), ...withoutUndefined(fields) };
    const checked = checkCredential({ upstream, kind, secret, baseUrl, allowPrivateNetwork });
    const identity = credentialIdentity(this.identityKey, { upstream, kind, ...checked });
    const isSameSecret = givenSecret === undefined || identity === current.identity;
    const sealed = isSameSecret ? current.secret : this.vault.seal(checked.secretJson, sealContext(current.id));
    return {
      ...next,
      allowPrivateNetwork,
      settings: this.applySettings(current.id, current.settings, settings),
      baseUrl: checked.baseUrl,
      secret: sealed,
      identity,
    };
  }

  openSecret(credential: Pick<StoredCredential, 'id' | 'secret'>): unknown {
    return JSON.parse(this.vault.unseal(credential.secret, sealContext(credential.id)));
  }

  /** With the password of the proxy. */
  openSettings({ id, settings }: Pick<StoredCredential, 'id' | 'settings'>): CredentialSettings {
    const { proxyUrl } = settings;
    return proxyUrl === undefined
      ? settings
      : { ...settings, proxyUrl: openProxyUrl(this.vault, proxyUrl, sealContext(id)) };
  }

  private applySettings(
    id: string,
    current: CredentialSettings,
    changes: Partial<CredentialSettingsChanges>,
  ): CredentialSettings {
    const next: Record<string, unknown> = { ...current };
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) continue;
      if (value === null) delete next[name];
      else next[name] = name === 'proxyUrl' ? sealProxyUrl(this.vault, String(value), sealContext(id)) : value;
    }
    return next;
  }
}

/** A stored row has more members, which are not ours to write. */
function toContent(row: CredentialContent): CredentialContent {
  const {
    label,
    identity,
    secret,
    baseUrl,
    models,
    limits,
    weight,
    tags,
    enabled,
    allowPrivateNetwork,
    demo,
    notes,
    settings,
  } = row;
  return {
    label,
    identity,
    secret,
    baseUrl,
    models,
    limits,
    weight,
    tags,
    enabled,
    allowPrivateNetwork,
    demo,
    notes,
    settings,
  };
}

/** Drops members that are present but undefined, as zod leaves them. */
function withoutUndefined<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
