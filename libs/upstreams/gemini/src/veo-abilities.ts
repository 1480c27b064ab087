/** What a generation of Veo models makes. */
export interface VeoAbilities {
  /** Seconds. */
  durations: readonly number[];
  resolutions: readonly string[];
  aspectRatios: readonly string[];
  /** Pictures of what is to be seen, beside the one that it begins with. */
  mostReferences: number;
  takesLastFrame: boolean;
  /** A finished video can be gone on from. */
  extends: boolean;
  /** What is made this large, or after reference pictures, is made this long and no other. */
  fullSeconds: number | undefined;
}

const RATIOS = ['16:9', '9:16'];

const NEWEST: VeoAbilities = {
  durations: [4, 6, 8],
  resolutions: ['720p', '1080p', '4k'],
  aspectRatios: RATIOS,
  mostReferences: 3,
  takesLastFrame: true,
  extends: true,
  fullSeconds: 8,
};

const WITHOUT_REFERENCES = { mostReferences: 0, takesLastFrame: false, extends: false };

/** By the model's name. One that nobody knows can what the newest can: the API has the last word. */
export function abilitiesOf(model: string): VeoAbilities {
  const [, version] = /veo-(\d+)(?:[.-](\d)\b)?/.exec(model) ?? [];
  if (version === '2')
    return { ...NEWEST, ...WITHOUT_REFERENCES, durations: [5, 6, 7, 8], resolutions: ['720p'], fullSeconds: undefined };
  if (/veo-3(?:\.0)?(?:-|$)/.test(model)) return { ...NEWEST, ...WITHOUT_REFERENCES, resolutions: ['720p', '1080p'] };
  return /veo-\d[\d.]*-lite\b/.test(model) ? { ...NEWEST, resolutions: ['720p', '1080p'] } : NEWEST;
}
