import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deliver } from '../../functions/deliver/deliver.ts';
import type { DeliverPorts } from '../../functions/deliver/ports.ts';
import type { Response } from '../../functions/deliver/http.ts';
import {
  listCursorText,
  overlapMilliseconds,
  positionOf,
  startOf,
  type ChangePage,
  type ListedChange,
  type ListedRow,
} from '../../shared/feed/listed-change.ts';
import type { Changes } from '../../shared/feed/ports.ts';
import { canaryUri } from '../../shared/trace/publish-trace.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { noon, story } from './story.ts';

interface Listed {
  readonly changes: readonly {
    readonly type: string;
    readonly articleId: string;
    readonly seq: number;
    readonly headline?: string;
    readonly path?: string;
    readonly feeds?: readonly string[];
  }[];
  readonly more: boolean;
  readonly next: string;
}

const listedIn = ({ body }: Response): Listed => JSON.parse(body) as Listed;

function portsOf({ articles, fronts, pictures, feeds, changeList, clock, theme }: Pipeline): DeliverPorts {
  return { articles, fronts, pictures, feeds, changeList, clock, theme, siteUrl: 'https://www.example.com' };
}

function ask(ports: DeliverPorts, url: string): Promise<Response> {
  const { pathname, searchParams } = new URL(url, 'https://www.example.com');
  return deliver(ports, { method: 'GET', path: pathname, query: searchParams, host: 'www.example.com' });
}

/** Well formed, but of an instant that no page of the list ended at. */
function forged(instant: number, floor?: number): string {
  return listCursorText({ position: `${startOf(instant)}#${'0'.repeat(16)}#abcdefghijklmnop`, floor });
}

const get = async (pipeline: Pipeline, url: string): Promise<Response> => ask(portsOf(pipeline), url);

describe('GET /changes', () => {
  const bridge = story({ uri: 'urn:changes:bridge', versionCreated: '2026-05-01T11:00:00Z' });

  test('lists announced changes with the same fields, and the address of the next page', async () => {
    const pipeline = new Pipeline(noon);
    await pipeline.send('article.published', { article: bridge });
    const listed = listedIn(await get(pipeline, '/changes'));
    const [live] = pipeline.announcer.announced.filter(({ type }) => type === 'article.live');
    expect(listed).toMatchObject({
      changes: [{ type: 'article.live', ...live?.detail }],
      more: false,
      next: expect.stringMatching(/^https:\/\/www\.example\.com\/changes\?since=\d+$/) as unknown,
    });
    expect(listedIn(await get(pipeline, listed.next)).next).toBe(listed.next);
  });

  test('leaves out the canary', async () => {
    const pipeline = new Pipeline(noon);
    const article = story({ uri: canaryUri, versionCreated: '2026-05-01T11:00:00Z', expires: '2026-05-01T11:00:00Z' });
    await pipeline.send('article.published', { article }, { source: 'pressrun.canary' });
    expect(pipeline.announcer.announced.map(({ type }) => type)).toEqual(['article.live']);
    expect(listedIn(await get(pipeline, '/changes')).changes).toEqual([]);
  });

  test('keeps no headline of a withdrawn or corrected story', async () => {
    const pipeline = new Pipeline(noon);
    await pipeline.send('article.published', { article: bridge });
    pipeline.clock.time += 1000;
    await pipeline.send('article.updated', {
      article: { ...bridge, versionCreated: '2026-05-01T11:10:00Z', headlines: [{ value: 'Bridge reopens' }] },
    });
    const corrected = listedIn(await get(pipeline, '/changes'));
    expect(corrected.changes.map(({ type, headline }) => [type, headline])).toEqual([
      ['article.live', undefined],
      ['article.revised', 'Bridge reopens'],
    ]);
    pipeline.clock.time += 1000;
    await pipeline.send('article.unpublished', {
      article: { uri: bridge.uri, versionCreated: '2026-05-01T11:20:00Z' },
    });
    const { body } = await get(pipeline, '/changes');
    expect(body).not.toMatch(/[Rr]eopens/);
    expect(
      (JSON.parse(body) as Listed).changes.map(({ type, feeds = [] }) => [type, feeds.includes('section/news/local')]),
    ).toEqual([
      ['article.live', true],
      ['article.revised', true],
      ['article.withdrawn', true],
    ]);
  });

  test('lists changes although `since` is from a clock that runs ahead', async () => {
    const pipeline = new Pipeline(noon);
    await pipeline.send('article.published', { article: bridge });
    const listed = listedIn(await get(pipeline, `/changes?since=${noon + 3_600_000}`));
    expect([listed.changes.length, Number(new URL(listed.next).searchParams.get('since'))]).toEqual([1, noon]);
  });

  test('leaves out stories that were never public', async () => {
    const pipeline = new Pipeline(noon);
    await pipeline.send('article.published', { article: { ...bridge, embargoedUntil: '2026-05-02T00:00:00Z' } });
    expect(listedIn(await get(pipeline, '/changes')).changes).toEqual([]);
  });

  test.each<[string, number, RegExp]>([
    ['?since=yesterday', 400, /since must be a seq/],
    ['?since=-1', 400, /since must be a seq/],
    ['?sicne=1', 400, /no other parameter than since and after/],
    [`?since=${noon}&limit=3`, 400, /no other parameter than since and after/],
    [`?since=0${noon}`, 400, /since must be a seq/],
    [`?since=${noon + 8 * 86_400_000}`, 400, /since must be a seq/],
    ['?since=1', 410, /listed for 14 days/],
    [`?since=${noon}&after=abc`, 400, /after must be a cursor/],
    [`?after=${forged(0)}`, 410, /listed for 14 days/],
    [`?after=${forged(noon - 15 * 86_400_000)}`, 410, /listed for 14 days/],
    [`?after=${forged(noon + overlapMilliseconds + 1)}`, 400, /after must be a cursor/],
    [`?after=${forged(noon + 8 * 86_400_000)}`, 400, /after must be a cursor/],
    [`?after=${forged(noon, 1)}`, 410, /listed for 14 days/],
    [`?after=${forged(noon, 9_999_999_999_999)}`, 400, /after must be a cursor/],
  ])('%s is answered with %d', async (query, status, detail) => {
    const response = await get(new Pipeline(noon), `/changes${query}`);
    expect([response.status, response.headers['content-type']]).toEqual([status, 'application/problem+json']);
    expect((JSON.parse(response.body) as { detail: string }).detail).toMatch(detail);
  });
});

/** Rows that become visible some time after the instant that they are listed by, as far as a function can be late. */
class LateList implements Changes {
  readonly #rows: (ListedRow & { readonly visibleAt: number })[] = [];
  now = noon;

  write(change: ListedChange, begunAt: number, visibleAt: number): void {
    this.#rows.push({ position: positionOf(begunAt, change), change, visibleAt });
    this.#rows.sort((a, b) => (a.position < b.position ? -1 : 1));
  }

  list(): Promise<void> {
    return Promise.reject(new Error('rows are written by the test'));
  }

  page(after: string, until: number, limit: number): Promise<ChangePage> {
    const rows = this.#rows.filter(
      ({ position, visibleAt }) => position > after && visibleAt <= this.now && Number(position.slice(0, 13)) <= until,
    );
    return Promise.resolve({ rows: rows.slice(0, limit), more: rows.length > limit });
  }
}

const lateness = 30_000;
const skew = 10_000;

describe('a client that follows `next` misses no change', () => {
  /** A change: how long after the one before `project` began on it, how late its row was written, how wrong its clock was, and how much earlier than that it was settled. */
  const write = fc.record({
    pause: fc.oneof(fc.nat(20), fc.nat(5000), fc.nat(600_000)),
    late: fc.oneof(fc.constant(0), fc.nat(lateness)),
    wrong: fc.integer({ min: -skew, max: skew }),
    settledBefore: fc.oneof(fc.nat(500), fc.nat(3 * 3_600_000)),
    // An invocation that was killed: its write came late, or never, and another one wrote the row again.
    zombie: fc.option(fc.nat(3_600_000), { nil: undefined, freq: 5 }),
  });
  /** How long the poller waits before its next request, in a walk too, and how old an answer the CDN gives it. */
  const poll = fc.record({
    wait: fc.oneof(fc.nat(100), fc.nat(20_000), fc.nat(400_000)),
    stale: fc.nat(5000),
    wrong: fc.integer({ min: -skew, max: skew }),
  });

  async function seenBy(
    writes: readonly (typeof write extends fc.Arbitrary<infer T> ? T : never)[],
    polls: readonly (typeof poll extends fc.Arbitrary<infer T> ? T : never)[],
  ): Promise<{ readonly missed: number[]; readonly seen: number }> {
    const list = new LateList();
    let time = noon;
    writes.forEach(({ pause, late, wrong, settledBefore, zombie }, index) => {
      time += pause;
      const change: ListedChange = {
        type: 'article.live',
        detail: {
          id: `change-${index}`,
          articleId: 'a'.repeat(16),
          uri: 'urn:late',
          seq: time - settledBefore,
        } as ListedChange['detail'],
      };
      if (zombie !== undefined) list.write(change, time - zombie, time - zombie + 600_000);
      list.write(change, time + wrong, time + late);
    });
    const end = time + lateness + skew;
    const ports = { ...portsOf(new Pipeline(noon)), changeList: list };
    const seen = new Set<string>();
    let url = `/changes?since=${noon - skew}`;
    let now = noon - 60_000;
    const read = async (readAt: number, clock: number): Promise<boolean> => {
      list.now = readAt;
      const response = await ask({ ...ports, clock: { now: () => clock } }, url);
      if (response.status !== 200) throw new Error(response.body);
      const { changes, more, next } = JSON.parse(response.body) as Listed & { changes: { id: string }[] };
      for (const { id } of changes) seen.add(id);
      url = next;
      return more;
    };
    for (const { wait, stale, wrong } of polls) {
      now += wait;
      await read(now - stale, now - stale + wrong);
    }
    // In the end it ends its walk, long after the last write, and comes once more.
    now = Math.max(now, end) + 60_000;
    for (let walks = 0; walks < 2; now += 50) if (!(await read(now, now))) walks += 1;
    return { missed: writes.flatMap((_, index) => (seen.has(`change-${index}`) ? [] : [index])), seen: seen.size };
  }

  test('with rows that are written late, clocks that differ and pages that are read slowly', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 40 }), fc.array(poll, { maxLength: 60 }), async (writes, polls) => {
        expect((await seenBy(writes, polls)).missed).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('with more than a page of changes at once, and pages that are read minutes apart', async () => {
    await fc.assert(
      fc.asyncProperty(
        // A flood, and then enough of a stream to outlast the overlap while somebody still turns the flood's pages.
        fc.array(
          write.map((one) => ({ ...one, pause: one.pause % 100 })),
          { minLength: 200, maxLength: 300 },
        ),
        fc.array(
          write.map((one) => ({ ...one, pause: one.pause % 3000 })),
          { minLength: 150, maxLength: 200 },
        ),
        fc.nat(40_000),
        fc.array(poll, { maxLength: 8 }),
        async (flood, stream, wait, polls) => {
          const first = { wait: 60_000 + wait, stale: 0, wrong: 0 };
          expect((await seenBy([...flood, ...stream], [first, ...polls])).missed).toEqual([]);
        },
      ),
      // Hundreds of writes: to shrink them would take minutes.
      { numRuns: 80, endOnFailure: true },
    );
  });

  test('because the overlap is longer than the latest write and clock errors in both directions', () => {
    expect(overlapMilliseconds).toBeGreaterThan(lateness + 2 * skew);
  });
});
