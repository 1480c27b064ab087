import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject } from 'ajv/dist/2020.js';
import { REPOSITORY } from '../harness/start-sluice.js';
import { DESCRIPTION_FAULTS, UNDESCRIBED_EVENTS } from './description-faults.js';
import type { JsonSchema } from './description-faults.js';
import { toJsonSchema, typesOf } from './to-json-schema.js';

const FILE = 'apps/e2e/src/conformance/__fixtures__/openai-description/schemas.json';
const REFERENCE = '#/components/schemas/';
/** Formats tell the generators of clients more of a number or a text; that it is one is checked without them. */
const OPTIONS = { strict: false, allErrors: true, validateFormats: false };
const SHOWN = 6;

/** OpenAI's public description of its API as judge over answers. What it does not know is allowed beside what it does. */
export class OpenaiDescription {
  private readonly ajv = new Ajv2020(OPTIONS);
  private readonly schemas: Record<string, JsonSchema>;
  private readonly eventTypes = new Map<string, Map<string, string>>();

  constructor() {
    const document = JSON.parse(readFileSync(join(REPOSITORY, FILE), 'utf8')) as Document;
    this.schemas = document.components.schemas;
    for (const { schema, mend } of DESCRIPTION_FAULTS) mend(this.schemaOf(schema));
    this.ajv.addSchema(toJsonSchema(document, this.schemas) as JsonSchema, 'openai');
  }

  /** One line for each place where the answer is not of that schema. */
  flawsOf(schema: string, answer: unknown): string[] {
    const validate = this.ajv.getSchema(`openai${REFERENCE}${schema}`);
    if (!validate) throw new Error(`the description has no ${schema}`);
    return validate(answer) === true ? [] : linesOf(validate.errors ?? []).map((line) => `${schema}${line}`);
  }

  /** By the schema of its type: that it is none of a union says too little. */
  flawsOfEvent(union: string, event: unknown): string[] {
    const { type } = event as { type: string };
    if (UNDESCRIBED_EVENTS.has(type)) return [];
    const schema = this.eventsOf(union).get(type);
    return schema === undefined ? [`${union} knows no ${type}`] : this.flawsOf(schema, event);
  }

  private eventsOf(union: string): Map<string, string> {
    const known = this.eventTypes.get(union);
    if (known) return known;
    const names = (this.schemaOf(union).anyOf ?? []).map(({ $ref = '' }) => $ref.slice(REFERENCE.length));
    const types = new Map(names.flatMap((name) => typesOf(this.schemaOf(name)).map((type) => [type, name] as const)));
    this.eventTypes.set(union, types);
    return types;
  }

  private schemaOf(name: string): JsonSchema {
    const schema = this.schemas[name];
    if (!schema) throw new Error(`the description has no ${name}`);
    return schema;
  }
}

interface Document {
  components: { schemas: Record<string, JsonSchema> };
}

/** Of what is said of alternatives, what tells most: not that there are some, nor that null would do as well. */
function linesOf(errors: readonly ErrorObject[]): string[] {
  const telling = errors.filter(
    ({ keyword, params }) => !['anyOf', 'if'].includes(keyword) && params['type'] !== 'null',
  );
  const shown = telling.length > 0 ? telling : errors;
  return [...new Set(shown.map(lineOf))].slice(0, SHOWN);
}

function lineOf({ instancePath, message = '', params }: ErrorObject): string {
  return `${instancePath}: ${message} ${JSON.stringify(params)}`;
}
