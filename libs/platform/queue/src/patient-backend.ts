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
 * front of what the job itself has to ask.
 *
 * No job can be missed: whoever takes the marker looks, if later, or puts it back.
 */
export function patientBackend({
  redis,
  headStart,
  isIdle,
  isClosing,
}: PatientBackendOptions): BackendFactory<RedisQueueBackend> {
  return (name, options, connections) => {
    const backend = createRedisBackend(name, options, connections);
    const waitForJob = backend.waitForJob.bind(backend);
    const moveToActive = backend.moveToActive.bind(backend);
    let hasHeadStart = false;
    backend.waitForJob = async (timeoutSeconds) => {
      if (hasHeadStart) await headStart.over();
      const wakening = await waitForJob(timeoutSeconds);
      if (wakening?.score === MARKER.score) await headStart.overForFirst();
      // A job that is put back is followed by the library at once with another, which may come alone too while this waits.
      hasHeadStart = false;
      if (wakening?.score !== MARKER.score || !isClosing()) return wakening;
      await redis.zadd(backend.keys['marker'] ?? '', MARKER.score, MARKER.member);
      return NEVER;
    };
    const takeFirst = async (...asked: Parameters<typeof moveToActive>) => {
      try {
        const taken = await moveToActive(...asked);
        hasHeadStart = Boolean(taken[0]);
        return taken;
      } finally {
        if (!hasHeadStart) headStart.end();
      }
    };
    backend.moveToActive = (token, worker) => {
      if (hasHeadStart) return Promise.resolve(NOTHING);
      return isIdle() && headStart.begin() ? takeFirst(token, worker) : moveToActive(token, worker);
    };
    return backend;
  };
}
