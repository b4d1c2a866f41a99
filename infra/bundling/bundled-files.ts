import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, transformSync, type BuildOptions, type TransformOptions } from 'esbuild';

const target = 'node24';

const bundling = {
  absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
  // The names of chunks depend on the paths of modules, also where node_modules is a link.
  preserveSymlinks: true,
  bundle: true,
  minify: true,
  platform: 'node',
  target,
  // What is imported dynamically becomes a chunk of its own, because a cold start takes longer with each byte that Node
  // reads, whether it runs or not (measured). esbuild splits ES modules only.
  format: 'esm',
  splitting: true,
  outdir: 'cdk.out',
  write: false,
  // Inline, so that the maps of the CommonJS files lead to the sources. With their text, a build would take half as long again.
  sourcemap: 'inline',
  sourcesContent: false,
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
} as const satisfies BuildOptions;

const toCommonJs = {
  // CommonJS with the SDK bundled starts faster than ESM, and faster than the runtime's own SDK (measured).
  format: 'cjs',
  minify: true,
  platform: 'node',
  target,
  // A chunk is loaded by `require`, which does not start Node's loader of ES modules.
  supported: { 'dynamic-import': false },
  sourcemap: 'external',
  sourcesContent: false,
} as const satisfies TransformOptions;

/**
 * Bundles a module, given by its path below the root of the tree, as `index.js` and its chunks. Returns the content of
 * these files and of their source maps, by file name.
 */
export function bundledFiles(entryPoint: string): Map<string, string> {
  const { outputFiles } = buildSync({ ...bundling, entryPoints: { index: entryPoint } });
  return new Map(
    outputFiles.flatMap(({ path, text }) => {
      const file = basename(path);
      const { code, map } = transformSync(text, toCommonJs);
      return [
        [file, code],
        [`${file}.map`, map],
      ];
    }),
  );
}
