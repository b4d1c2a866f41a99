/** ESM throughout: @middy/core exports only under `import`, which Jest's CommonJS mode cannot load. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // Opt-in, because it installs a WordPress: `npm run test:wordpress`.
  testPathIgnorePatterns: process.env.PRESSRUN_TEST_WORDPRESS ? [] : ['<rootDir>/test/wordpress/'],
  testSequencer: '<rootDir>/jest.sequencer.mjs',
  globalSetup: '<rootDir>/test/journey/assemblies.ts',
  // A journey waits for named conditions. Its own time limits, which are shorter, name the condition that did not come.
  testTimeout: 120_000,
  // Two suites at a time also on two cores, since journeys mostly wait; a worker that has grown is replaced, since a large heap is slow.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.stryker', '<rootDir>/dist'],
};
