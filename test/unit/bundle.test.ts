import { createRequire } from 'node:module';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import fc from 'fast-check';
import { bundleSettings } from '../../infra/bundle-settings.ts';
import { sanitise } from '../../shared/sanitise.ts';
import { slugOf } from '../../shared/slug.ts';
import { vectors } from '../fixtures/vectors.ts';

const directory = mkdtempSync(join(tmpdir(), 'pressrun-bundle-'));

afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** Slugs are ids of feeds: what a bundle makes of a name is what every other part of the house makes of it. */
/** The sanitiser's bundles go without its trees, styles and dates: what is left of a text must not differ by a letter. */
test('a bundle sanitises as the packages do', () => {
  const { outputFiles } = buildSync({ ...bundleSettings, entryPoints: ['shared/sanitise.ts'], write: false });
  const file = join(directory, 'sanitise.cjs');
  writeFileSync(file, outputFiles[0]?.contents ?? '');
  const bundled = createRequire(file)(file) as { readonly sanitise: typeof sanitise };
  for (const vector of vectors) expect([vector, bundled.sanitise(vector)]).toEqual([vector, sanitise(vector)]);
  const markup = fc.array(fc.oneof(fc.constantFrom('<p style="color:red">', '</p>', '<img srcset="a.jpg 2x, b.jpg 1x" src=', '<a href="', 'https://example.com/?a=1&amp;b=&copy;2', '">', '<script>', '</script>', '<!--', '-->', '&nbsp;', '&#x41;', '<table><td>', '<svg/onload='), fc.string({ maxLength: 8 })), { maxLength: 12 });
  fc.assert(fc.property(markup, (pieces) => {
    const html = pieces.join('');
    expect(bundled.sanitise(html)).toBe(sanitise(html));
  }));
});

test('a bundle makes the same slugs as the package that it has no room for', () => {
  const { outputFiles } = buildSync({ ...bundleSettings, entryPoints: ['shared/slug.ts'], write: false });
  const file = join(directory, 'slug.cjs');
  writeFileSync(file, outputFiles[0]?.contents ?? '');
  const bundled = createRequire(file)(file) as { readonly slugOf: typeof slugOf };
  const everyCharacter = Array.from({ length: 0x3100 }, (_, code) => String.fromCodePoint(code));
  for (const character of everyCharacter) expect([character, bundled.slugOf(`a${character}b`)]).toEqual([character, slugOf(`a${character}b`)]);
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (name) => {
    expect(bundled.slugOf(name)).toBe(slugOf(name));
  }));
});
