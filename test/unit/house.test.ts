import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a file imports, and what it takes from the machine it runs on. */
interface Uses {
  readonly imports: readonly { readonly specifier: string; readonly isTypeOnly: boolean }[];
  readonly environment: boolean;
  readonly clock: boolean;
}

/** Reads a file as the compiler does: imports, re-exports, `import()`, `require()`, `import('…')` in a type. */
function usesOf(file: string, text: string): Uses {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const imports: { specifier: string; isTypeOnly: boolean }[] = [];
  let environment = false;
  let clock = false;

  const imported = (specifier: ts.Node | undefined, isTypeOnly: boolean): void => {
    if (specifier && ts.isStringLiteralLike(specifier)) imports.push({ specifier: specifier.text, isTypeOnly });
    // What cannot be read here cannot be judged here.
    else if (specifier) imports.push({ specifier: '(computed)', isTypeOnly });
  };

  const visit = (node: ts.Node): void => {
    // `import { type A }` keeps the import at run time (verbatimModuleSyntax), so only `import type` is one of types.
    if (ts.isImportDeclaration(node)) imported(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    else if (ts.isExportDeclaration(node)) imported(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) imported(node.moduleReference.expression, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) imported(node.argument.literal, true);
    else if (ts.isCallExpression(node) && (node.expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(node.expression) && node.expression.text === 'require'))) imported(node.arguments[0], false);
    else if (ts.isIdentifier(node) && !isMemberName(node)) {
      if (node.text === 'process' || node.text === 'globalThis') environment = true;
      if (node.text === 'performance' || node.text === 'Temporal') clock = true;
      if (node.text === 'Date') clock ||= readsTheClock(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { imports, environment, clock };
}

/** The name after a dot, or of a field: not the global of that name. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (ts.isPropertyAccessExpression(parent) && parent.name === node) || (ts.isPropertyAssignment(parent) && parent.name === node) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent) || ts.isMethodDeclaration(parent);
}

/** `Date.now`, called or passed on, `new Date()` and `Date()`; making an instant of a number or a text is no clock. */
function readsTheClock(date: ts.Identifier): boolean {
  const { parent } = date;
  if (ts.isPropertyAccessExpression(parent)) return parent.name.text === 'now';
  if (ts.isElementAccessExpression(parent)) return true;
  if (ts.isNewExpression(parent)) return (parent.arguments ?? []).length === 0;
  return ts.isCallExpression(parent) && parent.expression === date;
}

const isSdk = (specifier: string): boolean => /^(?:@aws-sdk|@smithy)\/|^aws-sdk$/.test(specifier);
const isCdk = (specifier: string): boolean => /^(?:aws-cdk-lib|constructs|@aws-cdk)(?:\/|$)/.test(specifier);
const isWiring = (specifier: string): boolean => /^@middy\/|^aws-lambda$/.test(specifier);
/** Built-in modules that only compute. */
const pureBuiltIns = new Set(['node:assert', 'node:buffer', 'node:crypto', 'node:url', 'node:util', 'node:zlib']);
const isEffect = (specifier: string): boolean => specifier.startsWith('node:') && !pureBuiltIns.has(specifier);

type Room = 'shared' | 'test/fakes' | 'shared/aws' | 'logic' | 'handler' | 'infra' | 'laptop';

function roomOf(file: string): Room | undefined {
  if (file.startsWith('shared/aws/')) return 'shared/aws';
  if (file.startsWith('test/fakes/')) return 'test/fakes';
  if (file.startsWith('shared/')) return 'shared';
  if (file.startsWith('functions/')) return basename(file) === 'handler.ts' ? 'handler' : 'logic';
  if (file.startsWith('infra/local/') || file.startsWith('infra/cli/')) return 'laptop';
  return file.startsWith('infra/') ? 'infra' : undefined;
}

/** The rules of the house: which room may import from which, and what nobody in it may touch. */
const rules: Readonly<Record<Room, { readonly own: (target: string, file: string, isTypeOnly: boolean) => boolean; readonly never: readonly ((specifier: string) => boolean)[]; readonly pure: boolean }>> = {
  shared: { own: (target) => roomOf(target) === 'shared', never: [isSdk, isCdk, isWiring, isEffect], pure: true },
  'test/fakes': { own: (target) => roomOf(target) === 'shared' || roomOf(target) === 'test/fakes', never: [isSdk, isCdk, isWiring, isEffect], pure: true },
  'shared/aws': { own: (target) => roomOf(target) === 'shared' || roomOf(target) === 'shared/aws', never: [isCdk], pure: false },
  logic: { own: (target, file) => roomOf(target) === 'shared' || (dirname(target) === dirname(file) && roomOf(target) === 'logic'), never: [isSdk, isCdk, isWiring, isEffect], pure: true },
  handler: { own: (target, file) => target.startsWith('shared/') || dirname(target) === dirname(file), never: [isCdk], pure: false },
  infra: { own: (target, _, isTypeOnly) => target.startsWith('infra/') || roomOf(target) === 'shared' || (isTypeOnly && /^functions\/[a-z]+\/env\.ts$/.test(target)), never: [isSdk], pure: false },
  laptop: { own: (target, _, isTypeOnly) => target.startsWith('infra/') || target.startsWith('shared/') || (isTypeOnly && /^functions\/[a-z]+\/env\.ts$/.test(target)), never: [], pure: false },
};

/** Where a file breaks the rules of its room. */
function faultsOf(file: string, text: string): string[] {
  const room = roomOf(file);
  if (!room) return [];
  const { own, never, pure } = rules[room];
  const { imports, environment, clock } = usesOf(file, text);
  return [
    ...imports.flatMap(({ specifier, isTypeOnly }) => {
      if (!specifier.startsWith('.')) return never.some((is) => is(specifier)) ? [`${file} imports ${specifier}`] : [];
      const target = posix.normalize(posix.join(posix.dirname(file), specifier));
      return own(target, file, isTypeOnly) ? [] : [`${file} imports ${isTypeOnly ? 'types of ' : ''}${target}`];
    }),
    ...(pure && imports.some(({ specifier }) => specifier === '(computed)') ? [`${file} imports what cannot be known before it runs`] : []),
    ...(pure && environment ? [`${file} reads the environment`] : []),
    ...(pure && clock ? [`${file} reads the clock`] : []),
  ];
}

/** Names that say nothing about what is inside. */
const drawers = /^(?:utils?|utilities|commons?|helpers?|types?|constants?|misc)$/;

function namingFaultsOf(path: string): string[] {
  const parts = path.split('/');
  const names = parts.map((part) => part.replace(/(?:\.test|\.d)?\.ts$/, ''));
  return [...names.filter((name) => drawers.test(name)).map((name) => `${path} is in a drawer called ${name}`), ...(parts.at(-1) === 'index.ts' ? [`${path} is a barrel`] : [])];
}

function filesIn(room: string): string[] {
  return readdirSync(join(root, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => posix.join(room, entry.parentPath.slice(join(root, room).length).replaceAll('\\', '/'), entry.name));
}

describe('the house as it stands', () => {
  const files = ['shared', 'functions', 'infra', 'test/fakes'].flatMap(filesIn);

  test('is all looked at', () => {
    expect(files).toEqual(expect.arrayContaining(['shared/settle.ts', 'shared/aws/rows.ts', 'test/fakes/memory-feeds.ts', 'functions/store/handler.ts', 'functions/store/store.ts', 'infra/app.ts']));
    expect(files.length).toBeGreaterThan(60);
  });

  test.each(files)('%s imports and touches only what its room may', (file) => {
    expect(faultsOf(file, readFileSync(join(root, file), 'utf8'))).toEqual([]);
  });

  test('has no drawers and no barrels', () => {
    expect([...files, ...filesIn('test')].flatMap(namingFaultsOf)).toEqual([]);
  });
});

describe('every rule bites', () => {
  test.each<[string, string]>([
    ['shared/card.ts', "import { S3Client } from '@aws-sdk/client-s3';"],
    ['shared/card.ts', "import type { AttributeValue } from '@aws-sdk/client-dynamodb';"],
    ['shared/card.ts', "import { Stack } from 'aws-cdk-lib';"],
    ['shared/card.ts', "import { Queue } from 'aws-cdk-lib/aws-sqs';"],
    ['shared/card.ts', "import middy from '@middy/core';"],
    ['shared/card.ts', "import { readFileSync } from 'node:fs';"],
    ['shared/card.ts', "import { env } from 'node:process';"],
    ['shared/card.ts', "import { rowOf } from './aws/rows.ts';"],
    ['shared/card.ts', "export * from './aws/rows.ts';"],
    ['shared/card.ts', "import { MemoryFeeds } from '../test/fakes/memory-feeds.ts';"],
    ['shared/card.ts', "import { store } from '../functions/store/store.ts';"],
    ['shared/card.ts', "import { settings } from '../infra/settings.ts';"],
    ['shared/card.ts', "export { store } from '../functions/store/store.ts';"],
    ['shared/card.ts', "const sdk = await import('@aws-sdk/client-s3');"],
    ['shared/card.ts', "const sdk = require('@aws-sdk/client-s3');"],
    ['shared/card.ts', "import sdk = require('@aws-sdk/client-s3');"],
    ['shared/card.ts', "type Row = import('./aws/rows.ts').Row;"],
    ['shared/card.ts', 'const sdk = await import(`@aws-sdk/${name}`);'],
    ['shared/card.ts', "const stage = process.env['STAGE'];"],
    ['shared/card.ts', 'const { env } = process;'],
    ['shared/card.ts', 'const stage = globalThis.process.env.STAGE;'],
    ['shared/card.ts', 'const now = Date.now();'],
    ['shared/card.ts', 'const clock = { now: Date.now };'],
    ['shared/card.ts', "const now = Date['now']();"],
    ['shared/card.ts', 'const now = new Date();'],
    ['shared/card.ts', 'const now = new Date;'],
    ['shared/card.ts', 'const now = Date();'],
    ['shared/card.ts', 'const now = performance.now();'],
    ['test/fakes/memory-feeds.ts', "import { numberOf } from '../../shared/aws/rows.ts';"],
    ['test/fakes/memory-feeds.ts', 'const now = Date.now();'],
    ['shared/aws/rows.ts', "import { Table } from 'aws-cdk-lib/aws-dynamodb';"],
    ['shared/aws/rows.ts', "import { store } from '../../functions/store/store.ts';"],
    ['shared/aws/rows.ts', "import { MemoryFeeds } from '../../test/fakes/memory-feeds.ts';"],
    ['functions/store/store.ts', "import { SQSClient } from '@aws-sdk/client-sqs';"],
    ['functions/store/store.ts', "import { DynamoDbArticles } from '../../shared/aws/dynamodb-articles.ts';"],
    ['functions/store/store.ts', "import { MemoryArticles } from '../../test/fakes/memory-articles.ts';"],
    ['functions/store/store.ts', "import { project } from '../project/project.ts';"],
    ['functions/store/store.ts', "import type { ProjectEnv } from '../project/env.ts';"],
    ['functions/store/store.ts', "import { handler } from './handler.ts';"],
    ['functions/store/store.ts', "import type { SQSEvent } from 'aws-lambda';"],
    ['functions/store/store.ts', "const bus = process.env['BUS_NAME'];"],
    ['functions/store/store.ts', 'const now = new Date();'],
    ['functions/deliver/page.ts', 'const now = Date.now();'],
    ['functions/store/handler.ts', "import { project } from '../project/project.ts';"],
    ['functions/store/handler.ts', "import { settings } from '../../infra/settings.ts';"],
    ['functions/store/handler.ts', "import { Stack } from 'aws-cdk-lib';"],
    ['infra/articles.ts', "import { store } from '../functions/store/store.ts';"],
    ['infra/articles.ts', "import type { StorePorts } from '../functions/store/store.ts';"],
    ['infra/articles.ts', "import { type StoreEnv } from '../functions/store/env.ts';"],
    ['infra/articles.ts', "import { StoreEnv } from '../functions/store/env.ts';"],
    ['infra/articles.ts', "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';"],
    ['infra/articles.ts', "import { headKey } from '../shared/aws/rows.ts';"],
    ['infra/local/main.ts', "import { handler } from '../../functions/store/handler.ts';"],
    ['infra/cli/main.ts', "const { store } = await import('../../functions/store/store.ts');"],
  ])('in %s: %s', (file, text) => {
    expect(faultsOf(file, text)).toHaveLength(1);
  });

  test.each<[string, string]>([
    ['shared/card.ts', "import { slugOf } from './slug.ts'; import * as v from 'valibot'; import { createHash } from 'node:crypto';"],
    ['shared/card.ts', "const at = new Date(0); const then = Date.parse('2026'); const day = Date.UTC(2026, 1); type When = Date; const clock = { now: () => 1 }; clock.now();"],
    ['shared/card.ts', "const text = 'import x from \"@aws-sdk/client-s3\"; process.env; Date.now()'; // new Date()"],
    ['shared/card.ts', 'const step = { process: 1 }; step.process;'],
    ['shared/aws/rows.ts', "import { DynamoDBClient } from '@aws-sdk/client-dynamodb'; import type { Card } from '../card.ts'; const now = Date.now();"],
    ['functions/store/store.ts', "import { accept } from '../../shared/accept.ts'; import { page } from './page.ts'; import { html } from 'hono/html';"],
    ['functions/store/handler.ts', "import middy from '@middy/core'; import { SQSClient } from '@aws-sdk/client-sqs'; import { store } from './store.ts'; import { X } from '../../shared/aws/rows.ts'; const env = process.env;"],
    ['infra/articles.ts', "import type { StoreEnv } from '../functions/store/env.ts'; import { feedTag } from '../shared/tags.ts'; import { Stack } from 'aws-cdk-lib';"],
    ['infra/local/main.ts', "import { SQSClient } from '@aws-sdk/client-sqs'; import { x } from '../../shared/aws/rows.ts'; const now = Date.now();"],
  ])('and forbids nothing else: in %s %s', (file, text) => {
    expect(faultsOf(file, text)).toEqual([]);
  });

  test.each(['shared/utils.ts', 'shared/utils/text.ts', 'functions/store/helpers.ts', 'infra/common/names.ts', 'shared/types.ts', 'shared/types.d.ts', 'infra/constants.ts', 'test/helpers/story.ts', 'shared/index.ts', 'functions/store/index.ts'])('%s is no name', (path) => {
    expect(namingFaultsOf(path)).toHaveLength(1);
  });

  test.each(['shared/tags.ts', 'shared/content-types.ts', 'infra/local/event-pattern.ts', 'test/unit/tags.test.ts'])('%s is', (path) => {
    expect(namingFaultsOf(path)).toEqual([]);
  });
});
