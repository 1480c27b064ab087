import { randomBytes } from 'node:crypto';

/** What the gateway shows itself when it calls in the name of a key, whose secret nobody keeps. Each opens one call, while it runs. */
export class CallPasses {
  private readonly owners = new Map<string, string>();

  /** Undefined for what is no pass. */
  find(presented: string | undefined): string | undefined {
    return presented === undefined ? undefined : this.owners.get(presented);
  }

  async withPass<Result>(ownerKeyId: string, work: (pass: string) => Promise<Result>): Promise<Result> {
    const pass = `pass-${randomBytes(32).toString('base64url')}`;
    this.owners.set(pass, ownerKeyId);
    try {
      return await work(pass);
    } finally {
      this.owners.delete(pass);
    }
  }
}
