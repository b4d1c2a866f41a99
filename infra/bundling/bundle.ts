import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stage as Assembly } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { buildSync } from 'esbuild';
import { bundleSettings } from './bundle-settings.ts';

interface Bundle {
  readonly code: Uint8Array;
  readonly map: Uint8Array;
}

/** Several stages synthesised by one process ship the same code: each function is built once. */
const built = new Map<string, Bundle>();

/**
 * The code of `functions/<name>/handler.ts` as one file, `index.js`, and nothing beside it.
 * Its source map goes to `<assembly>/sourcemaps/<name>.js.map`: in the asset it would be fetched at every cold start.
 */
export function bundleOf(scope: Construct, name: string): Code {
  const assembly = Assembly.of(scope)?.outdir;
  if (assembly === undefined) {
    throw new Error(`function ${name} is outside of any app: its bundle has no place to go`);
  }
  const { code, map } = built.get(name) ?? build(name);
  write(join(assembly, 'sourcemaps'), `${name}.js.map`, map);
  const asset = join(assembly, 'bundles', name);
  write(asset, 'index.js', code);
  return Code.fromAsset(asset);
}

function write(directory: string, file: string, content: Uint8Array): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, file), content);
}

function build(name: string): Bundle {
  const { outputFiles } = buildSync({
    ...bundleSettings,
    entryPoints: [`functions/${name}/handler.ts`],
    outfile: `cdk.out/sourcemaps/${name}.js`,
    write: false,
    sourcemap: 'external',
  });
  const code = outputFiles.find(({ path }) => path.endsWith('.js'))?.contents;
  const map = outputFiles.find(({ path }) => path.endsWith('.js.map'))?.contents;
  if (code === undefined || map === undefined) {
    throw new Error(`esbuild made no code or no source map of functions/${name}/handler.ts`);
  }
  const bundle = { code, map };
  built.set(name, bundle);
  return bundle;
}
