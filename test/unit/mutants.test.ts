import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { planted, type Mutant } from '../simulation/mutant.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = ['test/simulation', 'test/fuzz'].flatMap((parent) =>
  readdirSync(join(root, parent))
    .filter((name) => name.endsWith('mutants'))
    .map((name) => join(root, parent, name)),
);
const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));

describe('a planted bug', () => {
  test.each(files)('%s has its place in the code', async (file) => {
    const { mutant } = (await import(file)) as { mutant: Mutant };
    const text = readFileSync(join(root, mutant.file), 'utf8');
    expect(planted(mutant, text)).not.toBe(text);
  });

  test('is planted in one place only, however the file is formatted', () => {
    const mutant = { breaks: '', file: 'a.ts', search: 'call(one, two)', replace: 'none' };
    expect(planted(mutant, 'a();\ncall(\n  one,\n  two,\n);\n')).toBe('a();\nnone;\n');
    for (const text of ['call(one)', 'call(one, two); call(one, two)', 'recall2(one, three)'])
      expect(() => planted(mutant, text)).toThrow('a.ts should hold exactly once');
  });
});
