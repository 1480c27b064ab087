import { startEntry, stopChild } from '../process/child-process.js';
import { startLocalRedis } from './local-redis.js';
import { chatPath } from './target.js';
import type { RunningTarget, Target, TargetSetting } from './target.js';

/** The limit of the design: gateway, BullMQ, worker, upstream and back, and nothing else. */
export const bareLoopTarget: Target = { name: 'bare', start };

async function start({ upstreamUrl, profileFolder }: TargetSetting): Promise<RunningTarget> {
  const redis = await startLocalRedis();
  const worker = await startEntry({
    module: new URL('../bare-loop/bare-worker.entry.js', import.meta.url),
    argument: { redisSocket: redis.socket, upstreamUrl },
    profileFolder,
  });
  const gateway = await startEntry({
    module: new URL('../bare-loop/bare-gateway.entry.js', import.meta.url),
    argument: { redisSocket: redis.socket },
    profileFolder,
  });
  return {
    url: `http://127.0.0.1:${gateway.port}${chatPath}`,
    headers: { authorization: 'Bearer bench' },
    pids: { gateway: gateway.pid, worker: worker.pid, redis: redis.pid },
    stop: async () => {
      await stopChild(gateway.child);
      await stopChild(worker.child);
      await redis.stop();
    },
  };
}
