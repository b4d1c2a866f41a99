import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import {
  frontHeadOf,
  frontHeadRow,
  headOf,
  headRow,
  holdOf,
  holdRow,
  versionOf,
  versionRow,
} from '../../shared/aws/rows.ts';
import type { Row } from '../../shared/aws/table.ts';
import type { Content, FrontContent, Version } from '../../shared/article/version.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { deliver } from '../../functions/deliver/deliver.ts';
import { store } from '../../functions/store/store.ts';
import { noon } from '../unit/story.ts';
import type { MangledRequest } from './mangled.ts';
import { assertAnswer, assertSound } from './outputs.ts';
import { embargoedMark } from './payloads.ts';

/** The result for one event. */
export type Fate = 'stored' | 'rejected';

const largestRowBytes = 400 * 1024;
const largestAnnouncementBytes = 100 * 1024;

/** Brings one event through the pipeline, from the queue's text to every page that shows it, and looks at all that it left. Throws for the first fault. */
export async function tryEvent(body: string): Promise<Fate> {
  const pipeline = new Pipeline();
  await store(pipeline, body, 'delivery');
  const stored = [...pipeline.articles.versions.values()].flatMap((rows) => [...rows.values()]);
  const fronts = [...pipeline.fronts.versions.values()].flatMap((rows) => [...rows.values()]);
  const holds = [...pipeline.articles.holds.values()].flatMap((rows) => [...rows.values()]);
  const rows = [
    ...[...stored, ...fronts].map((version) =>
      assertSame<Version<Content | FrontContent>>(version, versionRow, versionOf),
    ),
    ...holds.map((hold) => assertSame(hold, holdRow, holdOf)),
    ...Array.from(pipeline.articles.heads.values(), (head) => assertSame(head, headRow, headOf)),
    ...Array.from(pipeline.fronts.heads.values(), (head) => assertSame(head, frontHeadRow, frontHeadOf)),
  ];
  for (const row of rows) assert.ok(bytesOf(row) <= largestRowBytes, `a row of ${bytesOf(row)} bytes`);

  const kept = stored.length + fronts.length + holds.length;
  const rejections = pipeline.announcer.announced.filter(({ type }) => type === 'article.rejected');
  assert.deepEqual(
    [rejections.length, pipeline.rejections.kept],
    kept === 0 ? [1, [body]] : [0, []],
    `${kept} stored and ${rejections.length} refused`,
  );
  await pipeline.projectNews(true);
  assertAnnouncements(pipeline);
  if (kept === 0) {
    assertTells(rejections[0]?.detail, body);
    assert.equal(
      pipeline.articles.heads.size +
        pipeline.fronts.heads.size +
        pipeline.feeds.rows.size +
        pipeline.articles.owners.size,
      0,
      'a refused event left something',
    );
    return 'rejected';
  }
  assert.equal(kept, 1);
  await assertReadable(pipeline, embargoedTexts(body));
  const announcedBefore = pipeline.announcer.announced.length;
  await store(pipeline, body, 'again');
  await pipeline.projectNews(true);
  assert.equal(pipeline.announcer.announced.length, announcedBefore, 'the same event again changed something');
  return 'stored';
}

/** A row says all that its object said. */
function assertSame<T extends object>(written: T, rowOf: (value: T) => Row, valueOf: (row: Row) => T): Row {
  const row = rowOf(written);
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === 'number') assert.ok(Number.isFinite(value), `${name} is no number`);
    if (typeof value === 'string') assert.ok(value.isWellFormed(), `${name} holds half a surrogate pair`);
  }
  const read = valueOf(row);
  // `content` is read on demand, so it is no property of the object's own kind.
  const plain: unknown = JSON.parse(JSON.stringify('content' in read ? { ...read, content: read.content } : read));
  assertSound(plain, '');
  assert.ok(isDeepStrictEqual(plain, JSON.parse(JSON.stringify(written))), 'a row does not say what was written to it');
  return row;
}

function bytesOf(row: Row): number {
  return Object.entries(row).reduce(
    (sum, [name, value]) =>
      sum +
      (value === undefined
        ? 0
        : name.length + (value instanceof Uint8Array ? value.byteLength : Buffer.byteLength(JSON.stringify(value)))),
    0,
  );
}

function assertAnnouncements({ announcer }: Pipeline): void {
  for (const { type, detail } of announcer.announced) {
    assert.ok(Buffer.byteLength(JSON.stringify(detail)) <= largestAnnouncementBytes, `${type} does not fit on the bus`);
    assertSound(JSON.parse(JSON.stringify(detail)), type);
  }
}

/** Checks that a rejection names its fields, and no value. */
function assertTells(detail: unknown, body: string): void {
  const { errors = [], uri } = detail as { errors?: { path: unknown; message: unknown }[]; uri?: string };
  assert.ok(errors.length > 0, 'refused without a reason');
  for (const { path, message } of errors) {
    assert.ok(
      typeof path === 'string' && typeof message === 'string' && message !== '',
      'a fault without a path or a message',
    );
    assert.match(
      path,
      /^(?:|detail-type|(?:article|front|receivedAt|revision|path|actor|reason|detail)(?:\.[\w-]+)*)$/,
      'a path that names no field',
    );
  }
  const said = JSON.stringify(errors);
  for (const value of valuesIn(body)) {
    assert.ok(
      value.length < 8 || !said.includes(JSON.stringify(value).slice(1, -1)) || vocabulary.test(value.trim()),
      `a refusal says ${value}`,
    );
  }
  if (uri !== undefined)
    assert.ok(
      valuesIn(body).includes(uri) || !uri.isWellFormed() || uri.includes('\ufffd'),
      'a refusal names a foreign uri',
    );
}

/** Words of the messages themselves. */
const vocabulary =
  /^(?:(?:article|front)\.[a-z]+|\/?section\/news|\/?news\/world|composite|withheld|canceled|versionCreated|containers|detail-type|received|headlines|subjects)$/;

function valuesIn(body: string): string[] {
  const values: string[] = [];
  try {
    JSON.parse(body, (_, value: unknown) => {
      if (typeof value === 'string') values.push(value);
      return value;
    });
  } catch {
    return [];
  }
  return values;
}

/** Texts of the payloads that are only in items whose embargo is ahead, or within such items. */
function embargoedTexts(body: string): string[] {
  const texts = { open: new Set<string>(), closed: new Set<string>() };
  const walk = (value: unknown, isItem: boolean, isClosed: boolean): void => {
    if (typeof value === 'string') texts[isClosed ? 'closed' : 'open'].add(value);
    if (typeof value !== 'object' || value === null) return;
    const entries: [string, unknown][] = Object.entries(value);
    const waits = entries.some(
      ([name, held]) =>
        isItem && /^embargoed(?:until)?$/i.test(name) && typeof held === 'string' && Date.parse(held) > noon,
    );
    for (const [name, held] of entries) {
      const isAssociations =
        isItem && name.toLowerCase() === 'associations' && typeof held === 'object' && held !== null;
      const inners: unknown[] = isAssociations ? Object.values(held) : [held];
      for (const inner of inners) walk(inner, isAssociations && !Array.isArray(inner), isClosed || waits);
    }
  };
  const detail = (JSON.parse(body) as { detail?: { article?: unknown } }).detail;
  for (const [name, held] of Object.entries(detail ?? {})) walk(held, name === 'article', false);
  return [...texts.closed].filter(
    (text) => text.includes(embargoedMark) && ![...texts.open].some((open) => open.includes(text)),
  );
}

/** Asserts that each story can be read in every format, and has no embargoed text. */
async function assertReadable(pipeline: Pipeline, waiting: readonly string[]): Promise<void> {
  const see = async (url: string, status: number): Promise<void> => {
    const response = await pipeline.see(url);
    assertAnswer(response);
    assert.equal(response.status, status, url);
    for (const text of waiting) assert.ok(!response.body.includes(text), `${url} shows what is under embargo`);
  };
  for (const { articleId, visibility, path = '', feeds = [] } of pipeline.articles.heads.values()) {
    const status = { live: 200, gone: 410, hidden: 404 }[visibility];
    await see(`/articles/${articleId}.json`, status);
    if (visibility === 'live') await see(path, 200);
    // A few feeds are enough, because all have the same card.
    for (const feed of [...new Set([...feeds.slice(0, 2), ...feeds.slice(-1)])]) {
      for (const url of [`/feeds/${feed}.json`, `/feeds/${feed}.rss`, `/feeds/${feed}.atom`, `/${feed}`])
        await see(url, 200);
    }
  }
  for (const feed of ['json', 'rss', 'atom']) await see(`/feeds/latest.${feed}`, 200);
  for (const { name, visibility } of pipeline.fronts.heads.values()) {
    for (const format of ['json', 'html']) await see(`/fronts/${name}.${format}`, visibility === 'live' ? 200 : 404);
  }
  await see('/', 200);
}

/** Requests any URL of the pipeline, and asserts that the answer is one of the contract's. */
export async function tryRequest(
  pipeline: Pipeline,
  { method, path, query, host, ifNoneMatch }: MangledRequest,
): Promise<void> {
  const response = await deliver(pipeline, {
    method,
    path,
    query: new URLSearchParams(query),
    host,
    ...(ifNoneMatch !== undefined && { ifNoneMatch }),
  });
  assertAnswer(response, method === 'HEAD');
  if (method !== 'GET' && method !== 'HEAD') assert.equal(response.status, 405);
}
