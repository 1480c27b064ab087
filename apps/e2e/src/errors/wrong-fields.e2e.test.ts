import { expect, it } from 'vitest';
import { FIELD_ENDPOINTS } from '../cases/field-endpoints.js';
import { proveWrongFields } from '../cases/prove-wrong-fields.js';
import { sharedSluice } from '../harness/shared-sluice.js';

const sluice = sharedSluice();
/** All of them are tried by `npm run accept -- text`. */
const SAMPLED_EVERY = 5;

it.each(FIELD_ENDPOINTS)('$title: whatever single field is wrong is named', async (endpoint) => {
  expect(await proveWrongFields(sluice, endpoint, { every: SAMPLED_EVERY })).toBeGreaterThan(0);
});
