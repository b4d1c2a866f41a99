import { readFileSync } from 'node:fs';
import { WrongUse } from './exits.ts';

/**
 * Returns the text of a file, `-` for standard input. `named` is how an error names it, with its option if it has one.
 * @throws {WrongUse} The file cannot be read.
 */
export function textIn(file: string, named = file): string {
  return new TextDecoder().decode(bytesIn(file, named));
}

/** Returns the bytes of a file, as {@link textIn} its text. */
export function bytesIn(file: string, named = file): Uint8Array {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new WrongUse(`${named} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
