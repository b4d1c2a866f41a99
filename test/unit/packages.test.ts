import { describe, expect, test } from '@jest/globals';
import { licenceList, lockedPackages } from '../../tools/cli/licences.ts';

/** Licences that allow deployed packages to be used and changed without publishing their source. */
const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
  '(MIT OR GPL-3.0-or-later)',
]);

/** Packages with an install script that work without it: `.npmrc` has `ignore-scripts`. */
const withInstallScripts = [
  '@parcel/watcher',
  '@scarf/scarf',
  '@swc/core',
  'classic-level',
  'esbuild',
  'unrs-resolver',
];

describe('the packages of the lock file', () => {
  const packages = lockedPackages();

  test('have a licence, and deployed ones a permissive one', () => {
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(({ licence }) => licence === 'not stated')).toEqual([]);
    expect(packages.filter(({ isForDevelopment, licence }) => !isForDevelopment && !permissive.has(licence))).toEqual(
      [],
    );
  });

  test('have install scripts only if listed here, after review', () => {
    expect(
      [...new Set(packages.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name))].sort(),
    ).toEqual(withInstallScripts);
  });

  test('are listed by licence, deployed ones first', () => {
    const list = licenceList([
      { name: 'b', version: '1.0.0', licence: 'MIT', isForDevelopment: true, hasInstallScript: false },
      { name: 'c', version: '2.0.0', licence: 'ISC', isForDevelopment: false, hasInstallScript: false },
      { name: 'a', version: '1.0.0', licence: 'MIT', isForDevelopment: true, hasInstallScript: false },
    ]);
    expect(list).toBe('deployed  ISC: 1\n  c 2.0.0\n\ndevelopment  MIT: 2\n  a 1.0.0\n  b 1.0.0');
  });
});
