import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Definition {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

/** Made from the schemas that validate events. */
const contract = JSON.parse(read('shared/contracts/in/article.published.json')) as Definition & {
  readonly definitions: Readonly<Record<string, Definition>>;
};
const page = read('docs/article.md');

/** The tables of the page by their headings: each field, and whether it is required. */
const tables = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((part) => [
      part.slice(0, part.indexOf('\n')),
      Object.fromEntries(
        [...part.matchAll(/^\| `(\w+)` \|[^|]*\| (yes|no) \|[^|]*\|[^|]*\|$/gm)].map(
          ([, field = '', required = '']) => [field, required],
        ),
      ),
    ]),
);

test.each<[string, Definition | undefined]>([
  ['Detail', contract],
  ['Live', contract.definitions['Live']],
  ['Post', contract.definitions['Post']],
  ['Profile', contract.definitions['Profile']],
  ['Profile link', contract.definitions['ProfileLink']],
  ['Article', contract.definitions['Article']],
  ['Text', contract.definitions['TextField']],
  ['Concept', contract.definitions['Concept']],
  ['Association', contract.definitions['Association']],
  ['Rendition', contract.definitions['Rendition']],
])('docs/article.md has every field of the schema, and no other: %s', (heading, definition) => {
  const fields = Object.keys(definition?.properties ?? {});
  expect(fields.length).toBeGreaterThan(0);
  expect(tables.get(heading)).toEqual(
    Object.fromEntries(fields.map((field) => [field, definition?.required?.includes(field) ? 'yes' : 'no'])),
  );
});

test('docs/article.md has no row of a table that this test skips', () => {
  expect([...tables.values()].flatMap(Object.keys)).toHaveLength(
    page.split('\n').filter((line) => line.startsWith('| `')).length,
  );
});
