import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Mutant } from '../simulation/mutant.ts';

const folderOf = (folder: string): URL => new URL(`${folder}/`, import.meta.url);

/** The names of the bugs planted in one folder. */
export function mutantNames(folder: string): string[] {
  return readdirSync(folderOf(folder)).map((file) => file.replace(/\.ts$/, ''));
}

/** Runs a module's `properties` against the code with the bug planted. Returns their failure, or undefined. */
export async function hunt(folder: string, name: string, module: string, runs: number): Promise<unknown> {
  const { mutant } = (await import(new URL(`${name}.ts`, folderOf(folder)).href)) as { mutant: Mutant };
  const worker = new Worker(new URL('hunt-worker.ts', import.meta.url), {
    workerData: { mutant, module, runs },
    execArgv: [],
  });
  const [{ found }] = (await once(worker, 'message')) as [{ found: unknown }];
  await worker.terminate();
  return found;
}
