import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { everything } from '../../tools/inventory/everything.ts';
import { functionsOf, inventoryPage } from '../../tools/inventory/inventory.ts';
import type { Template } from '../../tools/inventory/template.ts';
import { synthesise } from './synthesised.ts';

const templateOf = (context: Record<string, string>): Template => synthesise(context).template.toJSON() as Template;

test('docs/inventory.md says what the template holds: npm run inventory writes it again', () => {
  expect(readFileSync('docs/inventory.md', 'utf8')).toBe(
    inventoryPage(templateOf({ stage: 'dev' }), templateOf(everything)),
  );
});

test('how many functions there can be at once is bounded, but for readers where nothing is reserved for them', () => {
  const unbounded = (context: Record<string, string>): string[] =>
    functionsOf(templateOf(context))
      .filter(({ atOnce }) => atOnce === undefined)
      .map(({ name }) => name);
  expect(unbounded(everything)).toEqual([]);
  expect(unbounded({ stage: 'dev' })).toEqual(['deliver']);
});
