import { describe, expect, test } from '@jest/globals';
import { warningCounts } from '../../tools/cli/warnings.ts';
import { watch } from '../../functions/watch/watch.ts';
import { accept } from '../../shared/article/accept.ts';
import type { Accepted } from '../../shared/article/bus-event.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { stripped } from '../../shared/article/erasure.ts';
import { MemoryPublishTraces } from '../fakes/memory-publish-traces.ts';
import { settleArticle } from '../../shared/article/settle-article.ts';
import type { PublishTrace } from '../../shared/trace/publish-trace.ts';
import type { Version } from '../../shared/article/version.ts';
import { boundedWarnings, warningsIn } from '../../shared/article/warning.ts';
import { ghostPost, ghostPublished } from '../fixtures/cms/newsroom.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { WebhookEndpoint } from './webhook-endpoint.ts';
import { busEvent, noon, story } from './story.ts';

const uri = story().uri;
const articleId = articleIdOf(uri);
const warnings = [{ path: 'post.feature_image', message: 'must be an absolute http or https URL' }];

function versionIn(accepted: Accepted): Version {
  if (accepted.kind !== 'version') throw new Error(`not a version: ${JSON.stringify(accepted)}`);
  return accepted.version;
}

const published = (more: Record<string, unknown> = {}): Version =>
  versionIn(accept(busEvent('article.published', { article: story(), ...more }), 'd'));

describe('warnings of an event', () => {
  test('are stored with the version, beside the source of the event', () => {
    expect(published({ warnings }).content).toMatchObject({ warnings, source: 'newsroom' });
    expect(Object.keys(published().content)).not.toContain('warnings');
  });

  test('are not part of its digest', () => {
    expect(published({ warnings }).digest).toBe(published().digest);
  });

  test.each([null, 'many', [{ path: 1, message: 'x' }], ['x'], { path: 'a', message: 'b' }])(
    'are ignored if they are invalid (%j)',
    (given) => {
      expect(published({ warnings: given }).content.warnings).toBeUndefined();
    },
  );

  test('are removed by an erasure', () => {
    expect(stripped(published({ warnings }).content)).not.toHaveProperty('warnings');
  });

  test('are at most 20, each once and of limited length', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      path: 'p'.repeat(300).slice(index),
      message: 'm'.repeat(400),
    }));
    const bounded = boundedWarnings([...warnings, ...warnings, ...many]);
    expect(bounded[0]).toEqual(warnings[0]);
    expect(bounded.filter(({ path }) => path === warnings[0]?.path)).toHaveLength(1);
    expect(bounded.length).toBeLessThanOrEqual(20);
    expect(Math.max(...bounded.map(({ path }) => path.length))).toBe(200);
    expect(Math.max(...bounded.map(({ message }) => message.length))).toBe(300);
    expect(
      boundedWarnings(Array.from({ length: 30 }, (_, index) => ({ path: String(index), message: 'm' }))),
    ).toHaveLength(20);
    expect(warningsIn({ warnings: [{ ...warnings[0], value: 'not kept' }] })).toStrictEqual(warnings);
  });
});

describe('warnings of a live article', () => {
  test('are announced and kept in the trace, with the source', async () => {
    const pipeline = new Pipeline(noon);
    await pipeline.send('article.published', { article: story(), warnings });
    const [live] = pipeline.announcer.announced.filter(({ type }) => type === 'article.live');
    expect(live?.detail).toMatchObject({ warnings });

    const publishTraces = new MemoryPublishTraces();
    const meter = { count: () => undefined, milliseconds: () => undefined };
    const timer = { now: () => pipeline.clock.now(), pause: () => Promise.resolve() };
    const reader = { read: () => Promise.resolve({ status: 500, shown: undefined, body: '' }) };
    await watch(
      { articles: pipeline.articles, publishTraces, reader, announcer: pipeline.announcer, meter, timer },
      { type: 'article.live', detail: live?.detail, at: noon + 70_000 },
      noon,
    );
    await watch(
      { articles: pipeline.articles, publishTraces, reader, announcer: pipeline.announcer, meter, timer },
      { type: 'article.live', detail: live?.detail, at: noon },
      noon + 1000,
    );
    expect(await publishTraces.of(articleId)).toMatchObject([
      { warnings, source: (await pipeline.articles.head(articleId))?.source },
    ]);
  });

  test('disappear with the next version that has none', async () => {
    const pipeline = new Pipeline(noon);
    await pipeline.send('article.published', { article: story(), warnings });
    await pipeline.send('article.updated', { article: story({ versionCreated: '2026-05-01T12:05:00Z' }) });
    expect(await pipeline.articles.head(articleId)).not.toHaveProperty('warnings');
    expect(await pipeline.articles.head(articleId)).toMatchObject({ source: 'newsroom' });
  });

  test('are no visible change: a head that differs in nothing else is not written', async () => {
    const pipeline = new Pipeline(noon);
    await pipeline.send('article.published', { article: story(), warnings });
    const head = await pipeline.articles.head(articleId);
    if (!head) throw new Error('no head');
    const { warnings: _, source: __, ...without } = head;
    await pipeline.articles.writeHead({ ...without, seq: head.seq + 1 }, head.seq);
    await settleArticle(pipeline, articleId);
    expect(await pipeline.articles.head(articleId)).toEqual({ ...without, seq: head.seq + 1 });
  });

  test('of a hidden story are not announced', async () => {
    const pipeline = new Pipeline(noon);
    await pipeline.send('article.published', { article: story({ embargoedUntil: '2026-05-02T12:00:00Z' }), warnings });
    await pipeline.send('article.held', { article: { uri, versionCreated: story().versionCreated } });
    expect(JSON.stringify(pipeline.announcer.announced)).not.toContain('feature_image');
  });
});

test('the CLI counts warnings by source, field and message, without positions in lists', () => {
  const publishTrace = (id: string, seq: number, source: string, ...paths: readonly string[]): PublishTrace => ({
    articleId: id,
    seq,
    uri: `urn:${id}`,
    source,
    warnings: paths.map((path) => ({ path, message: 'must be a number' })),
  });
  expect(
    warningCounts([
      // Of each article, only the newest change counts.
      { articleId: 'c', seq: noon + 3 },
      publishTrace(
        'b',
        noon + 2,
        'cms.ghost',
        'article.associations.0.renditions.1.width',
        'article.associations.2.renditions.0.width',
      ),
      publishTrace('a', noon + 1, 'cms.ghost', 'article.associations.0.renditions.1.width'),
      publishTrace('d', noon, 'agency', 'article.urgency'),
      publishTrace('c', noon, 'agency', 'article.urgency'),
    ]),
  ).toEqual([
    {
      source: 'cms.ghost',
      path: 'article.associations.*.renditions.*.width',
      message: 'must be a number',
      count: 3,
      articles: 2,
      uri: 'urn:b',
      lastAt: new Date(noon + 2).toISOString(),
    },
    {
      source: 'agency',
      path: 'article.urgency',
      message: 'must be a number',
      count: 1,
      articles: 1,
      uri: 'urn:d',
      lastAt: new Date(noon).toISOString(),
    },
  ]);
});

describe('a webhook whose optional parts are invalid', () => {
  const at = '2026-05-01T12:00:00';
  const post = (more: Record<string, unknown> = {}, embedded: Record<string, unknown> = {}): unknown => ({
    hook: 'wp_after_insert_post',
    new_status: 'publish',
    old_status: 'draft',
    rest: {
      id: 21,
      type: 'post',
      status: 'publish',
      link: 'https://wp.example/21/',
      date_gmt: at,
      modified_gmt: at,
      title: { rendered: 'Drawn' },
      content: { rendered: '<p>By hand.</p>' },
      ...more,
      _embedded: embedded,
    },
  });
  const drawing = (sizes: unknown, more: Record<string, unknown> = {}): Record<string, unknown> => ({
    'wp:featuredmedia': [
      { source_url: 'https://wp.example/a.svg', media_details: { width: 512, height: 512, sizes }, ...more },
    ],
  });
  const size = (width: unknown, height: unknown): Record<string, unknown> => ({
    source_url: 'https://wp.example/a.svg',
    width,
    height,
  });
  const answered = async (
    source: string,
    payload: unknown,
  ): Promise<{ status: number; paths: string[]; article: unknown }> => {
    const endpoint = new WebhookEndpoint();
    const { status, body } = await endpoint.post(source, payload);
    const { warnings: named = [] } = (body === '' ? {} : JSON.parse(body)) as { warnings?: { path: string }[] };
    return { status, paths: named.map(({ path }) => path), article: endpoint.bus.events[0]?.detail };
  };

  test('has sizes that are written as text', async () => {
    const { status, paths, article } = await answered(
      'wordpress',
      post({}, drawing({ thumbnail: size('150', '150'), medium: size('', '') })),
    );
    expect([status, paths]).toEqual([202, []]);
    expect(article).toMatchObject({
      article: {
        associations: [
          {
            renditions: [
              { name: 'thumbnail', width: 150, height: 150 },
              { name: 'medium' },
              { name: 'full', width: 512 },
            ],
          },
        ],
      },
    });
  });

  test.each<[string, string, unknown]>([
    [
      'rest._embedded.wp:term.0',
      'wordpress',
      post({}, { 'wp:term': [{ code: 'rest_forbidden', message: 'Sorry' }, []] }),
    ],
    ['rest._embedded.wp:featuredmedia.0.alt_text', 'wordpress', post({}, drawing({}, { alt_text: false }))],
    ['rest._embedded.wp:featuredmedia.0.source_url', 'wordpress', post({}, drawing({}, { source_url: '/a.svg' }))],
    ['rest.content.rendered', 'wordpress', post({ content: { rendered: ['<p>x</p>'] } })],
    [
      'post.current.feature_image',
      'ghost',
      ghostPublished(ghostPost('g1', { feature_image: 'data:image/png;base64,AAAA' })),
    ],
    ['post.current.tags.0', 'ghost', ghostPublished(ghostPost('g1', { primary_tag: null, tags: [false] }))],
    [
      'article.bodies.0.contentType',
      'ninjs',
      { ...story(), bodies: [{ contentType: 'application/nitf+xml', value: '<nitf/>' }] },
    ],
    ['article.urgency', 'ninjs', { ...story(), urgency: 12 }],
  ])('is published, and %s is named', async (path, source, payload) => {
    expect(await answered(source, payload)).toMatchObject({ status: 202, paths: [path] });
  });

  test('is rejected if a part is invalid that decides whether or when the story is shown', async () => {
    for (const broken of [
      { content: { rendered: '<p>x</p>', protected: 'yes' } },
      { modified_gmt: 'now' },
      { title: { rendered: '' } },
    ])
      expect((await answered('wordpress', post(broken))).status).toBe(422);
    expect((await answered('ghost', ghostPublished(ghostPost('g1', { visibility: 7 })))).status).toBe(422);
  });

  test('from Superdesk is a withdrawal if unpublished, and is ignored if it is a picture', async () => {
    expect(
      await answered('ninjs', {
        guid: 'urn:a',
        type: 'text',
        versioncreated: `${at}+0000`,
        headline: 'H',
        pubstatus: 'unpublished',
      }),
    ).toMatchObject({
      status: 202,
      article: { article: { pubStatus: 'canceled' } },
    });
    for (const type of ['picture', 'graphic', 'video'])
      expect(
        (
          await answered('ninjs', {
            guid: 'tag:a',
            type,
            versioncreated: `${at}+0000`,
            headline: 'P',
            pubstatus: 'usable',
          })
        ).status,
      ).toBe(204);
    expect(
      (await answered('ninjs', { guid: 'tag:a', type: 'poem', versioncreated: `${at}+0000`, headline: 'P' })).status,
    ).toBe(422);
  });
});
