import { describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../shared/article/article.ts';
import { versionRow } from '../../shared/aws/rows.ts';
import { MemoryArticles } from '../fakes/memory-articles.ts';
import type { StoredState } from '../../shared/article/ports.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { busEvent, noon, story } from '../unit/story.ts';
import { tryEvent } from './inputs.ts';

const published = (article: Record<string, unknown>, more: Record<string, unknown> = {}): string =>
  busEvent('article.published', { article, ...more });

/** Words that do not compress: each is another. */
function words(bytes: number): string {
  let text = '';
  for (let state = 1; text.length < bytes; state = (state * 48_271) % 2_147_483_647) text += `${state.toString(36)} `;
  return text.slice(0, bytes);
}

async function issuesOf(body: string): Promise<string[]> {
  const pipeline = new Pipeline();
  await pipeline.deliver([body]);
  return pipeline.announcer.announced.flatMap(({ type, detail }) =>
    type === 'article.rejected' ? detail.errors.map(({ path }) => path) : [],
  );
}

async function live(body: string): Promise<Pipeline> {
  expect(await tryEvent(body)).toBe('stored');
  const pipeline = new Pipeline();
  await pipeline.deliver([body]);
  return pipeline;
}

describe('size', () => {
  test('an event of a megabyte whose text compresses is stored in one row', async () => {
    const paragraph = '<p>The first lorries crossed at five, and engineers applauded once more.</p>';
    const body = published(story({ bodies: [{ contentType: 'text/html', value: paragraph.repeat(13_000) }] }));
    expect(Buffer.byteLength(body)).toBeGreaterThan(980_000);
    const pipeline = await live(body);
    const [versions] = pipeline.articles.versions.values();
    const [version] = versions?.values() ?? [];
    const content: unknown = version && versionRow(version)['content'];
    expect(content).toBeInstanceOf(Uint8Array);
    expect(content instanceof Uint8Array ? content.byteLength : Infinity).toBeLessThan(10_000);
  });

  test('an event of a megabyte that no row can hold is rejected, with that reason', async () => {
    expect(
      await issuesOf(published(story({ bodies: [{ contentType: 'text/plain', value: words(1_000_000) }] }))),
    ).toEqual(['article']);
  });

  test('at DynamoDB’s limit, every stored row fits into 400 KB with its keys', async () => {
    const fates = new Set<string>();
    for (let bytes = 600_000; bytes <= 850_000; bytes += 50_000)
      fates.add(await tryEvent(published(story({ bodies: [{ contentType: 'text/plain', value: words(bytes) }] }))));
    expect([...fates].sort()).toEqual(['rejected', 'stored']);
  });

  test('twenty thousand elements are read to the end, and rejected with at most 50 issues', async () => {
    expect(await issuesOf(published({ ...story(), headlines: Array.from({ length: 20_000 }, () => 0) }))).toHaveLength(
      50,
    );
    expect(await tryEvent(published({ ...story(), audiences: Array.from({ length: 20_000 }, () => 1) }))).toBe(
      'stored',
    );
  });
});

describe('numbers of topics, sections and feeds', () => {
  test('50 topics are 50 feeds', async () => {
    const [head] = (
      await live(
        published(
          story({
            genres: [],
            by: '',
            subjects: Array.from({ length: 50 }, (_, index) => ({ name: `Topic ${index}` })),
          }),
        ),
      )
    ).articles.heads.values();
    expect(head?.feeds).toHaveLength(51);
  });

  test('100 sections are 100 feeds and their parents', async () => {
    const subjects = Array.from({ length: 100 }, (_, index) => ({ rel: 'section', literal: `news/part-${index}` }));
    const [head] = (await live(published(story({ genres: [], by: '', subjects })))).articles.heads.values();
    expect(head?.feeds).toHaveLength(102);
  });

  test('feeds beyond the number that a head holds are left out with a warning', async () => {
    const pipeline = await live(
      published(
        story({
          genres: [],
          by: '',
          subjects: Array.from({ length: 301 }, (_, index) => ({ name: `Topic ${index}` })),
        }),
      ),
    );
    const [head] = pipeline.articles.heads.values();
    expect(head?.feeds?.length).toBeLessThanOrEqual(300);
    expect(head?.warnings?.map(({ path }) => path)).toEqual(['article.subjects']);
  });
});

describe('lengths of texts and names', () => {
  test('a headline of 2,000 bytes is whole on the page and cut in lists, and a longer one is rejected', async () => {
    expect(await issuesOf(published(story({ headlines: [{ value: words(2010).trim() }] })))).toEqual([
      'article.headlines.0.value',
    ]);
    const headline = words(2000).trim();
    const pipeline = await live(published(story({ headlines: [{ value: headline }] })));
    const [head] = pipeline.articles.heads.values();
    expect((await pipeline.see(head?.path ?? '')).body).toContain(headline);
    const { body } = await pipeline.see('/feeds/latest.rss');
    expect(body.length).toBeLessThan(4000);
    expect(head?.card?.headline).toMatch(/…$/);
  });

  test('a uri that is too long is rejected by name; a byline and a path that are too long are left out', async () => {
    const [by, path] = ['x'.repeat(65_536), `/${'x'.repeat(65_536)}`];
    expect(await issuesOf(published(story({ uri: `urn:${'x'.repeat(300)}`, by }), { path }))).toEqual(['article.uri']);
    const pipeline = await live(published(story({ by }), { path }));
    const [head] = pipeline.articles.heads.values();
    expect(head?.warnings?.map((warning) => warning.path).sort()).toEqual(['article.by', 'path']);
  });
});

/** Counts the versions that settle reads. */
class CountedArticles extends MemoryArticles {
  reads = 0;

  override async open(articleId: string): Promise<StoredState> {
    const stored = await super.open(articleId);
    return {
      ...stored,
      newestFirst: this.#counted(stored.newestFirst),
      oldestFirst: this.#counted(stored.oldestFirst),
    };
  }

  async *#counted<Row>(rows: AsyncIterable<Row>): AsyncGenerator<Row> {
    for await (const row of rows) {
      this.reads += 1;
      yield row;
    }
  }
}

test('the ten-thousandth version of an article is settled with as few reads as the tenth', async () => {
  const pipeline = new (class extends Pipeline {
    override readonly articles = new CountedArticles();
  })();
  const readsOf: number[] = [];
  const version = (index: number): string => {
    const at = noon - 86_400_000 + index * 1000;
    return published(
      {
        uri: 'urn:live-blog',
        versionCreated: new Date(at).toISOString(),
        headlines: [{ value: `Update ${index}` }],
        ...(index % 100 === 7 && { embargoedUntil: new Date(at - 1000).toISOString() }),
      },
      { receivedAt: at },
    );
  };
  // All but the last few are stored first, since settling each takes long and proves nothing more.
  for (let index = 0; index < 10_000; index += 1) {
    const before = pipeline.articles.reads;
    if (index < 10 || index >= 9990) {
      await pipeline.deliver([version(index)]);
      readsOf.push(pipeline.articles.reads - before);
    } else {
      const other = new Pipeline();
      await other.deliver([version(index)]);
      for (const rows of other.articles.versions.values())
        for (const stored of rows.values()) await pipeline.articles.putVersion(stored);
    }
  }
  expect(pipeline.articles.versions.get(articleIdOf('urn:live-blog'))?.size).toBe(10_000);
  expect(pipeline.articles.heads.get(articleIdOf('urn:live-blog'))?.card?.headline).toBe('Update 9999');
  expect(Math.max(...readsOf.slice(10))).toBeLessThanOrEqual(Math.max(...readsOf.slice(0, 10)));
});

describe('every plane of Unicode', () => {
  test.each(Array.from({ length: 17 }, (_, plane) => plane))(
    'a text of plane %i is shown as it was sent',
    async (plane) => {
      const points = [0x20, 0x61, 0x100, 0x2028, 0x4e00, 0xac00, 0xfffd, 0xfffe, 0xffff].map(
        (low) => plane * 0x10000 + low,
      );
      const text = `x ${String.fromCodePoint(...points)} y`;
      const pipeline = await live(
        published(
          story({
            headlines: [{ value: text }],
            bodies: [{ contentType: 'text/html', value: `<p>${text}</p>` }],
            subjects: [{ name: text }],
          }),
          { path: `/news/${encodeURIComponent(text)}` },
        ),
      );
      const [head] = pipeline.articles.heads.values();
      const { headlines } = JSON.parse((await pipeline.see(`/articles/${head?.articleId ?? ''}.json`)).body) as {
        headlines: { value: string }[];
      };
      expect(headlines[0]?.value).toBe(text);
    },
  );

  test('half a surrogate pair becomes U+FFFD in every field and name', async () => {
    const pipeline = await live(
      published({ ...story({ headlines: [{ value: 'cut \ud83d' }], by: '\udc00 Marlow' }), '\ud800': 1 }),
    );
    expect([...pipeline.articles.heads.values()][0]?.card).toMatchObject({
      headline: 'cut \ufffd',
      by: '\ufffd Marlow',
    });
  });
});

describe('dates', () => {
  test.each([
    '0000-01-01T00:00:00Z',
    '0000-12-31T23:59:59.999Z',
    '9999-12-31T23:59:59.999Z',
    '0001-01-01T00:00:00+14:00',
  ])('%s is not accepted as versionCreated', async (versionCreated) => {
    expect(await issuesOf(published(story({ versionCreated })))).toEqual(['article.versionCreated']);
  });

  test.each(['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'])('%s is accepted as expires', async (expires) => {
    const pipeline = await live(published(story({ expires })));
    const [head] = pipeline.articles.heads.values();
    expect(head?.feeds?.includes('latest')).toBe(expires.startsWith('9999'));
  });

  test.each(['0000-01-01T00:00:00Z', '1066-10-14T09:00:00Z'])(
    '%s is accepted as first publication, and gives a sort position of fixed width',
    async (firstPublished) => {
      const [head] = (await live(published(story({ firstPublished })))).articles.heads.values();
      expect(head?.place).toBe(`${firstPublished.slice(0, 19)}.000Z#${head?.articleId ?? ''}`);
    },
  );

  test('an embargo of the year 9999 is accepted', async () => {
    const pipeline = await live(published(story({ embargoedUntil: '9999-12-31T23:59:59Z' })));
    expect(pipeline.articles.heads.size).toBe(0);
    expect(pipeline.settleSchedule.calls).toMatchObject([{ instant: Date.parse('9999-12-31T23:59:59Z') }]);
  });

  test.each([
    '0000-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-12:00',
    '+010000-01-01T00:00:00Z',
    '2026-06-30T23:59:60Z',
    '2026-05-01T25:00:00Z',
  ])('%s is not accepted as expires', async (expires) => {
    expect(await issuesOf(published(story({ expires })))).toEqual(['article.expires']);
  });

  test('a versionCreated an hour ahead is rejected, because no later version could replace it', async () => {
    expect(await issuesOf(published(story({ versionCreated: new Date(noon + 3_600_000).toISOString() })))).toEqual([
      'article.versionCreated',
    ]);
    expect(await issuesOf(published(story({ versionCreated: new Date(noon + 900_000).toISOString() })))).toEqual([]);
    expect(await issuesOf(published(story({ versionCreated: new Date(noon + 900_001).toISOString() })))).toEqual([
      'article.versionCreated',
    ]);
  });
});
