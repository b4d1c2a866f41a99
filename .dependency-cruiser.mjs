/** Which part of the tree may import what. A path that no rule names is free. */

/** Packages, installed or not. */
const packages = (names) => `(?:^|node_modules/)(?:${names})(?:/|$)`;
const sdk = packages('@aws-sdk|@smithy|aws-sdk');
const cdk = packages('aws-cdk-lib|constructs|@aws-cdk');
const wiring = packages('@middy|@aws-lambda-powertools|@types/aws-lambda|aws-lambda');
/** Built-in modules that only compute. */
const pureBuiltIns = '^(?:node:)?(?:assert|buffer|crypto|url|util|zlib)$';
/** What the domain and the functions' logic may import: each other as their rules say, packages that only compute. */
const notPure = [{ to: { path: [sdk, cdk, wiring] } }, { to: { dependencyTypes: ['core'], pathNot: pureBuiltIns } }];

/** A part of the tree: its files, what of the tree it may import, and what beside. */
const part = (name, from, own, never) => [
  { name, severity: 'error', from, to: { path: '^(?:shared|functions|infra|tools|test)/', pathNot: own } },
  ...never.map(({ to }) => ({ name, severity: 'error', from, to })),
];

const domain = '^shared/(?!aws/)';
const environmentTypes = { path: '^functions/[^/]+/env\\.ts$', dependencyTypesNot: ['type-only'] };

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...part('domain', { path: domain }, [domain], notPure),
    ...part('adapters', { path: '^shared/aws/' }, ['^shared/'], [{ to: { path: cdk } }]),
    ...part(
      'logic',
      { path: '^functions/([^/]+)/', pathNot: '/handler\\.ts$' },
      [domain, '^functions/$1/(?!handler\\.ts$)'],
      notPure,
    ),
    ...part(
      'handlers',
      { path: '^functions/([^/]+)/handler\\.ts$' },
      ['^shared/', '^functions/$1/'],
      [{ to: { path: cdk } }],
    ),
    // The schema registry has the documents that the contracts tool makes.
    ...part(
      'infrastructure',
      { path: '^infra/' },
      ['^infra/', '^tools/contracts/', domain, '^functions/[^/]+/env\\.ts$'],
      [{ to: environmentTypes }, { to: { path: sdk } }],
    ),
    // Tools call the functions' code only as bundles; the cost model alone plays it, on the fakes.
    ...part(
      'tools',
      { path: '^tools/(?!bench/)' },
      ['^(?:tools|infra|shared)/', '^functions/[^/]+/env\\.ts$'],
      [{ to: environmentTypes }],
    ),
    ...part('bench', { path: '^tools/bench/' }, ['^(?:shared|functions|infra|tools)/', '^test/fakes/'], []),
    ...part('fakes', { path: '^test/fakes/' }, [domain, '^test/fakes/'], notPure),
  ],
  options: {
    // What is only imported as a type counts too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
