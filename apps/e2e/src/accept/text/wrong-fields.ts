import { FIELD_ENDPOINTS } from '../../cases/field-endpoints.js';
import { proveWrongFields } from '../../cases/prove-wrong-fields.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { Check } from '../capability.js';

export function wrongFieldChecks(client: SluiceClient): Check[] {
  return FIELD_ENDPOINTS.map((endpoint) => ({
    title: `${endpoint.title}: whatever single field is wrong is named by every SDK’s own error, and stays here`,
    prove: async () => `${await proveWrongFields(client, endpoint)} bodies, in every SDK of ${endpoint.family}`,
  }));
}
