import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { articleIdOf } from '../../../shared/article/article.ts';
import type { Command } from '../../../shared/cms/source.ts';
import { settingsOf, type GivenSettings } from '../../../shared/cms/sources.ts';
import { superdesk } from '../../../shared/cms/sources/superdesk.ts';
import { superdeskEmbed, superdeskItem, superdeskPicture, superdeskUri } from '../../fixtures/cms/superdesk.ts';
import { articleTag } from '../../../shared/purge/tags.ts';
import { Pipeline } from '../../simulation/pipeline.ts';
import { WebhookEndpoint } from '../webhook-endpoint.ts';
import { noon } from '../story.ts';

function read(payload: unknown, given: GivenSettings = {}): readonly Command[] {
  const reading = superdesk.read(payload, settingsOf(superdesk, given), { receivedAt: noon, headers: {} });
  if ('issues' in reading) throw new Error(JSON.stringify(reading.issues));
  return reading.commands;
}

function only(payload: unknown, given: GivenSettings = {}): Command {
  const [command, ...others] = read(payload, given);
  if (!command || others.length > 0) throw new Error(`${others.length + 1} commands`);
  return command;
}

/** The readers' view of items that arrive in this order. */
async function pages(...items: readonly unknown[]): Promise<Pipeline> {
  const pipeline = new Pipeline(noon);
  for (const { type, detail } of items.flatMap((item) => read(item)))
    await pipeline.send(type, { ...detail }, { source: 'cms.superdesk' });
  expect(pipeline.rejections.kept).toEqual([]);
  return pipeline;
}

async function pageOf(pipeline: Pipeline, uri: string): Promise<string> {
  const head = [...pipeline.articles.heads.values()].find((one) => one.uri === uri);
  const { status, body } = await pipeline.see(head?.path ?? '/nowhere');
  expect(status).toBe(200);
  return body;
}

const imagesIn = (page: string): string[] =>
  [...(/<article\b[^]*<\/article>/.exec(page)?.[0] ?? '').matchAll(/<img\b[^>]*? src="([^"]+)"/g)].flatMap(
    ([, href = '']) => href,
  );

test('a story, field by field', () => {
  const { type, detail } = only(
    superdeskItem('u1', {
      authors: [
        { code: '1', name: 'Ada Marlow', role: 'writer', biography: 'Covers ports.', uri: 'urn:desk:user:1' },
        { code: '2', name: 'Jon Bright', role: 'photographer', biography: '' },
      ],
      associations: { featuremedia: superdeskPicture('p1') },
    }),
  );
  expect(type).toBe('article.published');
  expect(detail).toMatchObject({
    revision: 3,
    warnings: [{ path: 'authors.0.biography' }],
    article: {
      uri: superdeskUri('u1'),
      type: 'text',
      versionCreated: '2026-03-02T10:00:00+0000',
      firstPublished: '2026-03-02T10:00:00+0000',
      pubStatus: 'usable',
      language: 'en-GB',
      headlines: [{ value: 'Story u1' }],
      descriptions: [{ contentType: 'text/plain', value: 'Standfirst of u1' }],
      bodies: [{ contentType: 'text/html', value: '<p>Body of u1.</p>' }],
      by: 'Ada Marlow',
      people: [
        { rel: 'author', name: 'Ada Marlow', role: 'writer', uri: 'urn:desk:user:1' },
        { rel: 'photographer', name: 'Jon Bright', role: 'photographer' },
      ],
      subjects: [
        { rel: 'section', literal: 'World', name: 'World' },
        { rel: 'about', name: 'Grain', literal: '04000000' },
        { rel: 'about', name: 'Ports' },
      ],
      genres: [{ name: 'Explainer' }],
      places: [{ name: 'United Kingdom' }],
      located: 'Portsmouth',
      associations: [
        {
          uri: 'superdesk:main/tag:desk.example.com:2026-03-02:p1',
          name: 'featuremedia',
          by: 'Harbour Press/AM',
          headlines: [{ value: 'Alt of p1' }],
          descriptions: [{ value: 'Caption of p1' }],
          renditions: [{ name: 'original', width: 2048 }, { name: 'thumbnail' }],
        },
      ],
    },
  });
  expect(JSON.stringify(detail)).not.toContain('DESK ONLY');
});

describe('services and subjects', () => {
  const subject = [
    { code: '15000000', name: 'sport', scheme: 'iptc' },
    { code: '04000000', name: 'Grain', scheme: 'topics' },
  ];
  const given = { superdesk: { sections: { I: 'news/world', 'iptc:15000000': 'sport', j: '' } } };

  test('are mapped to sections by code or name as the newsroom sets, and other subjects are topics', () => {
    const service = [
      { code: 'i', name: 'International' },
      { code: 'j', name: 'Junk' },
      { code: 'e', name: 'Économie / Société' },
    ];
    const item = superdeskItem('u1', { service, subject, keywords: [] });
    expect(only(item, given).detail.article.subjects).toEqual([
      { rel: 'section', literal: 'news/world' },
      { rel: 'section', literal: 'Économie - Société', name: 'Économie / Société' },
      { rel: 'section', literal: 'sport' },
      { rel: 'about', name: 'Grain', literal: '04000000' },
    ]);
  });

  test('that cannot be read are left out, and the rest is read', () => {
    const { detail } = only(
      superdeskItem('u1', { service: 'i', subject: [{ name: 5 }, { name: 'Grain' }], keywords: [1] }),
    );
    expect(detail.article.subjects).toEqual([{ rel: 'about', name: 'Grain' }]);
    expect(detail.warnings?.map(({ path }) => path)).toEqual(['service', 'subject.0.name', 'keywords.0']);
  });
});

describe('a payload that does not concern readers is no command', () => {
  test.each<[string, unknown]>([
    ['a ping', {}],
    ['a ping with a name', { ping: true }],
    ['a picture by itself', superdeskPicture('p1')],
    ['a picture with an embargo', superdeskPicture('p1', { embargoed: '2030-01-01T00:00:00+0000' })],
    ['an event', { guid: 'urn:event', type: 'event', name: 'Fair', versioncreated: '2026-03-02T10:00:00+0000' }],
    ['a planning item', { guid: 'urn:plan', type: 'planning', versioncreated: '2026-03-02T10:00:00+0000' }],
  ])('%s', (_, payload) => {
    expect(read(payload)).toEqual([]);
  });
});

describe('withdrawals', () => {
  test.each(['canceled', 'unpublished', 'withheld'])('%s withdraws the story and its text', async (pubstatus) => {
    const kill = superdeskItem('u1', { version: '4', pubstatus, body_html: '<p>KILL NOTICE</p>' });
    expect(JSON.stringify(only(kill))).not.toContain('KILL');
    const pipeline = await pages(superdeskItem('u1'), kill);
    expect([...pipeline.articles.heads.values()][0]?.visibility).toBe(pubstatus === 'withheld' ? 'hidden' : 'gone');
  });

  test.each<[string, Record<string, unknown>]>([
    ['without version', { version: undefined }],
    ['with an invalid version', { version: 'last' }],
    ['with a version of more digits than can be compared', { version: '99999999999' }],
    ['without a time that can be read', { version: '4', versioncreated: 'now' }],
  ])('%s is a withdrawal', async (_, more) => {
    const pipeline = await pages(
      superdeskItem('u1', { version: '3' }),
      superdeskItem('u1', { ...more, pubstatus: 'canceled' }),
    );
    expect([...pipeline.articles.heads.values()].map(({ visibility }) => visibility)).toEqual(['gone']);
  });

  test('a killed picture is pulled from the article that shows it', async () => {
    const story = superdeskItem('u1', { associations: { featuremedia: superdeskPicture('p1') } });
    const pipeline = await pages(story, superdeskPicture('p1', { pubstatus: 'canceled' }));
    expect(imagesIn(await pageOf(pipeline, superdeskUri('u1')))).toEqual([]);
  });

  test('an unknown status is rejected, because it may be a withdrawal', () => {
    expect(() => read(superdeskItem('u1', { pubstatus: 'recalled' }))).toThrow('pubstatus');
  });

  test('the request of an old version changes nothing when it is sent again', async () => {
    const kill = superdeskItem('u1', { version: '4', pubstatus: 'canceled' });
    const pipeline = await pages(superdeskItem('u1'), kill, superdeskItem('u1'));
    expect([...pipeline.articles.heads.values()][0]?.visibility).toBe('gone');
  });
});

describe('an update of a story', () => {
  /** The default address of an article. */
  const addressOf = (id: string): string => `/articles/${articleIdOf(superdeskUri(id))}`;
  const item = (id: string, hour: number, more: Record<string, unknown> = {}): Record<string, unknown> =>
    superdeskItem(id, { versioncreated: `2026-03-02T${hour}:00:00+0000`, ...more });
  const after = (id: string): string => String(superdeskItem(id)['guid']);
  const chain = [
    item('u1', 10),
    item('u2', 11, { evolvedfrom: after('u1') }),
    // The format ninjs2 names it twice.
    item('u3', 12, { evolvedfrom: after('u2'), rewrite_of: after('u2'), rewrite_sequence: 2 }),
  ];
  const ofChain = (pipeline: Pipeline) =>
    ['u1', 'u2', 'u3'].map((id) => pipeline.articles.heads.get(articleIdOf(superdeskUri(id)))?.visibility);

  test('takes the place of the story, in whatever order both arrive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...chain, ...chain], { minLength: 6 }), async (items) => {
        const pipeline = await pages(...items);
        expect(ofChain(pipeline)).toEqual(['gone', 'gone', 'live']);
        const { path = '' } = pipeline.articles.heads.get(articleIdOf(superdeskUri('u3'))) ?? {};
        for (const id of ['u1', 'u2']) {
          const [page, json] = await Promise.all([pipeline.see(addressOf(id)), pipeline.see(`${addressOf(id)}.json`)]);
          expect(page).toMatchObject({ status: 301, headers: { location: path } });
          expect(json).toMatchObject({ status: 301, headers: { location: `${addressOf('u3')}.json` } });
          // A change of the update purges the redirects to it.
          expect(page.headers['x-amz-meta-cache-tag']).toContain(articleTag(articleIdOf(superdeskUri('u3'))));
        }
        const { items: listed } = JSON.parse((await pipeline.see('/feeds/latest.json')).body) as { items: unknown[] };
        expect(listed).toMatchObject([{ id: superdeskUri('u3') }]);
      }),
      { numRuns: 30 },
    );
  });

  test('has the address of the story where the newsroom makes addresses of a field', async () => {
    const given = { superdesk: { path: '/{slugline}' } };
    for (const items of [chain, chain.toReversed()]) {
      const pipeline = new Pipeline(noon);
      for (const { type, detail } of items.flatMap((one) => read({ ...one, slugline: 'Ferries' }, given)))
        await pipeline.send(type, { ...detail }, { source: 'cms.superdesk' });
      expect(pipeline.articles.heads.get(articleIdOf(superdeskUri('u3')))).toMatchObject({ path: '/ferries' });
      expect((await pipeline.see('/ferries')).status).toBe(200);
    }
  });

  test('that is killed brings no earlier text back', async () => {
    const pipeline = await pages(...chain, item('u3', 13, { version: '9', pubstatus: 'canceled' }));
    expect(ofChain(pipeline)).toEqual(['gone', 'gone', 'gone']);
    for (const id of ['u1', 'u2', 'u3']) expect((await pipeline.see(addressOf(id))).status).toBe(410);
  });

  test('is no page of a story that was killed itself', async () => {
    const kill = item('u1', 13, { version: '9', pubstatus: 'canceled' });
    expect((await (await pages(...chain, kill)).see(addressOf('u1'))).status).toBe(410);
  });

  test('leaves the story public while it is embargoed itself, with a warning', async () => {
    const embargoed = { ...chain[1], embargoed: new Date(noon + 3_600_000).toISOString() };
    const pipeline = await pages(item('u1', 10), embargoed);
    expect(ofChain(pipeline).slice(0, 2)).toEqual(['live', undefined]);
    expect(only(embargoed).detail.warnings).toMatchObject([{ path: 'evolvedfrom' }]);
  });

  test('that is rejected withdraws nothing', async () => {
    const endpoint = new WebhookEndpoint();
    const { status } = await endpoint.post('superdesk', { ...chain[1], headline: '' });
    expect([status, endpoint.bus.events]).toEqual([422, []]);
  });

  test.each([after('u1'), '', 7])('that continues %p is none', (evolvedfrom) => {
    expect(read(item('u1', 10, { evolvedfrom }))).toHaveLength(1);
  });

  test('that continues itself in a circle has no page, and ends', async () => {
    const pipeline = await pages(
      item('u1', 10, { evolvedfrom: after('u2') }),
      item('u2', 11, { evolvedfrom: after('u1') }),
      item('u1', 12, { version: '9', evolvedfrom: after('u2') }),
      item('u2', 13, { version: '9', pubstatus: 'canceled' }),
    );
    expect((await pipeline.see(addressOf('u2'))).status).toBe(410);
  });
});

describe('pictures', () => {
  test('have featuremedia as the lead and embedded ones in the text alone, each once', async () => {
    const story = superdeskItem('u1', {
      body_html: `<p>a</p>\n${superdeskEmbed('editor_0', 'p2')}\n<p>b</p>`,
      associations: {
        editor_0: superdeskPicture('p2'),
        'media--1': superdeskPicture('p3'),
        featuremedia: superdeskPicture('p1'),
        'media--2': superdeskPicture('p1'),
        empty: null,
      },
    });
    const page = await pageOf(await pages(story), superdeskUri('u1'));
    expect(imagesIn(page).map((href) => /p\d/.exec(href)?.[0])).toEqual(['p1', 'p2', 'p3']);
    expect(page).toContain('alt="Alt of p1"');
    expect(page).not.toContain('EMBED');
  });

  test('are plain text if an embed has no end or no picture', () => {
    const html = '<!-- EMBED START Image {id: "editor_0"} --><p>a</p>'.repeat(3);
    const associations = { editor_0: superdeskPicture('p2') };
    expect(only(superdeskItem('u1', { body_html: html, associations })).detail.article.associations).toMatchObject([
      { renditions: [{ name: 'original' }, { name: 'thumbnail' }] },
    ]);
  });
});

describe('times', () => {
  test.each<[string, Record<string, unknown>, string | undefined]>([
    ['an embargo', { embargoed: '2026-06-01T10:00:00+00:00' }, '2026-06-01T10:00:00+00:00'],
    ['a schedule', { publish_schedule: '2026-06-01T10:00:00+0000' }, '2026-06-01T10:00:00+0000'],
    [
      'the later of both',
      { embargoed: '2026-06-01T10:00:00+00:00', publish_schedule: '2026-06-02T10:00:00+0000' },
      '2026-06-02T10:00:00+0000',
    ],
    ['none', {}, undefined],
  ])('%s', (_, more, expected) => {
    expect(only(superdeskItem('u1', more)).detail.article.embargoedUntil).toBe(expected);
  });

  test('one that cannot be read rejects the story', () => {
    expect(() => read(superdeskItem('u1', { publish_schedule: 'tomorrow' }))).toThrow('publish_schedule');
    expect(only(superdeskItem('u1', { embargoed: 'tomorrow' })).detail.article.embargoedUntil).toBe('tomorrow');
  });
});

describe('a package', () => {
  const group = (id: string, more: Record<string, unknown> = {}): Record<string, unknown> =>
    superdeskItem(id, { body_html: `<p>Text of ${id}.</p>`, ...more });
  const composite = (
    associations: Record<string, unknown>,
    more: Record<string, unknown> = {},
  ): Record<string, unknown> =>
    superdeskItem('pkg', {
      type: 'composite',
      headline: 'The package',
      body_html: undefined,
      byline: undefined,
      associations,
      ...more,
    });

  test('shows the text of its main group, then links to the others', async () => {
    const pipeline = await pages(
      group('s1', { headline: 'Sidebar' }),
      composite({
        'main-0': group('m1'),
        'main-1': group('m2', { headline: 'Second <main>' }),
        sidebars: group('s1', { headline: 'Sidebar' }),
      }),
    );
    const page = await pageOf(pipeline, superdeskUri('pkg'));
    expect(page).toContain('<p>Text of m1.</p>');
    expect(page).toMatch(/<h2>Second &lt;main&gt;<\/h2>\s*<p>Text of m2\.<\/p>/);
    expect(page).not.toContain('Text of s1.');
    expect(page).toMatch(/<nav class="more"[^]*Sidebar/);
    expect(page).toContain('Ada Marlow');
  });

  test('is embargoed like its main text, and shows no withdrawn text', () => {
    const { detail } = only(
      composite(
        { main: group('m1', { embargoed: '2026-06-02T10:00:00+00:00' }) },
        { embargoed: '2026-06-01T10:00:00+00:00' },
      ),
    );
    expect(detail.article.embargoedUntil).toBe('2026-06-02T10:00:00+00:00');
    const withdrawn = only(composite({ main: group('m1', { pubstatus: 'canceled' }) }));
    expect(JSON.stringify(withdrawn)).not.toContain('Text of m1');
  });

  test('expires with its main text, and has that text’s associations', async () => {
    const picture = superdeskPicture('p1', { embargoed: '2030-01-01T00:00:00+0000' });
    const main = group('m1', {
      expires: '2026-06-02T10:00:00+00:00',
      body_html: `<p>Text.</p>${superdeskEmbed('editor_1', 'secret')}`,
      associations: { editor_1: picture },
    });
    const item = composite({ main, 'sidebars-0': group('s1', { expires: '2026-06-01T10:00:00+00:00' }) });
    const [shown] = read(item);
    const article = shown?.detail.article;
    expect(article).toMatchObject({
      expires: '2026-06-02T10:00:00+00:00',
      associations: [{ name: 'sidebars-0', expires: '2026-06-01T10:00:00+00:00' }, { name: 'editor_1' }],
    });
    const page = await pageOf(await pages(item), superdeskUri('pkg'));
    expect(page).toContain('Text.');
    expect(page).not.toContain('secret');
  });

  test('shows no text that has expired, at receipt or later', async () => {
    const past = new Date(noon - 3_600_000).toISOString();
    const soon = new Date(noon + 3_600_000).toISOString();
    const pipeline = await pages(
      composite({
        'main-0': group('m1', { expires: past }),
        'main-1': group('m2', { expires: soon }),
        'main-2': group('m3'),
      }),
    );
    const texts = async (): Promise<string[]> =>
      (await pageOf(pipeline, superdeskUri('pkg'))).match(/Text of m\d/g) ?? [];
    expect(await texts()).toEqual(['Text of m2', 'Text of m3']);
    await pipeline.pass(3_700_000);
    expect(await texts()).toEqual(['Text of m3']);
  });

  test('that is embargoed leaves out texts that expire, with a warning', () => {
    const [soon, later] = [1, 2].map((days) => new Date(noon + days * 86_400_000).toISOString());
    const { detail } = only(composite({ main: group('m1', { expires: later }) }, { embargoed: soon }));
    expect(detail.article.bodies).toBeUndefined();
    expect(detail.warnings).toMatchObject([{ path: 'associations' }]);
  });

  test('with references only is a page of links', () => {
    const { detail } = only(
      composite({ main: { guid: 'urn:a', type: 'text' }, 'sidebars-0': { guid: 'urn:b', type: 'text' } }),
    );
    expect(detail.article.bodies).toBeUndefined();
    expect(detail.article.associations?.map(({ uri }) => uri)).toEqual([
      'superdesk:main/urn:a',
      'superdesk:main/urn:b',
    ]);
  });
});

test('a correction is marked as such', async () => {
  const signal = [{ code: 'corr', name: 'Correction', scheme: 'http://cv.iptc.org/newscodes/signal/' }];
  const page = await pageOf(await pages(superdeskItem('u1', { signal })), superdeskUri('u1'));
  expect(page).toContain('class="correction"');
  const legal = [{ code: 'cwarn', name: 'Content Warning', scheme: 'http://cv.iptc.org/newscodes/signal/' }];
  expect(await pageOf(await pages(superdeskItem('u1', { signal: legal })), superdeskUri('u1'))).not.toContain(
    'class="correction"',
  );
});

test('markup in a headline is removed, and the path is made from the newsroom’s pattern', () => {
  const { detail } = only(superdeskItem('u1', { headline: '<p>Ferry <b>late</b> &amp; full</p>' }), {
    superdesk: { path: '/news/{slugline}' },
  });
  expect(detail.article.headlines).toMatchObject([{ value: 'Ferry late & full' }]);
  expect(detail.path).toBe('/news/story-u1');
});

test('a guid with spaces becomes a valid uri', () => {
  expect(only(superdeskItem('u1', { guid: 'an id' })).detail.article.uri).toBe('superdesk:main/an%20id');
});

describe('the files of an item of any type that may not be shown are removed from the text', () => {
  const embargoed = '2030-01-01T00:00:00+0000';
  const file = 'https://media.example.com/secret.jpg';
  const picture = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
    ...superdeskPicture('p1', more),
    renditions: { original: { href: file } },
  });
  const gallery = (more: Record<string, unknown>, inner: Record<string, unknown> = {}): Record<string, unknown> => ({
    guid: 'urn:gallery',
    type: 'composite',
    associations: { a: picture(inner) },
    ...more,
  });

  test.each<[string, Record<string, unknown>]>([
    ['an embargoed gallery', gallery({ embargoed })],
    ['a canceled gallery', gallery({ pubstatus: 'canceled' })],
    ['a gallery that has expired', gallery({ expires: '2026-01-01T00:00:00+0000' })],
    ['an embargoed picture in a gallery', gallery({}, { embargoed })],
    ['a gallery in a gallery', gallery({ associations: { inner: gallery({}, { embargoed }) } })],
    ['an item without type', picture({ type: undefined, embargoed })],
    ['an item of an unknown type', picture({ type: 'Picture', embargoed })],
    ['a text', picture({ type: 'text', embargoed })],
    ['a text with an embargoed picture', superdeskItem('u2', { associations: { a: picture({ embargoed }) } })],
  ])('%s', async (_, item) => {
    const body = `<p>Text.</p><img src="${file}">`;
    for (const story of [
      superdeskItem('u1', { body_html: body, associations: { item } }),
      superdeskItem('u1', {
        type: 'composite',
        body_html: undefined,
        associations: { main: superdeskItem('m1', { body_html: body, associations: { item } }) },
      }),
    ]) {
      const page = await pageOf(await pages(story), superdeskUri('u1'));
      expect(page).toContain('Text.');
      expect(page).not.toContain('secret');
    }
  });

  test('and no link that may be shown repeats them', () => {
    const { associations } = only(superdeskItem('u1', { associations: { a: superdeskItem('u2'), g: gallery({}) } }))
      .detail.article;
    expect(associations?.map(({ renditions, bodies, associations: held }) => [renditions, bodies, held])).toEqual([
      [undefined, undefined, undefined],
      [undefined, undefined, undefined],
    ]);
  });
});

describe('an item that is twice among the associations', () => {
  const embargoed = '2030-01-01T00:00:00+0000';

  test.each<[Record<string, unknown>, Record<string, unknown>, Record<string, unknown>]>([
    [{}, { embargoed }, { embargoedUntil: embargoed }],
    [{ embargoed }, { embargoed: '2026-06-01T10:00:00+0000' }, { embargoedUntil: embargoed }],
    [{ embargoed }, { embargoed: 'soon' }, { embargoedUntil: 'soon' }],
    [{ pubstatus: 'withheld' }, { pubstatus: 'canceled' }, { pubStatus: 'canceled' }],
    [{ pubstatus: 'canceled' }, { pubstatus: 'usable' }, { pubStatus: 'canceled' }],
    [{ expires: embargoed }, { expires: '2026-06-01T10:00:00+0000' }, { expires: '2026-06-01T10:00:00+0000' }],
  ])('%j and %j: has the stricter state of the two', (first, second, expected) => {
    const twice = { featuremedia: superdeskPicture('p1', first), editor_1: superdeskPicture('p1', second) };
    const { associations } = only(superdeskItem('u1', { associations: twice })).detail.article;
    expect(associations).toMatchObject([{ name: 'featuremedia', ...expected }]);
  });

  test('has the files of both', async () => {
    const one = superdeskPicture('p1');
    const other = {
      ...superdeskPicture('p1', { embargoed }),
      renditions: { original: { href: 'https://media.example.com/secret.jpg' } },
    };
    const pipeline = await pages(
      superdeskItem('u1', {
        body_html: '<p>Text.</p><img src="https://media.example.com/secret.jpg">',
        associations: { featuremedia: one, editor_1: other },
      }),
    );
    const page = await pageOf(pipeline, superdeskUri('u1'));
    expect(page).not.toContain('secret');
    expect(imagesIn(page)).toEqual([]);
  });
});
