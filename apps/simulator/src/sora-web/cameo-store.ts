import type { Clock } from '../clock.js';
import type { VideoFault } from '../videos/video-fields.js';

/** Somebody in a film on the way to becoming a character, and the character. */
export interface Cameo {
  readonly id: string;
  readonly account: string;
  /** Marks that its film or its draft has. */
  readonly note: string;
  readonly timestamps: readonly [number, number];
  readonly source: { film: number } | { draft: string };
  readonly fault: VideoFault;
  readonly createdAtMs: number;
  looks: number;
  /** Of the character that it became. */
  characterId: string | undefined;
  username: string | undefined;
  displayName: string | undefined;
  picture: string | undefined;
  instructions: unknown;
  safetyInstructions: unknown;
  visibility: 'public' | 'private';
}

const READY_MS = 300;

/** What everybody's films were made into. */
export class CameoStore {
  readonly #cameos = new Map<string, Cameo>();
  /** How often a cameo was begun, ever. */
  #begun = 0;

  constructor(private readonly clock: Clock) {}

  add(begun: Pick<Cameo, 'id' | 'account' | 'note' | 'timestamps' | 'source' | 'fault'>): Cameo {
    this.#begun += 1;
    const unnamed = { characterId: undefined, username: undefined, displayName: undefined, picture: undefined };
    const untold = { instructions: null, safetyInstructions: null, visibility: 'private' as const };
    const cameo: Cameo = { ...begun, ...unnamed, ...untold, createdAtMs: this.clock(), looks: 0 };
    this.#cameos.set(cameo.id, cameo);
    return cameo;
  }

  /** Each holds a place, half or whole. */
  of(account: string): Cameo[] {
    return [...this.#cameos.values()].filter((cameo) => cameo.account === account);
  }

  find(id: string): Cameo | undefined {
    return this.#cameos.get(id);
  }

  isTaken(username: string): boolean {
    return [...this.#cameos.values()].some((cameo) => cameo.username === username);
  }

  /** Those who may be mentioned by an account. */
  mentionable(account: string): Cameo[] {
    const isShown = (cameo: Cameo) => cameo.visibility === 'public' || cameo.account === account;
    return [...this.#cameos.values()].filter((cameo) => cameo.characterId !== undefined && isShown(cameo));
  }

  remove({ id }: Cameo): void {
    this.#cameos.delete(id);
  }

  isReady({ fault, createdAtMs }: Cameo): boolean {
    return fault.stuckAt === undefined && this.clock() - createdAtMs >= (fault.videoMs ?? READY_MS);
  }

  show(account: string | undefined): unknown {
    const cameos = [...this.#cameos.values()].filter((cameo) => cameo.account === (account ?? cameo.account));
    return { begun: this.#begun, cameos };
  }

  clear(): void {
    this.#cameos.clear();
    this.#begun = 0;
  }
}
