import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';

/** esbuild's settings for the single file of each function. */
export const bundleSettings: BuildOptions = {
  absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  // CommonJS with the SDK bundled starts faster than ESM, and faster than the runtime's own SDK (measured).
  format: 'cjs',
  // ES modules first, so that esbuild can drop exports that are not used.
  mainFields: ['module', 'main'],
  alias: {
    // The package compiles patterns of fifteen locales at load, which takes 12 ms or more; slugs have no locale. A
    // replacement that saves less than 10 ms is not worth its code.
    '@sindresorhus/transliterate': './infra/bundling/transliterate.ts',
    'transliterate-replacements': './node_modules/@sindresorhus/transliterate/replacements.js',
  },
  // Libraries write input to the console, which is the function's log. Pressrun's logger does not use this console.
  drop: ['console'],
  legalComments: 'none',
  logLevel: 'warning',
};
