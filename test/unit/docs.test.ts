import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { contextNames } from '../../infra/context-names.ts';
import { settingSchemas } from '../../infra/settings.ts';
import { accept } from '../../shared/article/accept.ts';
import { sources } from '../../shared/cms/sources.ts';
import { contracts } from '../../shared/events/contract.ts';
import { helpOf } from './cli-help.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...['docs', 'tools'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
];

/** The page without its fenced code blocks, in which nothing is a link or a heading. */
const proseOf = (page: string): string => read(page).replaceAll(/^ *```.*?^ *```/gms, '');

/** The anchors that GitHub gives a page's headings. */
function anchorsOf(page: string): Set<string> {
  const seen = new Map<string, number>();
  return new Set(
    [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => {
      const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
      const slug = text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-');
      const count = seen.get(slug) ?? 0;
      seen.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    }),
  );
}

/** The links of a page that lead nowhere in the repository. */
function brokenLinksOf(page: string): string[] {
  return [...proseOf(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : relative(root, join(root, dirname(page), path));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(target).has(anchor);
    });
}

/** Names of files and folders in a page's code spans that do not exist. Names with placeholders are no names of files. */
function missingFilesOf(page: string): string[] {
  return [...proseOf(page).matchAll(/`((?:docs|functions|infra|shared|test|tools)\/[\w./-]*)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => /\/$|\.\w+$/.test(path) && !existsSync(join(root, path)));
}

test('the README has at most 150 lines, and there are pages to check', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  expect(pages.length).toBeGreaterThan(40);
});

test.each(pages)('%s links to pages and headings that exist', (page) => {
  expect(brokenLinksOf(page)).toEqual([]);
});

// A changelog and a decision also name files of the past.
test.each(pages.filter((page) => !/^CHANGELOG|^docs\/decisions/.test(page)))('%s names files that exist', (page) => {
  expect(missingFilesOf(page)).toEqual([]);
});

const help = await helpOf();

describe('commands', () => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  const commands = [...help.matchAll(/^ {2}([a-z][a-z-]*)(?: [<[].*)? {2,}\S/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');

  test.each(pages)('%s names npm scripts and commands of the CLI that exist', (page) => {
    const text = read(page);
    const named = [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
    const ordered = [...text.matchAll(/npm run pressrun -- (?:--[\w-]+ [^\s-]\S* )*([a-z][a-z-]*)/g)].map(
      ([, name = '']) => name,
    );
    expect(ordered.filter((name) => !commands.includes(name))).toEqual([]);
  });

  const withFlags = pages.flatMap((page) =>
    [...read(page).matchAll(/npm run pressrun -- ((?:--[\w-]+ [^\s-]\S* )*)([a-z][a-z-]*)([^\n`|#]*)/g)].flatMap(
      ([, before = '', name = '', after = '']) =>
        [...` ${before} ${after}`.matchAll(/(?<= )--[a-z-]+/g)].map(([flag]) => ({ page, name, flag })),
    ),
  );

  test('of the CLI accept the flags that pages give them', async () => {
    const names = [...new Set(withFlags.map(({ name }) => name))];
    const helps = new Map(await Promise.all(names.map(async (name) => [name, await helpOf(name)] as const)));
    expect(withFlags.length).toBeGreaterThan(30);
    expect(withFlags.filter(({ name, flag }) => !new RegExp(`^ +${flag}\\b`, 'm').test(helps.get(name) ?? ''))).toEqual(
      [],
    );
  });

  test('of the CLI are all in the table of docs/operations.md', () => {
    const rows = read('docs/operations.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(commands.length).toBeGreaterThan(20);
    expect(
      commands.filter((name) => !rows.some((row) => new RegExp(`\`${name}[ \`]`).test(row.split('|')[1] ?? ''))),
    ).toEqual([]);
  });

  test('in the README publish an accepted article', () => {
    const block =
      [...read('README.md').matchAll(/```sh\n(.*?)```/gs)]
        .map(([, text = '']) => text)
        .find((text) => text.includes('put-events')) ?? '';
    // The shell reads the quotes and fills in the time, as it does for a reader.
    const entries = execFileSync('bash', ['-c', `aws() { printf '%s' "\${@: -1}"; }; curl() { :; }; ${block}`], {
      encoding: 'utf8',
    });
    const [entry] = JSON.parse(entries) as readonly {
      readonly Source: string;
      readonly DetailType: string;
      readonly Detail: string;
    }[];
    const event = {
      id: 'e',
      time: new Date().toISOString(),
      source: entry?.Source,
      'detail-type': entry?.DetailType,
      detail: JSON.parse(entry?.Detail ?? '{}') as unknown,
    };
    expect(accept(JSON.stringify(event), 'd')).toMatchObject({ kind: 'version' });
  });
});

test('docs/events.md names every event in and out, and every field of those that go out', () => {
  const page = read('docs/events.md');
  const isNamed = (name: string): boolean => page.includes(`\`${name}\``);
  expect(contracts.map(({ event }) => event).filter((event) => !isNamed(event))).toEqual([]);
  const fields = contracts
    .filter(({ direction }) => direction === 'out')
    .flatMap(({ event }) =>
      Object.keys(
        (JSON.parse(read(`shared/contracts/out/${event}.json`)) as { readonly properties: object }).properties,
      ),
    );
  expect([...new Set(fields)].filter((field) => !isNamed(field))).toEqual([]);
});

test.each(sources.map(({ name }) => name))('docs/cms/%s.md describes the setup, and pages link to it', (name) => {
  expect(read(`docs/cms/${name}.md`)).toContain(`<IngestUrl>ingest/${name}`);
  for (const page of ['docs/cms/README.md', 'README.md']) expect(read(page)).toContain(`${name}.md)`);
});

test('docs/operations.md lists every alarm', () => {
  const listed = [...read('docs/operations.md').matchAll(/^\| \[.+\]\(runbook\/(.+)\) \|/gm)].map(([, page]) => page);
  expect(listed.sort()).toEqual(readdirSync(join(root, 'docs/runbook')).sort());
});

describe('docs/configuration.md', () => {
  const table =
    read('docs/configuration.md')
      .split('\n## ')
      .find((part) => part.startsWith('Settings\n')) ?? '';
  const rows = [...table.matchAll(/^\| `(\w+)` \|(.*)\|$/gm)].map(([, name = '', cells = '']) => {
    const [, byDefault = '', bounds = ''] = cells.split('|').map((cell) => cell.trim());
    return { name, byDefault, bounds };
  });

  test('has one row for every setting', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual([...contextNames].sort());
  });

  const ranges = rows.flatMap(({ name, byDefault, bounds }) => {
    const [, least, most] = /^(\d+)–(\d+)$/.exec(bounds) ?? [];
    return least === undefined || most === undefined
      ? []
      : [{ name: name as keyof typeof settingSchemas, byDefault, least: Number(least), most: Number(most) }];
  });

  test.each(ranges)(
    'says that $name may be from $least to $most, and is $byDefault by default',
    ({ name, byDefault, least, most }) => {
      const schema: v.GenericSchema = settingSchemas[name];
      expect([least - 1, least, most, most + 1].map((value) => v.is(schema, value))).toEqual([
        false,
        true,
        true,
        false,
      ]);
      // The default of `canaryMinutes` depends on the stage.
      if (/^\d+$/.test(byDefault)) expect(v.parse(schema, undefined)).toBe(Number(byDefault));
      expect(byDefault).toMatch(/\d/);
    },
  );

  test('states the bounds of every numeric setting', () => {
    expect(ranges.length).toBeGreaterThanOrEqual(7);
  });
});
