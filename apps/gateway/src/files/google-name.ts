const NAME = /(?:^|\/)files\/([0-9a-f]{32})$/;

/** The file of ours that a name of Google's kind means, alone or at the end of an address; Google's own ids are shorter. */
export function clientFileIn(name: string): string | undefined {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? undefined : `file-${digits}`;
}
