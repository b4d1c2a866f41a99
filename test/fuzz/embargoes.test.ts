import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { embargoedItems, minutesAhead, tryAhead, tryEmbargoes } from './embargoes.ts';
import { hunt, mutantNames } from './hunt.ts';

test('no answer has anything of an item whose embargo is ahead, at any depth: four hundred items in every spelling of ninjs', async () => {
  await fc.assert(fc.asyncProperty(embargoedItems, tryEmbargoes), { numRuns: 400, seed: 4711 });
});

test('a version whose time is more than 15 minutes after its receipt is never stored', async () => {
  await fc.assert(fc.asyncProperty(minutesAhead, tryAhead), { numRuns: 100, seed: 4711 });
});

test.each(mutantNames('embargo-mutants'))('the fuzzer finds the planted bug: %s', async (name) => {
  expect(await hunt('embargo-mutants', name, 'embargoes.ts', 400)).toEqual(expect.any(String));
});
