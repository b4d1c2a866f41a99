import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hunt, mutantNames } from './hunt.ts';
import { rules } from './ornaments.ts';

test.each(rules)('%s', (_, property) => {
  fc.assert(property, { numRuns: 1000 });
});

test.each(mutantNames('ornament-mutants'))('the fuzzer finds the planted bug: %s', async (name) => {
  expect(await hunt('ornament-mutants', name, 'ornaments.ts', 300)).toEqual(expect.any(String));
});
