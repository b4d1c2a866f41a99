import { readdirSync } from 'node:fs';
import type { Mutant } from './mutant.ts';

/** Where bugs are that one simulation has to find. */
export type MutantsFolder = 'mutants' | 'cms-mutants';

const directoryOf = (folder: MutantsFolder): URL => new URL(`${folder}/`, import.meta.url);

/** The names of all planted bugs. */
export function mutantNames(folder: MutantsFolder = 'mutants'): string[] {
  return readdirSync(directoryOf(folder))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

export async function loadMutant(name: string, folder: MutantsFolder = 'mutants'): Promise<Mutant> {
  const { mutant } = (await import(new URL(`${name}.ts`, directoryOf(folder)).href)) as { mutant: Mutant };
  return mutant;
}
