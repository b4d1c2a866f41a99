import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bundledFiles } from '../../infra/bundling/bundled-files.ts';
import { slugOf } from '../../shared/article/slug.ts';
import { vectors } from '../fixtures/vectors.ts';

const directory = mkdtempSync(join(tmpdir(), 'pressrun-bundle-'));

afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** Writes the bundle of a module and returns the path of its `index.js`. */
function bundle(entryPoint: string): string {
  const target = mkdtempSync(join(directory, 'bundle-'));
  for (const [file, content] of bundledFiles(entryPoint)) writeFileSync(join(target, file), content);
  return join(target, 'index.js');
}

/** Standard output of a function is its log. Lines of a library are not structured, and may quote a story. */
test('no bundle logs the text that it sanitises', () => {
  const sanitiser = bundle('shared/article/sanitise.ts');
  const texts = [
    ...vectors,
    '<img src="/a.jpg" srcset="/a.jpg 0x, /b.jpg forged\u2028{&quot;level&quot;:&quot;INFO&quot;} 1w, /c.jpg 1h, /d.jpg -1x">',
    '<p style="colour:red;;{">x</p>',
    '<a href="http://[">x</a>',
  ];
  writeFileSync(
    join(directory, 'run.cjs'),
    `const { sanitise } = require(${JSON.stringify(sanitiser)}); for (const text of ${JSON.stringify(texts)}) sanitise(text);`,
  );
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(directory, 'run.cjs')], { encoding: 'utf8' });
  expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
});

/** Slugs are ids of feeds: a bundle's slug must equal that of every other part. */
test('a bundle makes the same slugs as the full package', () => {
  const file = bundle('shared/article/slug.ts');
  const bundled = createRequire(file)(file) as { readonly slugOf: typeof slugOf };
  const everyCharacter = Array.from({ length: 0x3100 }, (_, code) => String.fromCodePoint(code));
  for (const character of everyCharacter)
    expect([character, bundled.slugOf(`a${character}b`)]).toEqual([character, slugOf(`a${character}b`)]);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (name) => {
      expect(bundled.slugOf(name)).toBe(slugOf(name));
    }),
  );
});
