import type { Writable } from 'node:stream';
import type { Redis } from 'ioredis';

/**
 * Lets the commands of one turn of the event loop leave in one write. The library's own pipelining does so too, but makes an
 * object per batch that knows every script of the connection; writes and such objects are most of what a command costs.
 */
export function gatherWrites(redis: Redis): void {
  const send = redis.sendCommand.bind(redis);
  let corked: Writable | undefined;
  const release = () => {
    corked?.uncork();
    corked = undefined;
  };
  redis.sendCommand = (command, stream) => {
    if (!corked && redis.stream?.writable) {
      corked = redis.stream;
      corked.cork();
      setImmediate(release);
    }
    return send(command, stream);
  };
}
