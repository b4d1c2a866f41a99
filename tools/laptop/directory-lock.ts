import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Another process uses the directory. */
export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
}

/**
 * Keeps other instances from a directory, by a file with the id of this process. The file of a process that was killed
 * has no effect. Returns a function that ends it. @throws {DirectoryInUse} Another process uses the directory.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const file = join(directory, 'pid');
  const own = String(process.pid);
  try {
    await writeFile(file, own, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const pid = Number(await readFile(file, 'utf8'));
    if (pid !== process.pid && isRunning(pid))
      throw new DirectoryInUse(
        `--data ${directory} is in use by process ${pid}: stop that one, or name another directory (if it is not Pressrun, delete ${file})`,
      );
    await writeFile(file, own);
  }
  return async () => rm(file, { force: true });
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another account may not be sent signals, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
