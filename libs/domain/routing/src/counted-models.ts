import type { Flag } from '@sluice/platform-config/flag';
import type { CredentialModel } from './route-repository.js';

/** Demo credentials count only while their upstream has no real one. */
export function countedModels(models: readonly CredentialModel[], demo: Flag): CredentialModel[] {
  const withReal = new Set(models.filter((one) => !one.demo).map(({ upstream }) => upstream));
  return models.filter((one) => !one.demo || demo === 'on' || (demo === 'auto' && !withReal.has(one.upstream)));
}
