type Absent = null | undefined;
type MaybeAbsent<T> = {
  [Key in keyof T]: Absent extends Extract<T[Key], Absent> ? Key : Extract<T[Key], Absent> extends never ? never : Key;
}[keyof T];

/** An object type without the members that may be absent being null or undefined: they may only be missing. */
export type Present<T> = { [Key in Exclude<keyof T, MaybeAbsent<T>>]: T[Key] } & {
  [Key in MaybeAbsent<T>]?: Exclude<T[Key], Absent>;
};

/** The members that have a value: on the wire null means absent, in the internal form absent is absent. */
export function present<T extends object>(members: T): Present<T> {
  const result: Record<string, unknown> = {};
  // Most members of a request are absent: a list of all of them would cost more than the rest.
  for (const name in members) {
    const value = members[name];
    if (value !== null && value !== undefined) result[name] = value;
  }
  return result as Present<T>;
}
