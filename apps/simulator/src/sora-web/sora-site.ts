import { z } from 'zod';
import type { Clock } from '../clock.js';
import { CameoStore } from './cameo-store.js';
import { accountSchema, SoraAccount, type AccountWish } from './sora-account.js';
import { stageOf, type SoraTask } from './sora-task.js';

export const soraAccountSchema = accountSchema;
export const soraQuerySchema = z.object({
  prompt: z.string().optional(),
  account: z.string().optional(),
  limit: z.coerce.number().int().min(0).default(100),
});
/** Whether proofs of work are wanted, and how hard ones. */
export const soraProofSchema = z.strictObject({
  required: z.boolean().optional(),
  difficulty: z
    .string()
    .regex(/^(?:[\da-f]{2})+$/)
    .optional(),
  /** Whether there is a turnstile whose word has to come back. */
  turnstile: z.boolean().optional(),
});

export interface IssuedPuzzle {
  readonly token: string;
  readonly seed: string;
  readonly difficulty: string;
  readonly isRequired: boolean;
  readonly turnstile: string;
}

const USUAL_PROOF = { required: true, difficulty: '0fffff', turnstile: true };

/** The accounts of the website, and all that they made. */
export class SoraSite {
  readonly puzzles = new Map<string, IssuedPuzzle>();
  proof = USUAL_PROOF;
  readonly #accounts = new Map<string, SoraAccount>();
  readonly #tasks: SoraTask[] = [];
  readonly #accepted = new Map<string, number>();
  readonly #busiest = new Map<string, number>();
  #last = 0;

  readonly cameos: CameoStore;

  constructor(private readonly clock: Clock) {
    this.cameos = new CameoStore(clock);
  }

  /** Hexadecimal, of one length. */
  nextId(kind: string, digits = 26): string {
    this.#last += 1;
    return `${kind}_${this.#last.toString(16).padStart(digits, '0')}`;
  }

  account(name: string): SoraAccount {
    let account = this.#accounts.get(name);
    if (account === undefined) this.#accounts.set(name, (account = new SoraAccount(name)));
    return account;
  }

  wish({ account, ...wishes }: AccountWish): void {
    this.account(account).wish(wishes, this.clock());
  }

  demandProof(wish: z.infer<typeof soraProofSchema>): void {
    const before = this.proof;
    const { required = before.required, difficulty = before.difficulty, turnstile = before.turnstile } = wish;
    this.proof = { required, difficulty, turnstile };
  }

  add(
    task: Omit<SoraTask, 'id' | 'generationId' | 'createdAtMs' | 'postId' | 'isDeleted' | 'contentCalls' | 'pollCalls'>,
  ): SoraTask {
    const ids = { id: this.nextId('task'), generationId: this.nextId('gen') };
    const counts = { postId: undefined, isDeleted: false, contentCalls: 0, pollCalls: 0 };
    const added: SoraTask = { ...task, ...ids, ...counts, createdAtMs: this.clock() };
    this.#tasks.push(added);
    this.#accepted.set(task.prompt, (this.#accepted.get(task.prompt) ?? 0) + 1);
    return added;
  }

  /** How many videos an account ever had under way at once, with one that was refused for it. */
  noteBusy(account: string, count: number): void {
    this.#busiest.set(account, Math.max(count, this.#busiest.get(account) ?? 0));
  }

  /** Newest first. */
  tasksOf(account: string): SoraTask[] {
    return this.#tasks.filter((task) => task.account === account && !task.isDeleted).toReversed();
  }

  find(matches: (task: SoraTask) => boolean): SoraTask | undefined {
    return this.#tasks.find((task) => !task.isDeleted && matches(task));
  }

  show({ prompt = '', account, limit }: z.infer<typeof soraQuerySchema>): unknown {
    const accepted = [...this.#accepted].filter(([text]) => text.includes(prompt));
    const tasks = this.#tasks.filter(
      (task) => task.prompt.includes(prompt) && task.account === (account ?? task.account),
    );
    return {
      submissions: accepted.map(([text, count]) => ({ prompt: text, accepted: count })),
      busiest: Object.fromEntries(this.#busiest),
      characters: this.cameos.show(account),
      references: [...this.#accounts.values()].flatMap(({ name, references }) =>
        name === (account ?? name) ? [...references.values()].map((one) => ({ account: name, ...one })) : [],
      ),
      tasks: tasks
        .slice(-limit || tasks.length, limit === 0 ? 0 : undefined)
        .map((task) => ({ ...task, ...stageOf(task, this.clock()) })),
    };
  }

  clear(): void {
    this.#accounts.clear();
    this.#tasks.length = 0;
    this.cameos.clear();
    this.#accepted.clear();
    this.#busiest.clear();
    this.puzzles.clear();
    this.proof = USUAL_PROOF;
  }
}
