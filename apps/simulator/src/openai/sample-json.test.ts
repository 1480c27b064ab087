import { expect, it } from 'vitest';
import { sampleJson } from './sample-json.js';

it('fills objects, arrays, enums, references and unions', () => {
  const schema = {
    type: 'object',
    properties: {
      city: { type: 'string' },
      unit: { enum: ['celsius', 'fahrenheit'] },
      days: { type: 'integer', minimum: 3 },
      tags: { type: 'array', items: { $ref: '#/$defs/tag' }, minItems: 2 },
      maybe: { anyOf: [{ type: 'null' }, { type: 'string' }] },
    },
    $defs: { tag: { type: ['boolean', 'null'] } },
  };
  expect(sampleJson(schema, 'weather')).toEqual({
    city: 'simulated city',
    unit: 'celsius',
    days: 3,
    tags: [true, true],
    maybe: null,
  });
});

it('ends on a schema that contains itself', () => {
  const schema = { type: 'object', properties: { child: { $ref: '#' } } };
  expect(JSON.stringify(sampleJson(schema, 'tree'))).toContain('null');
});

it('gives an empty object for an object without properties', () => {
  expect(sampleJson({ type: 'object' }, 'nothing')).toEqual({});
});
