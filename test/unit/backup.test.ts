import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, describe, expect, test } from '@jest/globals';
import { unpackContent } from '../../shared/article/version.ts';
import type { Row } from '../../shared/aws/table.ts';
import { exportFolder, isExportedFolder, rowsInFolder } from '../../tools/cli/backup-folder.ts';
import { exportRows, rowsIn } from '../../tools/cli/backup.ts';
import { rowOf, type StoredRows } from '../contract/stored-rows.ts';

const directory = mkdtempSync(join(tmpdir(), 'pressrun-backup-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** Rows as releases have written them; those of jobs and traces are not in a backup. */
const rowsOfRelease = (name: string): Row[] =>
  (JSON.parse(readFileSync(`test/fixtures/rows/${name}.json`, 'utf8')) as StoredRows).articles
    .map((stored) => unmarshall(rowOf(stored)))
    .filter(({ articleId }) => !/^(?:pass|sweep|trail|refused|purges)#/.test(String(articleId)));

const keyOf = ({ articleId, sk }: Row): string => `${String(articleId)} ${String(sk)}`;

/** With contents unpacked, as two compressions of one content may differ. */
const comparable = (rows: readonly Row[]): Row[] =>
  rows
    .map((row) => (row['content'] instanceof Uint8Array ? { ...row, content: unpackContent(row['content']) } : row))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

async function* of(rows: readonly Row[]): AsyncGenerator<Row> {
  yield* await Promise.resolve(rows);
}

describe.each(['with-type', 'without-schema'])('rows of the release %s', (release) => {
  const rows = rowsOfRelease(release);

  test('are the same after a file, and after a folder, in any order of a scan', async () => {
    const file = join(directory, `${release}.json.gz`);
    expect(await exportRows(of(rows), file)).toBe(rows.length);
    expect(comparable(await Array.fromAsync(rowsIn(file)))).toEqual(comparable(rows));
    for (const [n, order] of [rows, rows.toSorted((a, b) => (String(a['sk']) < String(b['sk']) ? -1 : 1))].entries()) {
      const folder = join(directory, `${release}-${n}`);
      expect((await exportFolder(of(order), folder, 0)).rows).toBe(rows.length);
      expect(comparable(await Array.fromAsync(rowsInFolder(folder)))).toEqual(comparable(rows));
    }
  });
});

test('a file that cannot be written is named', async () => {
  const file = join(directory, 'none', 'rows.json.gz');
  const rows = Array.from({ length: 2000 }, (_, n): Row => ({ articleId: `a${n}`, sk: `${n}`.repeat(50) }));
  for (const some of [rows.slice(0, 1), rows])
    await expect(exportRows(of(some), file)).rejects.toThrow(/none\/rows\.json\.gz cannot be written: .*ENOENT/);
});

test('a folder has a file for each article and front, with the visible version and every version in ninjs', async () => {
  const folder = join(directory, 'readable');
  const { articles, fronts } = await exportFolder(of(rowsOfRelease('with-type')), folder, 0);
  const files = readdirSync(join(folder, 'articles')).map(
    (name) => JSON.parse(readFileSync(join(folder, 'articles', name), 'utf8')) as Record<string, unknown>,
  );
  expect([files.length, readdirSync(join(folder, 'fronts')).length]).toEqual([articles, fronts]);
  expect(files.find(({ uri }) => uri === 'urn:stored:bridge')).toMatchObject({
    visibility: 'live',
    path: '/news/local/bridge-open',
    article: { headlines: [{ value: 'Bridge open again' }] },
    versions: [
      { content: { event: 'article.published', article: { headlines: [{ role: 'main' }] } } },
      { content: { event: 'article.updated', path: '/news/local/bridge-open' } },
    ],
  });
  expect(files.find(({ uri }) => uri === 'urn:stored:pulled')).toMatchObject({ visibility: 'gone' });
  expect(files.find(({ uri }) => uri === 'urn:stored:pulled')).not.toHaveProperty('article');
  expect(JSON.parse(readFileSync(join(folder, 'fronts', 'home.json'), 'utf8'))).toMatchObject({
    name: 'home',
    front: { name: 'home' },
  });
});

test('a folder with a missing file is rejected before it is read; one without a manifest is no exported folder', async () => {
  const folder = join(directory, 'incomplete');
  await exportFolder(of(rowsOfRelease('with-type')), folder, 0);
  expect([isExportedFolder(folder), isExportedFolder(join(folder, 'articles'))]).toEqual([true, false]);
  rmSync(join(folder, 'fronts'), { recursive: true });
  await expect(rowsInFolder(folder).next()).rejects.toThrow(/fronts has 0 files, .* names 1: the copy is incomplete/);
});
