import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The first of the names that the PATH has. */
export async function findOnPath({
  names,
  path,
}: {
  names: readonly string[];
  path: string;
}): Promise<string | undefined> {
  for (const name of names) {
    for (const folder of path.split(delimiter).filter((item) => item !== '')) {
      const candidate = join(folder, name);
      const isRunnable = await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isRunnable) return candidate;
    }
  }
  return undefined;
}
