interface Named {
  id?: string | null | undefined;
  name: string;
}

/** The calls of a conversation. Those without ids get one, the same each time, and results find theirs by name and order. */
export class ToolCalls {
  private count = 0;
  private readonly pending: { id: string; name: string }[] = [];

  open({ id, name }: Named): string {
    this.count += 1;
    const call = { id: id || `call_${this.count}_${name}`, name };
    this.pending.push(call);
    return call.id;
  }

  /** The id of the call that this answers; one that answers none is left for the upstream to judge. */
  answer({ id, name }: Named): string {
    const found = this.pending.findIndex((call) => (id ? call.id === id : call.name === name));
    if (found === -1) return id || this.open({ id, name });
    const [call] = this.pending.splice(found, 1);
    return call?.id ?? name;
  }
}
