import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes others' permissions from a directory and all below it, also from files of earlier releases and other tools.
 * Links are not followed.
 */
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
