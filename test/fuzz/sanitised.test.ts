import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hunt, mutantNames } from './hunt.ts';
import { rules } from './sanitised.ts';

test.each(rules)('$rule', async ({ property, numRuns }) => {
  await fc.assert(property as fc.IRawProperty<unknown>, { numRuns });
});

test.each(mutantNames('sanitised-mutants'))('the fuzzer finds the planted bug: %s', async (name) => {
  expect(await hunt('sanitised-mutants', name, 'sanitised.ts', 300)).toEqual(expect.any(String));
});
