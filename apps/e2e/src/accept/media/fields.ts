import { FIELD_ENDPOINTS } from '../../cases/field-endpoints.js';
import { formExamples } from '../../cases/form-examples.js';
import { proveWrongFields } from '../../cases/prove-wrong-fields.js';
import { proveWrongForms } from '../../cases/prove-wrong-forms.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { Check } from '../capability.js';

const TITLES = ['images', 'images from pictures', 'batches', 'speech'];

export function mediaFieldChecks(client: SluiceClient): Check[] {
  const bodies = FIELD_ENDPOINTS.filter(({ title }) => TITLES.includes(title)).map((endpoint) => ({
    title: `${endpoint.title}: whatever single field is wrong is named by both openai SDKs’ own error`,
    prove: async () => `${await proveWrongFields(client, endpoint)} bodies`,
  }));
  const forms = formExamples('').map(({ title }) => ({
    title: `${title}: whatever single field is wrong is named by both openai SDKs’ own error`,
    prove: async () => `${await proveWrongForms(client, title)} forms`,
  }));
  return [...bodies, ...forms];
}
