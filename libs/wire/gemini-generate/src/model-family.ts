/** What a model's name tells of how it is to be asked. */
export interface ModelFamily {
  /** 2.5 for `models/gemini-2.5-pro`; a name that tells none is taken for a new one. */
  generation: number;
  size: 'pro' | 'flash' | 'flash-lite';
}

export function modelFamily(model: string): ModelFamily {
  const version = /gemini-(\d+(?:\.\d+)?)/.exec(model)?.[1];
  const size = /flash-lite/.test(model) ? 'flash-lite' : /pro\b/.test(model) ? 'pro' : 'flash';
  return { generation: version === undefined ? NEWEST : Number(version), size };
}

const NEWEST = 99;
