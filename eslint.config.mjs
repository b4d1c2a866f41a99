import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

const recordOfInput = {
  selector:
    'VariableDeclarator:has(TSTypeReference[typeName.name="Record"]) > ObjectExpression.init[properties.length=0]',
  message: 'Names that come from input belong in a Map; Object.fromEntries makes an object of it.',
};

/** What the domain and the functions' logic may not touch: environment and clock are handed to them, and their imports are known before they run. */
export const pure = {
  files: ['shared/**/*.ts', 'functions/**/*.ts', 'test/fakes/**/*.ts'],
  ignores: ['shared/aws/**', 'functions/*/handler.ts'],
  rules: {
    'no-restricted-globals': ['error', 'process', 'globalThis', 'performance', 'Temporal'],
    'no-restricted-syntax': [
      'error',
      recordOfInput,
      {
        selector: 'MemberExpression[object.name="Date"]:matches([computed=true], [property.name="now"])',
        message: 'The clock is handed in.',
      },
      { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'The clock is handed in.' },
      { selector: 'CallExpression[callee.name="Date"]', message: 'The clock is handed in.' },
      {
        selector: 'ImportExpression > :not(Literal).source',
        message: 'What is imported here cannot be known before it runs.',
      },
    ],
  },
};

export default tseslint.config(
  { ignores: ['node_modules', 'cdk.out', 'coverage', '*.mjs', '.pressrun', '.stryker', 'dist'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['functions/**', 'infra/**', 'shared/**', 'tools/{laptop,cli,contracts,dashboard,sample-newsroom}/**'],
    rules: {
      // An object made of names that somebody else chose has `__proto__` and `constructor` before the first of them is set.
      'no-restricted-syntax': ['error', recordOfInput],
    },
  },
  // Scripts for browsers and for an old Node are not part of the TypeScript project.
  { files: ['**/*.{js,cjs}'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  pure,
  // Standard output of a function is its log, which is written through shared/aws/log.ts.
  { files: ['functions/**', 'shared/**'], rules: { 'no-console': 'error' } },
  {
    // Whatever a sender or a reader can write, a regular expression reads it in linear time.
    files: ['shared/**/*.ts', 'functions/**/*.ts'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': 'error',
      'regexp/no-super-linear-move': ['error', { ignoreSticky: true, report: 'potential' }],
    },
  },
);
