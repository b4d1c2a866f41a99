import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { synthesise } from '../../tools/laptop/cloudformation/assembly.ts';

const variable = 'PRESSRUN_TEST_ASSEMBLIES';

/** Makes a directory that journeys share before the first test, since synthesising takes longer than most of them. */
export default function setUp(): void {
  const directory = mkdtempSync(join(tmpdir(), 'pressrun-assemblies-'));
  process.env[variable] = directory;
  // Most of the time of a synthesis is spent on its bundles, and all have the same.
  const bundles = join(directory, 'bundles');
  mkdirSync(bundles);
  process.env['PRESSRUN_BUNDLES'] = bundles;
  // Threads and processes that tests start load the same modules again and again.
  process.env['NODE_COMPILE_CACHE'] = join(directory, 'compiled');
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
}

/**
 * Returns the assembly of stage `local` with this context. The first caller synthesises it for all; it must not be
 * changed.
 */
export async function assemblyOf(context: Readonly<Record<string, string>>): Promise<string> {
  const made = join(
    process.env[variable] ?? '',
    createHash('sha256').update(JSON.stringify(context)).digest('hex').slice(0, 16),
  );
  if (existsSync(made)) return made;
  const making = `${made}.making`;
  try {
    await mkdir(making);
  } catch {
    while (!existsSync(made)) await pause(50);
    return made;
  }
  try {
    await synthesise(making, { stage: 'local', ...context });
  } finally {
    // A failure is written too, so that no test waits for the assembly.
    await rename(making, made);
  }
  return made;
}
