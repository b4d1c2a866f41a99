import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

/** Bundles by function name: stages that one process synthesises share them. */
const built = new Map<string, Bundle>();

/** A directory in which processes share the bundles of equal sources, as tests do. */
const { PRESSRUN_BUNDLES: shared = '' } = process.env;

/**
 * Bundles `functions/<name>/handler.ts` as `index.js`. The source map goes to `<assembly>/sourcemaps/<name>.js.map`,
 * because a map in the asset would be loaded at every cold start. Throws if the scope is not in an app.
 */
export function bundleOf(scope: Construct, name: string): Code {
  const assembly = Assembly.of(scope)?.outdir;
  if (assembly === undefined) {
    throw new Error(`function ${name} is not in an app, so there is no assembly for its bundle`);
  }
  const { code, map } = built.get(name) ?? kept(name) ?? build(name);
  write(join(assembly, 'sourcemaps'), `${name}.js.map`, map);
  const asset = join(assembly, 'bundles', name);
  write(asset, 'index.js', code);
  return Code.fromAsset(asset);
}

function kept(name: string): Bundle | undefined {
  if (shared === '' || !existsSync(join(shared, name))) return undefined;
  return { code: readFileSync(join(shared, name, 'index.js')), map: readFileSync(join(shared, name, 'index.js.map')) };
}

function keep(name: string, { code, map }: Bundle): void {
  if (shared === '') return;
  const making = mkdtempSync(join(shared, 'making-'));
  writeFileSync(join(making, 'index.js'), code);
  writeFileSync(join(making, 'index.js.map'), map);
  try {
    renameSync(making, join(shared, name));
  } catch {
    // Another process was faster.
    rmSync(making, { recursive: true });
  }
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
    throw new Error(`esbuild returned no code or no source map for functions/${name}/handler.ts`);
  }
  const bundle = { code, map };
  built.set(name, bundle);
  keep(name, bundle);
  return bundle;
}
