/**
 * Breaks the pure core in every way that it knows, one at a time, and counts how many of these faults the tests notice.
 * Not part of CI: it takes minutes. What was decided in an earlier run and has not changed is not run again.
 */
export default {
  mutate: ['shared/**/*.ts', '!shared/aws/**', '!shared/contracts/**'],
  // No test judges the wording of messages.
  mutator: { excludedMutations: ['StringLiteral'] },
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: {
    configFile: 'jest.config.mjs',
    // The tests of a mutant are those that ran its lines, not those that import its file.
    enableFindRelatedTests: false,
    config: {
      testMatch: ['<rootDir>/test/unit/pure-core.ts'],
      globalSetup: null,
      testEnvironment: './test/unit/first-failure.ts',
      transform: { 'pure-core\\.ts$': '<rootDir>/test/unit/pure-core-bundle.ts' },
    },
  },
  coverageAnalysis: 'perTest',
  // Faults in what is made once, as modules load, would have every test run for each of them: most of the time for a few limits.
  ignoreStatic: true,
  // Stryker would rewrite the paths in it for its sandbox, with a TypeScript of its own; nobody there reads it.
  tsconfigFile: 'none',
  concurrency: 2,
  // ES modules that Jest has loaded are never given back.
  maxTestRunnerReuse: 200,
  timeoutMS: 5_000,
  incremental: true,
  incrementalFile: '.stryker/incremental.json',
  tempDirName: '.stryker/sandbox',
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { reportTests: false, logTests: false, allowColor: false },
  thresholds: { high: 95, low: 85, break: 85 },
};
