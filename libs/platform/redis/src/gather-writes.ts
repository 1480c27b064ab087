import type { Writable } from 'node:stream';
import { Command, type Redis } from 'ioredis';
import { encodeCommand } from './encode-command.js';
import { PatientScriptCommand } from './script-command.js';

/** Under load a turn of the event loop is long; whoever is at the other end shall not be idle for all of it. */
const GATHERED_COMMANDS = 16;
/** After so many turns of no more commands than these, one that meets an idle store leaves at once. */
const QUIET_TURNS = 8;
const QUIET_COMMANDS = 5;

type Target = Parameters<Redis['sendCommand']>[1];

/**
 * Lets the commands of one turn of the event loop leave in few writes. The library's own pipelining does so too, but makes an
 * object per batch that knows every script of the connection; writes and such objects are most of what a command costs. While there
 * is little to do, a command does not wait for the end of its turn: somebody may wait for it, and one write more keeps nobody from work.
 * Unless it is of a script for whose answer nobody waits.
 */
export function gatherWrites(redis: Redis): void {
  const send = redis.sendCommand.bind(redis);
  const disconnect = redis.disconnect.bind(redis);
  let gathered: GatheredWrites | undefined;

  redis.sendCommand = (command, target) => {
    // After a break the library sends again to where it sent before.
    const isOurs = target instanceof GatheredWrites;
    if ((target && !isOurs) || redis.status !== 'ready') {
      gathered?.flush();
      return send(command, isOurs ? undefined : target);
    }
    if (gathered?.socket !== redis.stream) gathered = new GatheredWrites(redis);
    // The library only writes to it, and knows by it which scripts the store was given on this connection.
    return send(command, gathered as unknown as Target);
  };
  redis.disconnect = (reconnect) => {
    gathered?.flush();
    disconnect(reconnect);
  };
}

class GatheredWrites {
  readonly socket: Writable;
  private text = '';
  private commands = 0;
  private commandsOfTurn = 0;
  private quietTurns = QUIET_TURNS;
  private isDue = false;
  private isCorked = false;

  constructor(private readonly redis: Redis) {
    this.socket = redis.stream;
  }

  /** The library's last step with a command; by then it has been taken. */
  write(): void {}

  /** `encoded` has one character a byte. */
  take(encoded: string, isPatient: boolean): void {
    this.text += encoded;
    this.count(isPatient);
  }

  takeLarge(encoded: string | Buffer): void {
    this.writeText();
    if (!this.isCorked) this.socket.cork();
    this.isCorked = true;
    this.socket.write(encoded);
    this.count(false);
  }

  flush(): void {
    this.commands = 0;
    this.writeText();
    if (this.isCorked) this.socket.uncork();
    this.isCorked = false;
  }

  private count(isPatient: boolean): void {
    if (!this.isDue) {
      this.isDue = true;
      setImmediate(this.flushDue);
    }
    this.commands += 1;
    this.commandsOfTurn += 1;
    if (this.commands === GATHERED_COMMANDS || (!isPatient && this.isQuiet())) this.flush();
  }

  private isQuiet(): boolean {
    return this.quietTurns >= QUIET_TURNS && this.redis.commandQueue.length === 0;
  }

  private writeText(): void {
    if (this.text !== '' && this.socket.writable) this.socket.write(this.text, 'latin1');
    this.text = '';
  }

  private readonly flushDue = (): void => {
    this.isDue = false;
    this.quietTurns = this.commandsOfTurn > QUIET_COMMANDS ? 0 : this.quietTurns + 1;
    this.commandsOfTurn = 0;
    this.flush();
  };
}

// Here and not in a class of our own: the library's classes for scripts end in this method.
const encodeByLibrary = Reflect.get(Command.prototype, 'toWritable') as Command['toWritable'];
Command.prototype.toWritable = function (this: Command, target) {
  if (!(target instanceof GatheredWrites)) return encodeByLibrary.call(this, target);
  const encoded = encodeCommand(this);
  if (encoded === undefined) target.takeLarge(encodeByLibrary.call(this, target));
  else target.take(encoded, this instanceof PatientScriptCommand);
  return '';
};
