import { readdirSync } from 'node:fs';
import type { Mutant } from './mutant.ts';

const directory = new URL('mutants/', import.meta.url);

/** The names of all planted bugs. */
export function mutantNames(): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

export async function loadMutant(name: string): Promise<Mutant> {
  const { mutant } = (await import(new URL(`${name}.ts`, directory).href)) as { mutant: Mutant };
  return mutant;
}
