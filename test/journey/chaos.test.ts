import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Chaos } from '../../tools/laptop/faults.ts';
import { canonicalJson } from '../../shared/canonical.ts';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { headKey, headOf } from '../../shared/aws/rows.ts';
import type { Head } from '../../shared/article/head.ts';
import { hasDynamoDbLocal, startDynamoDbLocal } from '../contract/engines.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { busEvent, story } from '../unit/story.ts';
import { assemblyOf } from './assemblies.ts';
import { Newsroom } from './newsroom.ts';

const seed = 4711;
const stories = 24;
const assembly = mkdtempSync(join(tmpdir(), 'pressrun-chaos-'));

beforeAll(async () => {
  cpSync(await assemblyOf({ purgeWindowSeconds: '0' }), assembly, { recursive: true });
  // A message is received again after six timeouts of its function, which are minutes. This test shortens that, and lets no message reach a dead-letter queue.
  for (const name of readdirSync(assembly).filter((file) => file.endsWith('.template.json'))) {
    const template = readFileSync(join(assembly, name), 'utf8');
    writeFileSync(
      join(assembly, name),
      template
        .replaceAll(/"VisibilityTimeout": ?\d+/g, '"VisibilityTimeout":2')
        .replaceAll(/"maxReceiveCount": ?\d+/g, '"maxReceiveCount":1000'),
    );
  }
});

afterAll(() => {
  rmSync(assembly, { recursive: true });
});

interface Sent {
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Eight changes of each story, within the last hour: text, sections, paths, withdrawals, holds. */
function history(now: number): Sent[] {
  const random = fc.sample(
    fc.record({
      type: fc.constantFrom(
        'article.published',
        'article.updated',
        'article.updated',
        'article.updated',
        'article.unpublished',
        'article.held',
        'article.unheld',
      ),
      section: fc.constantFrom('news', 'news/world', 'sport'),
      path: fc.option(fc.integer({ min: 0, max: stories }), { nil: undefined }),
      minute: fc.integer({ min: 1, max: 50 }),
    }),
    { numRuns: stories * 8, seed },
  );
  return random.map(({ type, section, path, minute }, index) => {
    const uri = `urn:chaos:${index % stories}`;
    const receivedAt = now - 3_600_000 + minute * 60_000 + index;
    const article = story({
      uri,
      versionCreated: new Date(receivedAt - 500).toISOString(),
      headlines: [{ value: `Story ${index}` }],
      subjects: [{ rel: 'section', literal: section }],
      genres: [],
    });
    return {
      type,
      detail: {
        article,
        receivedAt,
        ...(path !== undefined && type.startsWith('article.p') && { path: `/of/${index % stories}/${path}` }),
      },
    };
  });
}

/**
 * The state that must be equal however events arrived. The rest depends on times and numbers of arrivals: also which of
 * several withdrawals a head names, and the path that it left. A missing head equals a hidden one.
 */
function statesOf(heads: Iterable<Head>): object[] {
  return Array.from(heads, ({ seq, settledAt, change, origin, pathLeft, version, versionCreated, ...state }) =>
    state.visibility === 'live' ? { ...state, version, versionCreated } : state,
  )
    .filter(({ visibility }) => visibility !== 'hidden')
    .sort((a, b) => (a.uri < b.uri ? -1 : 1));
}

async function rowsOf(newsroom: Newsroom): Promise<{ heads: Head[]; versions: string[] }> {
  const heads: Head[] = [];
  const versions: string[] = [];
  for await (const { Items = [] } of paginateScan(
    { client: newsroom.dynamoDb },
    { TableName: newsroom.stack.outputs['ArticlesTableName'], ConsistentRead: true },
  )) {
    for (const row of Items) {
      if (row['sk']?.S === headKey) heads.push(headOf(unmarshall(row)));
      else if (/^[vh]#/.test(row['sk']?.S ?? '')) versions.push(`${row['articleId']?.S ?? ''} ${row['sk']?.S ?? ''}`);
    }
  }
  return { heads, versions: versions.sort() };
}

const feeds = ['latest', 'section/news', 'section/news/world', 'section/sport', 'author/ada-marlow'];

/** The state of pages and of the table. */
async function endOf(newsroom: Newsroom): Promise<unknown> {
  const { heads, versions } = await rowsOf(newsroom);
  const lists: Record<string, unknown> = {};
  for (const feed of feeds) {
    const response = await newsroom.get(`/feeds/${feed}.json?limit=100`);
    lists[feed] =
      response.status === 404
        ? []
        : ((await response.json()) as { items: { _pressrun: { seq: number } }[] }).items.map(
            ({ _pressrun: { seq, ...card } }) => card,
          );
  }
  return { heads: statesOf(heads), versions, lists };
}

async function calmEndOf(pipeline: Pipeline): Promise<unknown> {
  const lists: Record<string, unknown> = {};
  for (const feed of feeds)
    lists[feed] = (await pipeline.feeds.page(feed, 100, undefined)).entries.map(({ card }) => card);
  const keys = (rows: ReadonlyMap<string, ReadonlyMap<string, unknown>>): string[] =>
    [...rows].flatMap(([articleId, of]) => [...of.keys()].map((key) => `${articleId} ${key}`));
  return {
    heads: statesOf(pipeline.articles.heads.values()),
    versions: [...keys(pipeline.articles.versions), ...keys(pipeline.articles.holds)].sort(),
    lists,
  };
}

const engines = [
  ['dynalite', undefined],
  ...(hasDynamoDbLocal ? [['DynamoDB Local', startDynamoDbLocal] as const] : []),
] as const;

test.each(engines)(
  'calls that are rejected, throttled, late or cut off, and killed functions, do not change the end state: %s',
  async (_, start) => {
    const engine = await start?.();
    const chaos = new Chaos(seed);
    const newsroom = await Newsroom.open(
      {},
      { assembly, faults: chaos, ...(engine && { dynamoDbUrl: `http://127.0.0.1:${engine.port}` }) },
    );
    try {
      const now = Date.now();
      const events = history(now);
      const calm = new Pipeline(now);
      await calm.deliver(events.map(({ type, detail }) => busEvent(type, { ...detail })));
      expect(calm.rejections.kept).toEqual([]);

      const [shuffled = []] = fc.sample(
        fc.shuffledSubarray([...events, ...events.slice(0, 60)], { minLength: events.length + 60 }),
        {
          numRuns: 1,
          seed,
        },
      );
      for (let from = 0; from < shuffled.length; from += 10) {
        const entries = shuffled.slice(from, from + 10);
        const { FailedEntryCount } = await newsroom.eventBridge.send(
          new PutEventsCommand({
            Entries: entries.map(({ type, detail }) => ({
              EventBusName: newsroom.stack.busName,
              Source: 'newsroom',
              DetailType: type,
              Detail: JSON.stringify(detail),
            })),
          }),
        );
        expect(FailedEntryCount).toBe(0);
      }
      await newsroom.until(
        'every event is stored',
        async () => (await rowsOf(newsroom)).versions.length === events.length,
        60_000,
      );
      // Ends only now: all that was done during the faults has to come right.
      chaos.end();
      const expected = canonicalJson(await calmEndOf(calm));
      try {
        await newsroom.until(
          'all is as on a calm day',
          async () => canonicalJson(await endOf(newsroom)) === expected,
          60_000,
        );
      } catch {
        expect(await endOf(newsroom)).toEqual(JSON.parse(expected));
      }
      // And stays so when nothing is under way any more.
      await newsroom.settled();
      const uris = new Set(events.map(({ detail }) => (detail['article'] as { uri: string }).uri));
      const { heads } = await rowsOf(newsroom);
      expect(statesOf(heads.filter(({ uri }) => uris.has(uri)))).toEqual(
        (JSON.parse(expected) as { heads: unknown }).heads,
      );
      // A message of a killed function is received again minutes later, when its visibility timeout ends.
      const unannounced = (): string[] =>
        heads
          .filter(({ uri }) => uris.has(uri))
          .flatMap(({ uri, seq }) => {
            const announced = newsroom.about(uri, 'article.live', 'article.revised', 'article.withdrawn');
            return announced.some(({ detail }) => (detail as { seq: number }).seq === seq) ? [] : [uri];
          });
      await newsroom.until('every head is announced', () => unannounced().length === 0, 240_000);
      expect(Object.entries(chaos.made).filter(([, count]) => count === 0)).toEqual([]);
    } finally {
      await newsroom.close();
      await engine?.close();
    }
  },
  360_000,
);
