import type { Clock } from '../clock.js';

/** A file in an account. */
export interface Asset {
  readonly assetId: string;
  readonly mimeType: string;
  readonly key: string;
  readonly bytes: Buffer;
  readonly sourcePostId: string | undefined;
}

interface Account {
  readonly userId: string;
  readonly assets: Map<string, Asset>;
  readonly used: Map<string, { count: number; sinceMs: number }>;
}

export interface Window {
  readonly remaining: number;
  readonly total: number;
  readonly waitMs: number;
}

export const WINDOW_MS = 72_000_000;
const TOTALS = { basic: 80, heavy: 20, super: 140 };
const HEAVY = 'grok-4-heavy';

/** The accounts of the website, by their sessions. */
export class GrokSite {
  readonly #accounts = new Map<string, Account>();
  readonly #posts = new Map<string, string>();
  #last = 0;

  constructor(private readonly clock: Clock) {}

  nextId(kind: string): string {
    this.#last += 1;
    return `${kind}-sim${this.#last.toString(36).padStart(6, '0')}`;
  }

  account(key: string): Account {
    let account = this.#accounts.get(key);
    if (account === undefined) {
      account = { userId: `user-${key.slice(-6)}`, assets: new Map(), used: new Map() };
      this.#accounts.set(key, account);
    }
    return account;
  }

  keep(key: string, asset: Omit<Asset, 'assetId'>): Asset {
    const kept = { assetId: this.nextId('asset'), ...asset };
    this.account(key).assets.set(kept.assetId, kept);
    return kept;
  }

  /** Whoever asks with another session does not see it. */
  assetAt(key: string, path: string): Asset | undefined {
    return [...this.account(key).assets.values()].find((asset) => asset.key === path);
  }

  addPost(key: string): string {
    const id = this.nextId('post');
    this.#posts.set(id, key);
    return id;
  }

  ownsPost(key: string, id: string): boolean {
    return this.#posts.get(id) === key;
  }

  /** What is left of an account's window; basic accounts have nothing of the heavy one. */
  window(key: string, name: string): Window {
    const isSuper = key.includes('super');
    const bucket = name === HEAVY ? HEAVY : 'normal';
    const total = name === HEAVY ? (isSuper ? TOTALS.heavy : 0) : isSuper ? TOTALS.super : TOTALS.basic;
    const used = this.account(key).used.get(bucket);
    const isOver = used === undefined || this.clock() - used.sinceMs >= WINDOW_MS;
    const remaining = Math.max(0, total - (isOver ? 0 : used.count));
    return { remaining, total, waitMs: remaining > 0 || isOver ? 0 : used.sinceMs + WINDOW_MS - this.clock() };
  }

  /** False where nothing is left. */
  spend(key: string, { name, cost }: { name: string; cost: number }): boolean {
    if (this.window(key, name).remaining < cost) return false;
    const bucket = name === HEAVY ? HEAVY : 'normal';
    const { used } = this.account(key);
    const before = used.get(bucket);
    const isOver = before === undefined || this.clock() - before.sinceMs >= WINDOW_MS;
    used.set(bucket, isOver ? { count: cost, sinceMs: this.clock() } : { ...before, count: before.count + cost });
    return true;
  }

  clear(): void {
    this.#accounts.clear();
    this.#posts.clear();
  }
}
