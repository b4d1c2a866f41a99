import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accept } from '../../shared/article/accept.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { isStripped } from '../../shared/article/erasure.ts';
import { settleAny } from '../../shared/article/settle-article.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { busEvent, noon, story } from './story.ts';

const [first, second, third] = ['urn:desk:1', 'urn:desk:2', 'urn:desk:3'] as const;
const at = (minute: number): string => new Date(noon + minute * 60_000).toISOString();

function event(
  type: string,
  uri: string,
  minute: number,
  more: { readonly continues?: string; readonly headline?: string; readonly text?: string } = {},
): string {
  const { continues, headline = `${uri} at ${minute}`, text = `Text of ${uri} at ${minute}.` } = more;
  const versionCreated = at(minute);
  const article =
    type === 'article.published'
      ? story({
          uri,
          versionCreated,
          headlines: [{ role: 'main', value: headline }],
          bodies: [{ contentType: 'text/html', value: `<p>${text}</p>` }],
        })
      : { uri, versionCreated };
  const detail = { article, receivedAt: noon + minute * 60_000, ...(continues !== undefined && { continues }) };
  return busEvent(type, detail, { time: versionCreated });
}

/** A story, its update, the update of that, and a correction of each update. */
const chain = [
  event('article.published', first, 0),
  event('article.published', second, 1, { continues: first }),
  event('article.published', second, 2, { continues: first }),
  event('article.published', third, 3, { continues: second }),
  event('article.published', third, 4, { continues: second }),
] as const;

async function ended(events: readonly string[]): Promise<Pipeline> {
  const pipeline = new Pipeline(noon + 3_600_000);
  await pipeline.deliver(events);
  expect(pipeline.rejections.kept).toEqual([]);
  return pipeline;
}

const live = (pipeline: Pipeline): unknown =>
  [...pipeline.articles.heads.values()]
    .filter(({ visibility }) => visibility === 'live')
    .map(({ uri, card }) => [uri, card?.headline]);

const storedTexts = (pipeline: Pipeline, uri: string): number =>
  [...(pipeline.articles.versions.get(articleIdOf(uri))?.values() ?? [])].filter(({ content }) => !isStripped(content))
    .length;

describe('an article that continues another one', () => {
  test('is that one: its page, its place in the lists, and no second entry', async () => {
    const pipeline = await ended(chain);
    expect(live(pipeline)).toEqual([[first, `${third} at 4`]]);
    const latest = (await pipeline.feeds.page('latest', 10, undefined)).entries;
    expect(latest.map(({ card }) => [card.uri, card.firstPublished])).toEqual([[first, at(0)]]);
    expect((await pipeline.see(`/articles/${articleIdOf(first)}.json`)).body).toContain(`Text of ${third} at 4.`);
    expect((await pipeline.see(`/articles/${articleIdOf(third)}.json`)).status).toBe(404);
  });

  test('ends the same in any order, each event once or several times', async () => {
    const expected = await (await ended(chain)).seen();
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...chain], { minLength: chain.length }),
        fc.shuffledSubarray([...chain]),
        async (once, again) => {
          expect(await (await ended([...once, ...again])).seen()).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([first, second, third])('is withdrawn, held and erased by each of its uris (%s)', async (uri) => {
    const gone = await ended([...chain, event('article.unpublished', uri, 5)]);
    expect(live(gone)).toEqual([]);
    const held = await ended([event('article.held', uri, 5), ...chain]);
    expect(live(held)).toEqual([]);
    expect(live(await ended([...chain, event('article.held', uri, 5), event('article.unheld', uri, 6)]))).toEqual([
      [first, `${third} at 4`],
    ]);
  });

  test('leaves no text behind when it is erased', async () => {
    const pipeline = await ended([...chain, event('article.erased', first, 5), ...chain]);
    expect([first, second, third].map((one) => storedTexts(pipeline, one))).toEqual([0, 0, 0]);
  });

  test('has its text in one place alone, and settling it again changes nothing', async () => {
    const pipeline = await ended(chain);
    expect([first, second, third].map((one) => storedTexts(pipeline, one))).toEqual([5, 0, 0]);
    const before = await pipeline.seen();
    for (const uri of [third, second, first]) await settleAny(pipeline, articleIdOf(uri));
    expect(await pipeline.seen()).toEqual(before);
  });

  test('is itself where it continues itself, and a circle ends', async () => {
    expect(live(await ended([event('article.published', first, 0, { continues: first })]))).toEqual([
      [first, `${first} at 0`],
    ]);
    const circle = await ended([
      event('article.published', first, 0, { continues: second }),
      event('article.published', second, 1, { continues: first }),
    ]);
    expect(live(circle)).toEqual([]);
  });

  test('of another source is rejected', () => {
    const owners = { 'cms.superdesk': ['superdesk:'], newsroom: ['urn:'] };
    expect(accept(event('article.published', first, 0, { continues: 'superdesk:main/1' }), 'd', owners)).toMatchObject({
      kind: 'rejected',
      errors: [{ path: 'continues' }],
    });
  });

  test('by a name that is no uri is an article of its own, with a warning', () => {
    expect(accept(event('article.published', first, 0, { continues: 'no uri' }), 'd')).toMatchObject({
      kind: 'version',
      version: { content: { warnings: [{ path: 'continues' }] } },
    });
  });
});
