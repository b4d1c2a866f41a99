import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** A module without types. */
const eslintConfig: string = new URL('../../eslint.config.mjs', import.meta.url).href;

/** Names that do not describe their content. */
const drawers = /^(?:utils?|utilities|commons?|helpers?|types?|constants?|misc)$/;

function namingFaultsOf(path: string): string[] {
  const parts = path.split('/');
  const names = parts.map((part) => part.replace(/(?:\.test|\.d)?\.ts$/, ''));
  return [
    ...names.filter((name) => drawers.test(name)).map((name) => `${path} is in a drawer called ${name}`),
    ...(parts.at(-1) === 'index.ts' ? [`${path} is a barrel`] : []),
  ];
}

function filesIn(room: string): string[] {
  return readdirSync(join(root, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) =>
      posix.join(room, entry.parentPath.slice(join(root, room).length).replaceAll('\\', '/'), entry.name),
    );
}

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

/** Runs dependency-cruiser on a tree, with this tree's rules. */
async function cruise(directory: string): Promise<Cruise['summary']> {
  const program = [
    join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
    '--config',
    join(root, '.dependency-cruiser.mjs'),
    '--output-type',
    'json',
  ];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...program, 'shared', 'functions', 'infra', 'tools', 'test'],
    { cwd: directory, maxBuffer: 64 * 1024 * 1024 },
  );
  return (JSON.parse(stdout) as Cruise).summary;
}

describe('the source tree', () => {
  test('has only permitted imports, and no circles', async () => {
    const { violations, totalCruised } = await cruise(root);
    expect(violations.map(({ from, to, rule }) => `${rule.name}: ${from} imports ${to}`)).toEqual([]);
    expect(totalCruised).toBeGreaterThan(300);
  }, 60_000);

  test('has no vaguely named modules and no barrels', () => {
    expect(['shared', 'functions', 'infra', 'tools', 'test'].flatMap(filesIn).flatMap(namingFaultsOf)).toEqual([]);
  });
});

describe('every rule finds its violations', () => {
  const forbidden: readonly (readonly [file: string, text: string])[] = [
    ['shared/1.ts', "import { S3Client } from '@aws-sdk/client-s3';"],
    ['shared/2.ts', "import type { AttributeValue } from '@aws-sdk/client-dynamodb';"],
    ['shared/3.ts', "import { Stack } from 'aws-cdk-lib';"],
    ['shared/4.ts', "import { Queue } from 'aws-cdk-lib/aws-sqs';"],
    ['shared/5.ts', "import middy from '@middy/core';"],
    ['shared/6.ts', "import { readFileSync } from 'node:fs';"],
    ['shared/7.ts', "import { env } from 'node:process';"],
    ['shared/8.ts', "export * from './aws/rows.ts';"],
    ['shared/9.ts', "import { MemoryFeeds } from '../test/fakes/memory-feeds.ts';"],
    ['shared/10.ts', "import { settings } from '../infra/settings.ts';"],
    ['shared/11.ts', "export { store } from '../functions/store/store.ts';"],
    ['shared/12.ts', "const sdk = await import('@aws-sdk/client-s3');"],
    ['shared/13.ts', "const sdk = require('@aws-sdk/client-s3');"],
    ['shared/14.ts', "import sdk = require('@aws-sdk/client-s3');"],
    ['shared/15.ts', "type Row = import('./aws/rows.ts').Row;"],
    ['shared/16.ts', "import type { B } from './17.ts'; export interface A {}"],
    ['test/fakes/1.ts', "import { numberOf } from '../../shared/aws/rows.ts';"],
    ['shared/aws/1.ts', "import { Table } from 'aws-cdk-lib/aws-dynamodb';"],
    ['shared/aws/2.ts', "import { store } from '../../functions/store/store.ts';"],
    ['shared/aws/3.ts', "import { MemoryFeeds } from '../../test/fakes/memory-feeds.ts';"],
    ['functions/store/1.ts', "import { SQSClient } from '@aws-sdk/client-sqs';"],
    ['functions/store/2.ts', "import { headKey } from '../../shared/aws/rows.ts';"],
    ['functions/store/3.ts', "import { project } from '../project/project.ts';"],
    ['functions/store/4.ts', "import type { ProjectEnv } from '../project/env.ts';"],
    ['functions/store/5.ts', "import { handler } from './handler.ts';"],
    ['functions/store/6.ts', "import type { SQSEvent } from 'aws-lambda';"],
    ['functions/one/handler.ts', "import { project } from '../project/project.ts';"],
    ['functions/two/handler.ts', "import { settings } from '../../infra/settings.ts';"],
    ['functions/three/handler.ts', "import { Stack } from 'aws-cdk-lib';"],
    ['infra/1.ts', "import { store } from '../functions/store/store.ts';"],
    ['infra/2.ts', "import type { StorePorts } from '../functions/store/store.ts';"],
    ['infra/3.ts', "import { storeEnv } from '../functions/store/env.ts';"],
    ['infra/4.ts', "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';"],
    ['infra/5.ts', "import { headKey } from '../shared/aws/rows.ts';"],
    ['tools/laptop/1.ts', "import { handler } from '../../functions/store/handler.ts';"],
    ['tools/cli/1.ts', "const { store } = await import('../../functions/store/store.ts');"],
    ['tools/bench/1.ts', "import { story } from '../../test/unit/story.ts';"],
  ];
  const permitted: Readonly<Record<string, string>> = {
    'shared/article/card.ts':
      "import { slugOf } from './slug.ts'; import * as v from 'valibot'; import { createHash } from 'node:crypto'; export interface Card {}",
    'shared/article/slug.ts': 'export const slugOf = 1;',
    'shared/aws/rows.ts':
      "import { DynamoDBClient } from '@aws-sdk/client-dynamodb'; import type { Card } from '../article/card.ts'; export const headKey = 1, numberOf = 1; export interface Row {}",
    'functions/store/store.ts':
      "import { slugOf } from '../../shared/article/slug.ts'; import { html } from 'hono/html'; import type { StoreEnv } from './env.ts'; export const store = 1; export interface StorePorts {}",
    'functions/store/env.ts': 'export const storeEnv = 1; export interface StoreEnv {}',
    'functions/store/handler.ts':
      "import middy from '@middy/core'; import { SQSClient } from '@aws-sdk/client-sqs'; import { store } from './store.ts'; import { headKey } from '../../shared/aws/rows.ts'; export const handler = 1;",
    'functions/project/project.ts': 'export const project = 1;',
    'functions/project/env.ts': 'export interface ProjectEnv {}',
    'infra/settings.ts':
      "import type { StoreEnv } from '../functions/store/env.ts'; import { slugOf } from '../shared/article/slug.ts'; import { Stack } from 'aws-cdk-lib'; export const settings = 1;",
    'tools/laptop/main.ts':
      "import { SQSClient } from '@aws-sdk/client-sqs'; import { headKey } from '../../shared/aws/rows.ts';",
    'test/fakes/memory-feeds.ts':
      "import type { Card } from '../../shared/article/card.ts'; export const MemoryFeeds = 1;",
    'test/unit/story.ts': 'export const story = 1;',
    'tools/bench/pipeline.ts':
      "import { MemoryFeeds } from '../../test/fakes/memory-feeds.ts'; import { store } from '../../functions/store/store.ts';",
    // A circle is found once, at one of its files.
    'shared/17.ts': "import type { A } from './16.ts'; export interface B {}",
    'tsconfig.json': '{}',
  };

  test('each file with a forbidden import is found, and no other', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'pressrun-imports-'));
    try {
      for (const [file, text] of [...forbidden, ...Object.entries(permitted)]) {
        mkdirSync(dirname(join(directory, file)), { recursive: true });
        writeFileSync(join(directory, file), text);
      }
      const { violations } = await cruise(directory);
      expect([...new Set(violations.map(({ from }) => from))].sort()).toEqual(forbidden.map(([file]) => file).sort());
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }, 60_000);

  const issuesOf = async (file: string, text: string): Promise<number> => {
    const { pure } = (await import(eslintConfig)) as { readonly pure: Linter.Config };
    return new Linter({ cwd: root }).verify(
      text,
      [{ files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } }, pure],
      join(root, file),
    ).length;
  };

  test.each<[string, string]>([
    ['shared/article/card.ts', 'const sdk = await import(`@aws-sdk/${name}`);'],
    ['shared/article/card.ts', "const stage = process.env['STAGE'];"],
    ['shared/article/card.ts', 'const { env } = process;'],
    ['shared/article/card.ts', 'const stage = globalThis.process.env.STAGE;'],
    ['shared/article/card.ts', 'const now = Date.now();'],
    ['shared/article/card.ts', 'const clock = { now: Date.now };'],
    ['shared/article/card.ts', "const now = Date['now']();"],
    ['shared/article/card.ts', 'const now = new Date();'],
    ['shared/article/card.ts', 'const now = new Date;'],
    ['shared/article/card.ts', 'const now = Date();'],
    ['shared/article/card.ts', 'const now = performance.now();'],
    ['test/fakes/memory-feeds.ts', 'const now = Date.now();'],
    ['functions/store/store.ts', "const bus = process.env['BUS_NAME'];"],
    ['functions/store/store.ts', 'const now = new Date();'],
    ['functions/deliver/page.ts', 'const now = Date.now();'],
  ])('a lint rule finds, in %s: %s', async (file, text) => {
    expect(await issuesOf(file, text)).toBe(1);
  });

  test.each<[string, string]>([
    [
      'shared/article/card.ts',
      "const at = new Date(0); const then = Date.parse('2026'); const day = Date.UTC(2026, 1); type When = Date; const clock = { now: () => 1 }; clock.now();",
    ],
    [
      'shared/article/card.ts',
      'const text = \'import x from "@aws-sdk/client-s3"; process.env; Date.now()\'; // new Date()',
    ],
    ['shared/article/card.ts', 'const step = { process: 1 }; step.process;'],
    ['shared/aws/rows.ts', 'const now = Date.now();'],
    ['functions/store/handler.ts', 'const env = process.env;'],
  ])('no lint rule finds, in %s: %s', async (file, text) => {
    expect(await issuesOf(file, text)).toBe(0);
  });

  test.each([
    'shared/utils.ts',
    'shared/utils/text.ts',
    'functions/store/helpers.ts',
    'infra/common/names.ts',
    'shared/types.ts',
    'shared/types.d.ts',
    'infra/constants.ts',
    'test/helpers/story.ts',
    'shared/index.ts',
    'functions/store/index.ts',
  ])('%s is a rejected name', (path) => {
    expect(namingFaultsOf(path)).toHaveLength(1);
  });

  test.each([
    'shared/purge/tags.ts',
    'shared/content-types.ts',
    'tools/laptop/events/event-pattern.ts',
    'test/unit/tags.test.ts',
  ])('%s is an accepted name', (path) => {
    expect(namingFaultsOf(path)).toEqual([]);
  });
});
