import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Stage as Assembly } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { bundledFiles } from './bundled-files.ts';

/** The content of each file, by its name. */
type Bundle = ReadonlyMap<string, string>;

/** Bundles by function name: stages that one process synthesises share them. */
const built = new Map<string, Bundle>();

/** A directory in which processes share the bundles of equal sources, as tests do. */
const { PRESSRUN_BUNDLES: shared = '' } = process.env;

/**
 * Bundles `functions/<name>/handler.ts` as `index.js` and its chunks. The source maps go to
 * `<assembly>/sourcemaps/<name>`, because a map in the asset would be loaded at every cold start. Throws if the scope is
 * not in an app.
 */
export function bundleOf(scope: Construct, name: string): Code {
  const assembly = Assembly.of(scope)?.outdir;
  if (assembly === undefined) {
    throw new Error(`function ${name} is not in an app, so there is no assembly for its bundle`);
  }
  const bundle = built.get(name) ?? kept(name) ?? build(name);
  built.set(name, bundle);
  const asset = join(assembly, 'bundles', name);
  const maps = join(assembly, 'sourcemaps', name);
  for (const directory of [asset, maps]) mkdirSync(directory, { recursive: true });
  for (const [file, content] of bundle) writeFileSync(join(file.endsWith('.map') ? maps : asset, file), content);
  return Code.fromAsset(asset);
}

function kept(name: string): Bundle | undefined {
  const directory = join(shared, name);
  if (shared === '' || !existsSync(directory)) return undefined;
  return new Map(readdirSync(directory).map((file) => [file, readFileSync(join(directory, file), 'utf8')]));
}

function keep(name: string, bundle: Bundle): void {
  if (shared === '') return;
  const making = mkdtempSync(join(shared, 'making-'));
  for (const [file, content] of bundle) writeFileSync(join(making, file), content);
  try {
    renameSync(making, join(shared, name));
  } catch {
    // Another process was faster.
    rmSync(making, { recursive: true });
  }
}

function build(name: string): Bundle {
  const bundle = bundledFiles(`functions/${name}/handler.ts`);
  keep(name, bundle);
  return bundle;
}
