import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fields, isRecord } from '../fields.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A synthesised stack: its template, and where the bundles of its functions lie. */
export interface Assembly {
  readonly stackName: string;
  readonly template: Fields;
  /** The directory of the asset that the template calls `<hash>.zip`. */
  readonly assetDirectory: (objectKey: string) => string;
}

/** The CDK app failed: a wrong setting, or an error in the stack. */
export class NotSynthesised extends Error {
  override readonly name = 'NotSynthesised';
}

/**
 * Does the work of `cdk synth` without the CLI, whose start takes longer than the app, and without the CDK's check of the
 * template against CloudFormation's schemas, which takes longer than all the rest: `cdk deploy` does it.
 */
export async function synthesise(outDirectory: string, context: Readonly<Record<string, string>>): Promise<void> {
  const cdkJson = jsonFields(join(root, 'cdk.json'));
  const [program = 'node', ...parameters] = cdkJson.text('app').split(' ');
  const app = spawn(program === 'node' ? process.execPath : program, parameters, {
    cwd: root,
    env: {
      ...process.env,
      CDK_VALIDATION: 'false',
      CDK_OUTDIR: outDirectory,
      CDK_CONTEXT_JSON: JSON.stringify({ ...cdkJson.optionalFields('context')?.record, ...context }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  app.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  app.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  await new Promise<void>((resolve, reject) => {
    app.on('error', reject);
    app.on('close', (code) => {
      if (code === 0) resolve();
      else
        reject(new NotSynthesised(`the CDK app does not synthesise:\n${Buffer.concat(output).toString().trimEnd()}`));
    });
  });
}

/** A context value of cdk.json. */
export function contextInCdkJson(key: string): unknown {
  return jsonFields(join(root, 'cdk.json')).optionalFields('context')?.record[key];
}

export function readAssembly(directory: string): Assembly {
  const artifacts = jsonFields(join(directory, 'manifest.json')).fields('artifacts');
  const stacks = Object.keys(artifacts.record)
    .map((id) => ({ id, artifact: artifacts.fields(id) }))
    .filter(({ artifact }) => artifact.text('type') === 'aws:cloudformation:stack');
  const [stack] = stacks;
  if (!stack || stacks.length > 1) {
    throw new Error(
      `${directory} must hold one stack, not ${stacks.length === 0 ? 'none' : stacks.map(({ id }) => id).join(', ')}`,
    );
  }
  const properties = stack.artifact.fields('properties');
  const templateFile = properties.text('templateFile');
  const assets = jsonFields(join(directory, templateFile.replace('.template.json', '.assets.json'))).optionalFields(
    'files',
  );
  return {
    stackName: properties.optionalText('stackName') ?? stack.id,
    template: jsonFields(join(directory, templateFile)),
    assetDirectory: (objectKey) => {
      const hash = objectKey.replace(/\.zip$/, '');
      if (!assets?.has(hash)) throw new Error(`${directory} has no asset ${objectKey}`);
      return join(directory, assets.fields(hash).fields('source').text('path'));
    },
  };
}

function jsonFields(path: string): Fields {
  const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isRecord(content)) throw new Error(`${path} is not a JSON object`);
  return new Fields(content, (field, expected) => new Error(`${path}: ${field} should be ${expected}`));
}
