import type { Command, Redis } from 'ioredis';

type CommandArgument = Command['args'][number];
type CommandParameters = ConstructorParameters<typeof Command>;

/** The library's look for lists among the arguments is most of what making a long command costs; a loop does the same. */
export function flattenQuickly(Base: typeof Command): typeof Command {
  return class extends Base {
    constructor(
      name: string,
      args: CommandArgument[] = [],
      options?: CommandParameters[2],
      callback?: CommandParameters[3],
    ) {
      super(name, [], options, callback);
      this.args = flatten(args);
      this.stringifyArguments();
    }
  };
}

interface DefinedScript {
  Command: typeof Command;
}

/** For the scripts that are defined on a connection: they make their commands themselves. */
export function flattenScriptsQuickly(redis: Redis): void {
  const define = redis.defineCommand.bind(redis);
  redis.defineCommand = (name, definition) => {
    define(name, definition);
    const script: DefinedScript = Reflect.get(redis.scriptsSet, name);
    script.Command = flattenQuickly(script.Command);
  };
}

function flatten(args: readonly CommandArgument[]): CommandArgument[] {
  const flat: CommandArgument[] = [];
  for (const argument of args) {
    if (Array.isArray(argument)) for (const part of argument) flat.push(part);
    else flat.push(argument);
  }
  return flat;
}
