import type { Redis } from '@sluice/platform-redis/redis';
import { type BackendFactory, createRedisBackend, type RedisQueueBackend } from 'bullmq';
import type { HeadStart } from './head-start.js';

/** The library's own answer for an empty queue. */
const NOTHING: unknown[] = [null, 0, 0, 0];
/** The marker of a job, and an end of a wait that means none. */
const MARKER = { member: '0', score: 0 };
const NEVER = { member: '1', score: Infinity };

export interface PatientBackendOptions {
  redis: Redis;
  /** Shared by all that fetch for one consumer. */
  headStart: HeadStart;
  /** Whether no job runs. */
  isIdle(): boolean;
  isClosing(): boolean;
}

/**
 * The library's access to the store, which leaves a job in peace that comes alone. With each job that the store gives out it leaves a
 * marker, by which another fetcher wakes; and who got the job asks for the next at once. Both find nothing then, in
 * front of what the job itself has to ask. So the marker of such a job is left where nobody waits, and who
 * got it asks for the next when the job is on its way.
 *
 * No job can be missed: who took one unheard looks again, or leaves the marker where the others wait.
 */
export function patientBackend({
  redis,
  headStart,
  isIdle,
  isClosing,
}: PatientBackendOptions): BackendFactory<RedisQueueBackend> {
  return (name, options, connections) => {
    const backend = createRedisBackend(name, options, connections);
    const marker = backend.keys['marker'] ?? '';
    const unheard = backend.forQueue(name);
    unheard.keys['marker'] = `${marker}:unheard`;
    const waitForJob = backend.waitForJob.bind(backend);
    const moveToActive = backend.moveToActive.bind(backend);
    const leaveMarker = () => redis.zadd(marker, MARKER.score, MARKER.member);
    let hasHeadStart = false;
    let isHeld = false;
    backend.waitForJob = async (timeoutSeconds) => {
      const wakening = await (hasHeadStart ? hold() : waitForJob(timeoutSeconds));
      if (wakening?.score !== MARKER.score || !isClosing()) return wakening;
      await leaveMarker();
      return NEVER;
    };
    const hold = async () => {
      isHeld = true;
      await headStart.over();
      isHeld = false;
      return MARKER;
    };
    const takeUnheard = async (...asked: Parameters<typeof moveToActive>) => {
      try {
        const taken = await unheard.moveToActive(...asked);
        hasHeadStart = Boolean(taken[0]);
        if (hasHeadStart) void headStart.over().then(makeUp);
        return taken;
      } finally {
        if (!hasHeadStart) headStart.end();
      }
    };
    /** Comes before `hold` goes on: it began to wait earlier. */
    const makeUp = async () => {
      hasHeadStart = false;
      // Where the store is away too, who waits there looks for itself within seconds.
      if (!isHeld) await leaveMarker().catch(() => undefined);
    };
    backend.moveToActive = (token, worker) => {
      if (hasHeadStart) return Promise.resolve(NOTHING);
      return isIdle() && headStart.begin() ? takeUnheard(token, worker) : moveToActive(token, worker);
    };
    return backend;
  };
}
