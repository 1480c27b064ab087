import { GatewayError } from '@sluice/contracts/gateway-error';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** The first thing wrong with a body, told as OpenAI tells it, in the client's own spelling of the field. */
export function schemaError(error: z.ZodError, body: unknown): GatewayError {
  const found = deepest(error.issues[0], []);
  const param = fieldName(found.path);
  const { reason, text } = describe({ ...found, value: valueAt(body, found.path), param });
  return new GatewayError('invalid_request', text, { reason, ...(param !== '' && { param }) });
}

/** `messages[0].content` */
export function fieldName(path: Path): string {
  return path.reduce<string>((name, key) => {
    if (typeof key === 'number') return `${name}[${key}]`;
    return name === '' ? String(key) : `${name}.${String(key)}`;
  }, '');
}

interface Found {
  issue: Issue | undefined;
  /** Where several types would do, all that were wanted. */
  expected: string[];
  path: Path;
}

interface Problem extends Found {
  value: unknown;
  param: string;
}

interface Description {
  reason: string;
  text: string;
}

/** Of a union's branches, the one that got furthest is the one that was meant. */
function deepest(issue: Issue | undefined, base: Path): Found {
  if (issue === undefined) return { issue, expected: [], path: base };
  const path = [...base, ...issue.path];
  // Of a field that is too many, its own name.
  if (issue.code === 'unrecognized_keys') return { issue, expected: [], path: [...path, ...issue.keys.slice(0, 1)] };
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { issue, expected: expectedOf(issue), path };
  const branches = issue.errors.map((errors) => deepest(errors[0], path));
  const meant = branches.filter((branch) => !isWrongType(branch) || branch.path.length > path.length);
  const first = meant.toSorted((left, right) => right.path.length - left.path.length)[0] ?? branches[0];
  if (first === undefined || meant.length > 0) return first ?? { issue, expected: [], path };
  return { ...first, expected: [...new Set(branches.flatMap((branch) => branch.expected))] };
}

function isWrongType({ issue }: Found): boolean {
  return issue?.code === 'invalid_type' || issue?.code === 'custom' || issue?.code === 'invalid_value';
}

function expectedOf(issue: Issue): string[] {
  if (issue.code === 'invalid_type') return [withArticle(issue.expected)];
  if (issue.code === 'custom' && typeof issue.params?.['expected'] === 'string') return [issue.params['expected']];
  if (issue.code === 'invalid_value') return ['a string'];
  return [];
}

function describe({ issue, expected, value, param }: Problem): Description {
  if (issue?.code === 'unrecognized_keys')
    return { reason: 'unknown_parameter', text: `Unknown parameter: '${param}'.` };
  if (param === '') return wrongType({ name: 'the body', expected, value });
  if (value === undefined) {
    return { reason: 'missing_required_parameter', text: `Missing required parameter: '${param}'.` };
  }
  switch (issue?.code) {
    case 'invalid_value':
      return typeof value === 'string' ? wrongValue({ param, value, values: issue.values }) : wrongName(param, value);
    case 'invalid_union':
      return typeof value === 'string'
        ? wrongValue({ param, value, values: optionsOf(issue) })
        : wrongName(param, value);
    case 'too_big':
      return outOfBounds({ param, value, origin: issue.origin, bound: Number(issue.maximum), side: 'maximum' });
    case 'too_small':
      return outOfBounds({ param, value, origin: issue.origin, bound: Number(issue.minimum), side: 'minimum' });
    case 'invalid_key':
      return { reason: 'invalid_key', text: `Invalid '${param}': the key is too long or not allowed.` };
    case 'invalid_type':
    case 'custom':
      return wrongType({ name: `'${param}'`, expected, value });
    default:
      return { reason: 'invalid_value', text: `Invalid value for '${param}'.` };
  }
}

/** The kinds of a union, where it is told apart by one of its members. */
function optionsOf(issue: Issue): unknown[] {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
}

function wrongName(param: string, value: unknown): Description {
  return wrongType({ name: `'${param}'`, expected: ['a string'], value });
}

function wrongType({ name, expected, value }: { name: string; expected: string[]; value: unknown }): Description {
  const wanted = expected.length === 0 ? 'something else' : expected.join(' or ');
  return { reason: 'invalid_type', text: `Invalid type for ${name}: expected ${wanted}, got ${typeName(value)}.` };
}

function wrongValue({
  param,
  value,
  values,
}: {
  param: string;
  value: string;
  values: readonly unknown[];
}): Description {
  const shown = value.length > 64 ? `${value.slice(0, 64)}…` : value;
  const supported = values.map((each) => `'${String(each)}'`).join(', ');
  return {
    reason: 'invalid_value',
    text: `Invalid value for '${param}': '${shown}'. Supported values are: ${supported}.`,
  };
}

interface Bounds {
  param: string;
  value: unknown;
  origin: string;
  bound: number;
  side: 'maximum' | 'minimum';
}

function outOfBounds({ param, value, origin, bound, side }: Bounds): Description {
  const word = side === 'maximum' ? 'above' : 'below';
  if (Array.isArray(value)) {
    if (value.length === 0)
      return { reason: 'empty_array', text: `Invalid '${param}': empty array. Expected at least ${bound}.` };
    const text = `Invalid '${param}': array too long. Expected an array with ${side} length ${bound}, but got an array with length ${value.length} instead.`;
    return { reason: `array_${word}_${side === 'maximum' ? 'max' : 'min'}_length`, text };
  }
  if (typeof value === 'string') {
    const text = `Invalid '${param}': string of length ${value.length}. Expected a ${side} length of ${bound}.`;
    return { reason: `string_${word}_${side === 'maximum' ? 'max' : 'min'}_length`, text };
  }
  const kind = origin === 'int' || Number.isInteger(value) ? 'integer' : 'decimal';
  const text = `Invalid '${param}': ${kind} ${word} ${side} value. Expected a value ${side === 'maximum' ? '<=' : '>='} ${bound}, but got ${String(value)} instead.`;
  return { reason: `${kind}_${word}_${side === 'maximum' ? 'max' : 'min'}_value`, text };
}

function valueAt(body: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => {
    return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
  }, body);
}

const TYPE_NAMES: Record<string, string> = { record: 'object', int: 'integer' };

function withArticle(type: string): string {
  const name = TYPE_NAMES[type] ?? type;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number';
  return typeof value === 'undefined' ? 'nothing' : withArticle(typeof value);
}
