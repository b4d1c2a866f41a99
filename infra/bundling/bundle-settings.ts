import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';

/** How every function is made one file. */
export const bundleSettings: BuildOptions = {
  absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  // CommonJS with everything inside: measured, it loads faster than ESM and than the runtime's own SDK.
  format: 'cjs',
  // Packages as modules, of which esbuild leaves out what nobody calls.
  mainFields: ['module', 'main'],
  alias: {
    // It compiles patterns of fifteen locales when it is loaded, 12 ms or more: slugs are of no locale. Whatever saves less than 10 ms is not worth a stub.
    '@sindresorhus/transliterate': './infra/bundling/transliterate.ts',
    'transliterate-replacements': './node_modules/@sindresorhus/transliterate/replacements.js',
  },
  // Libraries write what they read to the console, which is the function's log. Its own lines go through a console of their own.
  drop: ['console'],
  legalComments: 'none',
  logLevel: 'warning',
};
