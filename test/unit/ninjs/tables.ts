import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  shape,
  tables,
  type Entry,
  type Kind,
  type Property,
  type Table,
} from '../../../shared/article/ninjs-tables.ts';
import { allTables } from './reading.ts';

/** The property lists of IPTC's schemas, by version and by path; `*` is any name or ending, `<item>` a whole item again. */
const lists = JSON.parse(
  readFileSync(new URL('../../fixtures/ninjs-properties.json', import.meta.url), 'utf8'),
) as Record<string, Record<string, string>>;

interface Listed {
  readonly version: string;
  readonly path: string;
  readonly name: string;
}

function listed(): Listed[] {
  return Object.entries(lists).flatMap(([version, paths]) =>
    Object.entries(paths).flatMap(([path, names]) => names.split(' ').map((name) => ({ version, path, name }))),
  );
}

function tableOf(version: string): Table {
  const [major = ''] = version.split('.');
  return major === '1' ? tables['1'] : major === '2' ? tables['2'] : tables['3'];
}

/** The entry of a property, and the kind of its value; `leftOut` if a property above it is. */
function walked(version: string, path: string): { readonly kind: Kind | undefined; readonly leftOut: boolean } {
  let kind: Kind | undefined = 'item';
  for (const step of path === '' ? [] : path.split('/')) {
    if (step === '*') continue;
    const entry: Entry | undefined = kind && tableOf(version)[kind]?.[step];
    if (entry === undefined) throw new Error(`${version} ${path}: no entry of ${step}`);
    if (typeof entry === 'object' && 'leftOut' in entry) return { kind: undefined, leftOut: true };
    const property: Property | undefined = kind && shape[kind][typeof entry === 'string' ? entry : entry.to];
    kind = property?.holds;
  }
  return { kind, leftOut: false };
}

describe('the tables of ninjs', () => {
  test.each(Object.keys(lists))('%s: every property of the schema is mapped, or left out with a reason', (version) => {
    const missing = listed()
      .filter((property) => property.version === version && property.name !== '*' && property.name !== '<item>')
      .filter(({ path, name }) => {
        const { kind, leftOut } = walked(version, path);
        return !leftOut && (kind === undefined || tableOf(version)[kind]?.[name] === undefined);
      });
    expect(missing).toEqual([]);
  });

  test.each(['1', '2', '3'] as const)('%s.x: every entry is a property of some version’s schema', (major) => {
    const known = new Set(
      listed()
        .filter(({ version }) => version.startsWith(`${major}.`))
        .flatMap(({ version, path, name }) => {
          const { kind } = walked(version, path);
          return kind === undefined ? [] : [`${kind} ${name}`];
        }),
    );
    const entries = Object.entries(tables[major]).flatMap(([kind, names]) =>
      Object.keys(names).map((name) => `${kind} ${name}`),
    );
    // 1.x has no uri and no literal of concepts; the mapped item has both.
    const own = major === '1' ? ['concept uri', 'concept literal'] : major === '2' ? ['item name'] : [];
    // GeoJSON is a standard of its own, which the lists do not cover.
    expect(entries.filter((entry) => !known.has(entry) && !own.includes(entry) && !entry.endsWith('GeoJSON'))).toEqual(
      [],
    );
  });

  test('map only to names of 3.1', () => {
    for (const table of allTables)
      for (const [kind, names] of Object.entries(table) as [Kind, Record<string, Entry>][])
        for (const entry of Object.values(names)) {
          if (typeof entry === 'object' && 'leftOut' in entry) expect(entry.leftOut).not.toBe('');
          else expect(Object.keys(shape[kind])).toContain(typeof entry === 'string' ? entry : entry.to);
        }
  });

  test('give each name one meaning in all versions, so that all can be read together', () => {
    const meanings = new Map<string, Set<string>>();
    for (const table of allTables)
      for (const [kind, names] of Object.entries(table))
        for (const [name, entry] of Object.entries(names)) {
          const key = `${kind} ${name.toLowerCase()}`;
          const to = typeof entry === 'string' ? entry : 'leftOut' in entry ? '' : entry.to;
          meanings.set(key, (meanings.get(key) ?? new Set()).add(to));
        }
    expect([...meanings].filter(([, to]) => to.size > 1)).toEqual([]);
  });
});
