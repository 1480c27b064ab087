/** What the stand-in vendor does is chosen by the model; every model has an account of its own, whose key is its name. */
export const videoModels = {
  /** Ends never. */
  endless: 'bench-video-endless',
  /** As endless; its account has one slot, so that all others wait with us. */
  waiting: 'bench-video-waiting',
  /** Takes a while, and tells how far it is. */
  paced: 'bench-video-paced',
  /** As paced; its account lists what it makes. */
  listed: 'bench-video-listed',
  /** Done at once, and large. */
  large: 'bench-video-large',
} as const;

export type VideoModel = (typeof videoModels)[keyof typeof videoModels];

export const pacedVideoMs = 12_000;
export const largeVideoBytes = 100_000_000;
