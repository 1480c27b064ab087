import { SimulatedFailure } from '../simulated-failure.js';

/** What a model does, read off its name: `sim-gemini-2.5-flash`, `gemini-3.1-pro-preview`. */
export interface ModelFamily {
  readonly name: string;
  readonly version: number;
  readonly isPro: boolean;
  readonly thinks: boolean;
  /** By level; those before think by budget. */
  readonly takesLevels: boolean;
  /** Calls carry ids, and signatures that have to come back. */
  readonly signs: boolean;
  readonly embeds: boolean;
  /** Makes pictures: as parts of what it says, or by `predict`. */
  readonly paints: 'content' | 'prediction' | undefined;
  /** Answers with sound. */
  readonly speaks: boolean;
  /** Makes videos, by operations. */
  readonly films: boolean;
}

const NEWEST = 3.5;

export function familyOf(name: string): ModelFamily {
  const version = Number(/gemini-(\d+(?:\.\d+)?)/.exec(name)?.[1] ?? NEWEST);
  const speaks = /\btts\b/.test(name);
  const paints = paintsBy(name);
  return {
    name,
    version,
    isPro: /\bpro\b/.test(name),
    // Of those that make pictures, the newer ones.
    thinks: !speaks && version >= (paints === undefined ? 2.5 : 3),
    takesLevels: version >= 3,
    signs: version >= 3 && !speaks,
    embeds: name.includes('embedding'),
    paints,
    speaks,
    films: /\bveo\b/.test(name),
  };
}

/** Any model name is served but those that say they are missing or retired. */
export function requireModel(name: string, method: string): ModelFamily {
  if (name.startsWith('retired-'))
    throw unknownModel(
      `This model models/${name} is no longer available. Please update your code to use a newer model.`,
    );
  const family = familyOf(name);
  const isEmbedding = method === 'embedContent' || method === 'batchEmbedContents';
  const isServed =
    method === 'get' ||
    method === 'countTokens' ||
    (family.embeds === isEmbedding &&
      (family.paints === 'prediction') === (method === 'predict') &&
      family.films === (method === 'predictLongRunning'));
  if (!name.startsWith('missing-') && isServed) return family;
  throw unknownModel(
    `models/${name} is not found for API version v1beta, or is not supported for ${method}. Call ListModels to see the list of available models and their supported methods.`,
  );
}

function paintsBy(name: string): ModelFamily['paints'] {
  if (/\bimagen\b/.test(name)) return 'prediction';
  return /-image\b|nano-banana/.test(name) ? 'content' : undefined;
}

function unknownModel(message: string): SimulatedFailure {
  return new SimulatedFailure('unknown-model', { status: 404, message });
}
