import { describe, expect, test } from '@jest/globals';
import { warningCounts } from '../../infra/cli/warnings.ts';
import { watch } from '../../functions/watch/watch.ts';
import { accept, type Accepted } from '../../shared/accept.ts';
import { articleIdOf } from '../../shared/article.ts';
import { stripped } from '../../shared/erasure.ts';
import { MemoryTrails } from '../../shared/memory/memory-trails.ts';
import { settleArticle } from '../../shared/settle-article.ts';
import type { Trail } from '../../shared/trail.ts';
import type { Version } from '../../shared/version.ts';
import { boundedWarnings, warningsIn } from '../../shared/warning.ts';
import { House } from '../simulation/house.ts';
import { busEvent, noon, story } from './story.ts';

const uri = story().uri;
const articleId = articleIdOf(uri);
const warnings = [{ path: 'post.feature_image', message: 'must be an absolute http or https URL' }];

function versionIn(accepted: Accepted): Version {
  if (accepted.kind !== 'version') throw new Error(`not a version: ${JSON.stringify(accepted)}`);
  return accepted.version;
}

const published = (more: Record<string, unknown> = {}): Version => versionIn(accept(busEvent('article.published', { article: story(), ...more }), 'd'));

describe('warnings of an event', () => {
  test('are kept with the version, with the source of the event', () => {
    expect(published({ warnings }).content).toMatchObject({ warnings, source: 'newsroom' });
    expect(Object.keys(published().content)).not.toContain('source');
  });

  test('are no part of its digest', () => {
    expect(published({ warnings }).digest).toBe(published().digest);
  });

  test.each([null, 'many', [{ path: 1, message: 'x' }], ['x'], { path: 'a', message: 'b' }])('that are no warnings (%j) are ignored', (given) => {
    expect(published({ warnings: given }).content.warnings).toBeUndefined();
  });

  test('are gone after an erasure', () => {
    expect(stripped(published({ warnings }).content)).not.toHaveProperty('warnings');
  });

  test('are at most 20, each once, of bounded length', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ path: 'p'.repeat(300).slice(index), message: 'm'.repeat(400) }));
    const bounded = boundedWarnings([...warnings, ...warnings, ...many]);
    expect(bounded[0]).toEqual(warnings[0]);
    expect(bounded.filter(({ path }) => path === warnings[0]?.path)).toHaveLength(1);
    expect(bounded.length).toBeLessThanOrEqual(20);
    expect(Math.max(...bounded.map(({ path }) => path.length))).toBe(200);
    expect(Math.max(...bounded.map(({ message }) => message.length))).toBe(300);
    expect(boundedWarnings(Array.from({ length: 30 }, (_, index) => ({ path: String(index), message: 'm' })))).toHaveLength(20);
    expect(warningsIn({ warnings: [{ ...warnings[0], value: 'not kept' }] })).toStrictEqual(warnings);
  });
});

describe('warnings of a live article', () => {
  test('are announced and noted in the trace, with who sent it', async () => {
    const house = new House(noon);
    await house.send('article.published', { article: story(), warnings });
    const [live] = house.announcer.announced.filter(({ type }) => type === 'article.live');
    expect(live?.detail).toMatchObject({ warnings });

    const trails = new MemoryTrails();
    const meter = { count: () => undefined, milliseconds: () => undefined };
    const timer = { now: () => house.clock.now(), pause: () => Promise.resolve() };
    const reader = { read: () => Promise.resolve({ status: 500, shown: undefined, body: '' }) };
    await watch({ articles: house.articles, trails, reader, announcer: house.announcer, meter, timer }, { type: 'article.live', detail: live?.detail, at: noon + 70_000 }, noon);
    await watch({ articles: house.articles, trails, reader, announcer: house.announcer, meter, timer }, { type: 'article.live', detail: live?.detail, at: noon }, noon + 1000);
    expect(await trails.of(articleId)).toMatchObject([{ warnings, source: (await house.articles.head(articleId))?.source }]);
  });

  test('go when the next version has none', async () => {
    const house = new House(noon);
    await house.send('article.published', { article: story(), warnings });
    await house.send('article.updated', { article: story({ versionCreated: '2026-05-01T12:05:00Z' }) });
    expect(await house.articles.head(articleId)).not.toHaveProperty('warnings');
    expect(await house.articles.head(articleId)).not.toHaveProperty('source');
  });

  test('are no change that readers see: a head that differs in nothing else is not written', async () => {
    const house = new House(noon);
    await house.send('article.published', { article: story(), warnings });
    const head = await house.articles.head(articleId);
    if (!head) throw new Error('no head');
    const { warnings: _, source: __, ...without } = head;
    await house.articles.writeHead({ ...without, seq: head.seq + 1 }, head.seq);
    await settleArticle(house, articleId);
    expect(await house.articles.head(articleId)).toEqual({ ...without, seq: head.seq + 1 });
  });

  test('of a story that is withheld are announced to nobody', async () => {
    const house = new House(noon);
    await house.send('article.published', { article: story({ embargoedUntil: '2026-05-02T12:00:00Z' }), warnings });
    await house.send('article.held', { article: { uri, versionCreated: story().versionCreated } });
    expect(JSON.stringify(house.announcer.announced)).not.toContain('feature_image');
  });
});

test('the CLI counts warnings by source, field and message, positions aside', () => {
  const trail = (id: string, seq: number, source: string, ...paths: readonly string[]): Trail => ({
    articleId: id,
    seq,
    uri: `urn:${id}`,
    source,
    warnings: paths.map((path) => ({ path, message: 'must be a number' })),
  });
  expect(
    warningCounts([
      trail('b', noon + 2, 'cms.ghost', 'article.associations.0.renditions.1.width', 'article.associations.2.renditions.0.width'),
      trail('a', noon + 1, 'cms.ghost', 'article.associations.0.renditions.1.width'),
      trail('a', noon, 'agency', 'article.urgency'),
      { articleId: 'c', seq: noon },
    ]),
  ).toEqual([
    { source: 'cms.ghost', path: 'article.associations.*.renditions.*.width', message: 'must be a number', count: 3, articles: 2, uri: 'urn:b', lastAt: new Date(noon + 2).toISOString() },
    { source: 'agency', path: 'article.urgency', message: 'must be a number', count: 1, articles: 1, uri: 'urn:a', lastAt: new Date(noon).toISOString() },
  ]);
});
