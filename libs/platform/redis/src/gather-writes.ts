import type { Writable } from 'node:stream';
import type { Redis } from 'ioredis';

/** Under load a turn of the event loop is long; whoever is at the other end shall not be idle for all of it. */
const GATHERED_COMMANDS = 16;

/**
 * Lets the commands of one turn of the event loop leave in few writes. The library's own pipelining does so too, but makes an
 * object per batch that knows every script of the connection; writes and such objects are most of what a command costs.
 */
export function gatherWrites(redis: Redis): void {
  const send = redis.sendCommand.bind(redis);
  let corked: Writable | undefined;
  let gathered = 0;
  const release = () => {
    corked?.uncork();
    corked = undefined;
  };
  redis.sendCommand = (command, stream) => {
    if (!corked && redis.stream?.writable) {
      corked = redis.stream;
      corked.cork();
      gathered = 0;
      setImmediate(release);
    }
    const answer = send(command, stream);
    gathered += 1;
    if (gathered % GATHERED_COMMANDS === 0 && corked) {
      corked.uncork();
      corked.cork();
    }
    return answer;
  };
}
