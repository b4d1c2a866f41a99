import { randomUUID } from 'node:crypto';
import { buildSync } from 'esbuild';

const made = randomUUID();

/**
 * Jest loads a suite and its hundreds of imports anew for each run, which takes most of the time. Here they are one
 * file.
 */
export default {
  // The bundle's text says nothing about its sources.
  getCacheKey: (): string => made,
  process: (_: string, path: string): { code: string } => {
    const { outputFiles } = buildSync({
      entryPoints: [path],
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      external: ['@jest/globals'],
      // Modules made for CommonJS `require` Node's own modules.
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      write: false,
    });
    return { code: outputFiles[0]?.text ?? '' };
  },
};
