import type { SoraNamesBind } from '@sluice/domain-settings/sora-names-bind';
import { readSoraName, type SoraName } from '@sluice/manifests/sora-names';

/** What a model's name asks for, as far as the operator takes it at its word. Undefined for a name that is none of Sora's. */
export function boundName(model: string, binds: SoraNamesBind = 'all'): SoraName | undefined {
  const name = readSoraName(model);
  if (!name || binds === 'all') return name;
  const { seconds: _seconds, isLarge: _isLarge, ...rest } = name;
  return rest;
}
