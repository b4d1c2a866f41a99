import { randomUUID } from 'node:crypto';
import { buildSync } from 'esbuild';

const made = randomUUID();

/** Jest loads a suite and all that it imports anew for each run, hundreds of files: most of what a fault costs. Here they are one. */
export default {
  // What was bundled says nothing of what it was bundled from.
  getCacheKey: (): string => made,
  process: (_: string, path: string): { code: string } => {
    const { outputFiles } = buildSync({
      entryPoints: [path],
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      external: ['@jest/globals'],
      // What was made for CommonJS asks for Node's own modules by `require`.
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      write: false,
    });
    return { code: outputFiles[0]?.text ?? '' };
  },
};
