import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Takes every right of others from a directory and all below it, also from what an earlier release or another tool wrote there. Links are not followed. */
export async function makePrivate(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const own = entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name));
  for (const path of [directory, ...own]) {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) await chmod(path, mode & 0o700);
  }
}
