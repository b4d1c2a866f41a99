import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { everything } from '../../tools/inventory/everything.ts';
import { functionsOf, inventoryPage } from '../../tools/inventory/inventory.ts';
import type { Template } from '../../tools/inventory/template.ts';
import { synthesise } from './synthesised.ts';

const templateOf = (context: Record<string, string>): Template => synthesise(context).template.toJSON() as Template;

test('docs/inventory.md lists the resources of the template (else: npm run inventory)', () => {
  expect(readFileSync('docs/inventory.md', 'utf8')).toBe(
    inventoryPage(templateOf({ stage: 'dev' }), templateOf(everything)),
  );
});

test('the concurrency of every function is bounded, except deliver’s where none is reserved', () => {
  const unbounded = (context: Record<string, string>): string[] =>
    functionsOf(templateOf(context))
      .filter(({ atOnce }) => atOnce === undefined)
      .map(({ name }) => name);
  expect(unbounded(everything)).toEqual([]);
  expect(unbounded({ stage: 'dev' })).toEqual(['deliver']);
});
