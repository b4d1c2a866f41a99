import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(root, 'dist/consumer');
const entries = { index: 'shared/consumer/entry.ts', dynamodb: 'shared/aws/consumer-seen.ts' };

// Builds the package in dist/consumer. The compiler emits the typings, because esbuild writes none.
rmSync(dist, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: entries,
  outdir: dist,
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  external: ['@aws-sdk/*', '@smithy/*'],
  logLevel: 'warning',
});
const typings = mkdtempSync(join(tmpdir(), 'pressrun-consumer-'));
const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
const options = {
  declaration: true,
  emitDeclarationOnly: true,
  allowImportingTsExtensions: true,
  strict: true,
  skipLibCheck: true,
  ignoreConfig: true,
  target: 'es2024',
  module: 'nodenext',
  types: 'node',
  rootDir: 'shared',
  outDir: typings,
};
const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
execFileSync(process.execPath, [tsc, ...flags, ...Object.values(entries)], { cwd: root, stdio: 'inherit' });
// The compiler writes a file for every module. These are the ones that the entries' types refer to.
for (const path of ['consumer', 'contracts', 'aws/consumer-seen.d.ts'])
  cpSync(join(typings, path), join(dist, 'types', path), { recursive: true });
rmSync(typings, { recursive: true });
for (const file of ['package.json', 'README.md', 'CHANGELOG.md'])
  cpSync(join(root, 'shared/consumer', file), join(dist, file));
cpSync(join(root, 'shared/contracts/out'), join(dist, 'schemas'), { recursive: true });
cpSync(join(root, 'shared/contracts/asyncapi.json'), join(dist, 'schemas/asyncapi.json'));
