/** What readiness and health are judged by. */
export interface ReadinessProbes {
  isPostgresReady(): Promise<boolean>;
  isRedisReady(): Promise<boolean>;
}

/** Whether this replica should get traffic, and if not, why. */
export class Readiness {
  private isDraining = false;

  constructor(private readonly probes: ReadinessProbes) {}

  /** From now on this replica tells load balancers to look elsewhere. */
  drain(): void {
    this.isDraining = true;
  }

  async findProblem(): Promise<string | undefined> {
    return (await this.problemOf('draining')) ?? (await this.problemOf('postgres'));
  }

  async problemOf(part: 'postgres' | 'redis' | 'draining'): Promise<string | undefined> {
    if (part === 'draining') return this.isDraining ? 'draining' : undefined;
    if (part === 'postgres') return (await this.probes.isPostgresReady()) ? undefined : 'Postgres does not answer';
    return (await this.probes.isRedisReady()) ? undefined : 'Redis does not answer';
  }
}
