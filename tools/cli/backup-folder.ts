import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasOwnPage } from '../../shared/article/head.ts';
import { frontHeadOf, headKey, headOf, holdOf } from '../../shared/aws/rows.ts';
import { rowKind } from '../../shared/aws/row-kind.ts';
import { packContent, unpackContent, type Content, type FrontContent } from '../../shared/article/version.ts';
import type { Row } from '../../shared/aws/table.ts';
import { RowFile, rowOfTyped, rowsIn, typedJson } from './backup.ts';
import { WrongUse } from './exits.ts';

/**
 * A backup that can be read without Pressrun: a folder with one JSON file for each article and front, in which every
 * version is ninjs 3.1. `other-rows.json.gz` has the rows that belong to no article or front: paths, the schedule index, pulled
 * pictures.
 */
const format = 'pressrun-folder/1';
/** Written last, so that an export that was interrupted is not taken for a whole one. */
const manifestName = 'export.json';
const otherRows = 'other-rows.json.gz';

export interface ExportedFolder {
  readonly articles: number;
  readonly fronts: number;
  readonly rows: number;
}

/** One version: the attributes of its row, with its content as JSON. */
type ReadableVersion = Row & { readonly content: Content | FrontContent };

interface ArticleFile {
  readonly articleId: string;
  readonly uri?: string;
  /** Of a front. */
  readonly name?: string;
  readonly visibility?: string;
  readonly path?: string;
  /** The version that readers see now. */
  readonly article?: Content['article'];
  readonly front?: FrontContent['front'];
  /** Everything that was received, in ascending order. */
  readonly versions: readonly ReadableVersion[];
  /** The head, holds, and the paths that versions have named, as DynamoDB's typed values. */
  readonly rows: readonly unknown[];
}

/** Writes rows of the articles table into a folder. */
export async function exportFolder(rows: AsyncIterable<Row>, folder: string, now: number): Promise<ExportedFolder> {
  for (const kind of ['articles', 'fronts']) await mkdir(join(folder, kind), { recursive: true });
  const others = new RowFile(join(folder, otherRows));
  const written = { articles: new Set<string>(), fronts: new Set<string>() };
  let [count, articleId, partition]: [number, string, Row[]] = [0, '', []];
  const flush = async (): Promise<void> => {
    if (partition.length === 0) return;
    const ofKind = isFront(articleId) ? written.fronts : written.articles;
    const file = join(folder, fileOf(articleId));
    // DynamoDB does not promise that a scan returns the rows of a partition one after another.
    const earlier = ofKind.has(articleId) ? await rowsOfFile(file) : [];
    ofKind.add(articleId);
    await writeFile(file, JSON.stringify(articleFile(articleId, [...earlier, ...partition]), undefined, 2));
  };
  for await (const row of rows) {
    const id = String(row['articleId']);
    if (rowKind(row) === 'pulled-pictures' || (id.includes('#') && !isFront(id))) {
      await others.write(row);
      continue;
    }
    if (id !== articleId) {
      await flush();
      [articleId, partition] = [id, []];
    }
    partition.push(row);
    count += 1;
  }
  await flush();
  count += await others.end();
  const exported = { articles: written.articles.size, fronts: written.fronts.size, rows: count };
  const manifest = { format, exportedAt: new Date(now).toISOString(), ...exported };
  await writeFile(join(folder, manifestName), JSON.stringify(manifest, undefined, 2));
  return exported;
}

export function isExportedFolder(path: string): boolean {
  return existsSync(join(path, manifestName));
}

/** The rows of a folder that `exportFolder` wrote. @throws {WrongUse} It has another format, or files are missing. */
export async function* rowsInFolder(folder: string): AsyncGenerator<Row> {
  const manifest = JSON.parse(await readFile(join(folder, manifestName), 'utf8')) as Partial<
    ExportedFolder & { readonly format: string }
  >;
  if (manifest.format !== format)
    throw new WrongUse(`${join(folder, manifestName)} has the format ${String(manifest.format)}; known is ${format}`);
  const files = { articles: await filesIn(join(folder, 'articles')), fronts: await filesIn(join(folder, 'fronts')) };
  for (const kind of ['articles', 'fronts'] as const)
    if (files[kind].length !== manifest[kind])
      throw new WrongUse(
        `${join(folder, kind)} has ${files[kind].length} files, and ${manifestName} names ${String(manifest[kind])}: the copy is incomplete`,
      );
  for (const file of [...files.articles, ...files.fronts]) yield* await rowsOfFile(file);
  yield* rowsIn(join(folder, otherRows));
}

async function filesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(directory, name));
}

function isFront(articleId: string): boolean {
  return articleId.startsWith('front#');
}

function fileOf(articleId: string): string {
  const [kind, name] = isFront(articleId) ? ['fronts', articleId.slice('front#'.length)] : ['articles', articleId];
  return join(kind, `${encodeURIComponent(name)}.json`);
}

async function rowsOfFile(file: string): Promise<Row[]> {
  const { versions, rows } = JSON.parse(await readFile(file, 'utf8')) as ArticleFile;
  return [
    ...versions.map((version): Row => ({ ...version, content: packContent(version.content) })),
    ...rows.map((row) => rowOfTyped(JSON.stringify(row))),
  ];
}

function articleFile(articleId: string, partition: readonly Row[]): ArticleFile {
  const versions: ReadableVersion[] = [];
  const rows: unknown[] = [];
  for (const row of partition) {
    const { content } = row;
    // Packed by `packContent`, so its shape is known.
    if (content instanceof Uint8Array) versions.push({ ...row, content: unpackContent(content) as Content });
    else rows.push(JSON.parse(typedJson(row)));
  }
  return { articleId, ...presentIn(articleId, partition, versions), versions, rows };
}

/** Returns the version that readers see now. */
function presentIn(
  articleId: string,
  partition: readonly Row[],
  versions: readonly ReadableVersion[],
): Partial<ArticleFile> {
  const row = partition.find(({ sk }) => sk === headKey);
  if (row === undefined) {
    const hold = partition.find((each) => rowKind(each) === 'hold');
    return hold ? { uri: holdOf(hold).uri } : {};
  }
  const shown = versions.find(({ sk }) => sk === row['version'])?.content;
  if (isFront(articleId)) {
    const { name, visibility } = frontHeadOf(row);
    return { name, visibility, ...(visibility === 'live' && shown && 'front' in shown && { front: shown.front }) };
  }
  const head = headOf(row);
  const { uri, visibility, path } = head;
  return {
    uri,
    visibility,
    ...(path !== undefined && hasOwnPage(head) && { path }),
    ...(visibility === 'live' && shown && 'article' in shown && { article: shown.article }),
  };
}
