import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { resourcesOf, synthesise } from './synthesised.ts';

/** Loads a bundle as Lambda would, with no environment, and prints the bytes of the files that were read for it. */
const loading = `
  const index = require.resolve(process.argv[1]);
  try { require(index); } catch (error) { if (!/environment/.test(error.message)) throw error; }
  const files = new Set([index, ...Object.keys(require.cache)]);
  console.log([...files].reduce((sum, file) => sum + require('node:fs').statSync(file).size, 0));
`;

function bytesAtStart(asset: string): number {
  return Number(execFileSync(process.execPath, ['-e', loading, asset], { env: {}, encoding: 'utf8' }));
}

describe('functions', () => {
  const dev = synthesise({
    stage: 'dev',
    siteUrl: 'https://www.example.com',
    theme: 'test/fixtures/abendblatt.json',
    purgeBudget: 1000,
    webAcl: 'managed',
    narrate: '{"en":"Amy"}',
    dropBucket: 'managed',
  });
  const functions = resourcesOf(dev, 'AWS::Lambda::Function');
  const logs = resourcesOf(dev, 'AWS::Logs::LogGroup');

  /** Functions with a place in the pipeline, and a wiring in the stack. */
  const wired = [
    'deliver',
    'ingest',
    'narrate',
    'pickup',
    'project',
    'purge',
    'reconcile',
    'release',
    'store',
    'sweep',
    'watch',
  ];

  /**
   * Kilobytes that a cold start reads. What is imported dynamically is not among them. If a change adds much, esbuild's
   * metafile shows the cause.
   */
  // Feeds of other sites are read with sax, 21 KB. A library of feeds is 175 KB and takes 30 ms to load.
  // A new CMS or kind of body adds a few KB to ingest and sweep: raise their budgets by that, and leave the others.
  // The rules for custom elements, and warnings of what a text loses, are 2 KB of each function that sanitises.
  // `pickup` reads what `ingest` reads; nobody waits for it.
  const budgets: Readonly<Record<string, number>> = { deliver: 505, ingest: 743, pickup: 750, store: 668, sweep: 800 };

  test('are the functions of the pipeline', () => {
    expect(functions.map(({ properties }) => properties.FunctionName).sort()).toEqual(
      wired.map((name) => `pressrun-dev-${name}`),
    );
  });

  describe.each(wired)('%s', (name) => {
    const found = functions.find(({ properties }) => properties.FunctionName === `pressrun-dev-${name}`)?.properties;

    test('runs on arm64 and Node 24, with a timeout and a memory size of its own', () => {
      expect(found).toMatchObject({ Architectures: ['arm64'], Runtime: 'nodejs24.x' });
      expect(found?.Timeout).toBeGreaterThanOrEqual(10);
      expect(found?.MemorySize).toBeGreaterThanOrEqual(256);
    });

    test('has the variables that its env.ts reads, and no others', async () => {
      const [schema] = Object.values(
        (await import(`../../functions/${name}/env.ts`)) as Record<string, v.ObjectSchema<v.ObjectEntries, undefined>>,
      );
      const given = Object.entries(found?.Environment.Variables ?? {});
      expect(given.map(([variable]) => variable).sort()).toEqual(Object.keys(schema?.entries ?? {}).sort());
      // CloudFormation fills in names and addresses of resources.
      const variables = Object.fromEntries(
        given.map(([variable, value]) => [variable, typeof value === 'string' ? value : 'resource']),
      );
      expect(schema && v.safeParse(schema, variables).issues).toBeUndefined();
    });

    test('logs into a log group of its own that expires', () => {
      const log = logs.find(({ id }) => id === found?.LoggingConfig.LogGroup.Ref)?.properties;
      expect(log?.LogGroupName).toBe(`/aws/lambda/pressrun-dev-${name}`);
      expect(log?.RetentionInDays).toBeGreaterThan(0);
    });

    test('ships its files without their source maps, which lead to the sources', () => {
      const asset = join(dev.assembly, 'bundles', name);
      const maps = join(dev.assembly, 'sourcemaps', name);
      const files = readdirSync(asset);
      expect(files).toContain('index.js');
      expect(files.filter((file) => !file.endsWith('.js'))).toEqual([]);
      expect(readdirSync(maps)).toEqual(files.map((file) => `${file}.map`));
      const sources = files.flatMap((file) => {
        expect(readFileSync(join(asset, file), 'utf8').slice(-200)).not.toContain('sourceMappingURL');
        return (JSON.parse(readFileSync(join(maps, `${file}.map`), 'utf8')) as { sources: string[] }).sources;
      });
      expect(sources).toContain(`../functions/${name}/handler.ts`);
    });

    test('stays below its bundle budget (`budgets` above), because every kilobyte is read at a cold start', () => {
      const asset = join(dev.assembly, 'bundles', name);
      expect(bytesAtStart(asset) / 1024).toBeLessThanOrEqual(budgets[name] ?? 520);
    });
  });

  test('that send to the queue that invokes them are exempt from Lambda’s loop detection', () => {
    const mappings = resourcesOf(dev, 'AWS::Lambda::EventSourceMapping');
    const policies = resourcesOf(dev, 'AWS::IAM::Policy');
    const sends = (role: unknown, queue: unknown): boolean =>
      policies.some(
        ({ properties }) =>
          JSON.stringify(properties.Roles) === JSON.stringify([role]) &&
          properties.PolicyDocument.Statement.some(
            ({ Action, Resource }) =>
              [Action].flat().includes('sqs:SendMessage') &&
              [Resource].flat().some((one) => JSON.stringify(one) === JSON.stringify(queue)),
          ),
      );
    const feeding = functions.filter(({ id, properties }) =>
      mappings.some(
        ({ properties: { FunctionName, EventSourceArn } }) =>
          FunctionName.Ref === id && sends({ Ref: properties.Role['Fn::GetAtt'][0] }, EventSourceArn),
      ),
    );
    expect(feeding.map(({ properties }) => properties.FunctionName).sort()).toEqual(
      ['narrate', 'project', 'purge', 'reconcile', 'release', 'watch'].map((name) => `pressrun-dev-${name}`),
    );
    for (const { properties } of functions)
      expect([properties.FunctionName, properties.RecursiveLoop]).toEqual([
        properties.FunctionName,
        feeding.some((one) => one.properties === properties) ? 'Allow' : undefined,
      ]);
  });

  test('deploy the bundle byte for byte, the same in every stage', () => {
    const assets = (context: Record<string, string>): string[] => {
      const { assembly } = synthesise(context);
      return readdirSync(assembly)
        .filter((entry) => existsSync(join(assembly, entry, 'index.js')))
        .sort();
    };
    expect(assets({ stage: 'prod' })).toEqual(assets({ stage: 'local' }));
    // `narrate` and `pickup` are absent by default.
    expect(assets({})).toHaveLength(wired.length - 2);
  });
});
