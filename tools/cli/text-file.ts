import { readFileSync } from 'node:fs';
import { WrongUse } from './exits.ts';

/**
 * Returns the text of a file, `-` for standard input. `named` is how an error names it, with its option if it has one.
 * @throws {WrongUse} The file cannot be read.
 */
export function textIn(file: string, named = file): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new WrongUse(`${named} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
