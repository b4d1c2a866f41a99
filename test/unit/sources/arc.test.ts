import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { verify } from '../../../shared/cms/signature.ts';
import type { Command } from '../../../shared/cms/command.ts';
import { readWebhook } from '../../../shared/cms/source.ts';
import { settingsOf } from '../../../shared/cms/sources.ts';
import { arc } from '../../../shared/cms/sources/arc.ts';
import { arcEvent, arcImage, arcStory } from '../../fixtures/cms/arc.ts';
import { noon } from '../story.ts';

const read = (payload: unknown, sections: Readonly<Record<string, string>> = {}): ReturnType<typeof arc.read> =>
  readWebhook(arc, payload, settingsOf(arc, { arc: { sections } }), { receivedAt: noon, headers: {} });

function command(payload: unknown, sections?: Readonly<Record<string, string>>): Command {
  const result = read(payload, sections);
  if (!('commands' in result) || result.commands[0] === undefined) throw new Error(JSON.stringify(result));
  return result.commands[0];
}
const updated = (overrides: Record<string, unknown>): unknown => arcEvent('update', 5, arcStory('A1', overrides)).body;

test('reads a story’s headline, sections, people, lead picture, path and time of publication', () => {
  expect(command(updated({}))).toEqual({
    type: 'article.published',
    detail: {
      path: '/world/2026/03/02/story-a1',
      revision: 299_880,
      article: {
        uri: 'arc:main/A1',
        type: 'text',
        versionCreated: '2026-03-02T10:00:00.120Z',
        pubStatus: 'usable',
        firstPublished: '2026-03-02T10:00:00.000Z',
        language: 'en-GB',
        headlines: [{ role: 'main', value: 'Story A1' }],
        descriptions: [{ role: 'standfirst', contentType: 'text/plain', value: 'Standfirst of A1' }],
        bodies: [
          {
            role: 'main',
            contentType: 'text/html',
            value: '<p>Body of A1.</p>\n<h3>What next</h3>\n<ul><li>First</li></ul>',
          },
        ],
        by: 'Ada Marlow',
        people: [{ rel: 'author', name: 'Ada Marlow' }],
        subjects: [
          { rel: 'section', literal: 'world', name: 'World' },
          { rel: 'about', name: 'Grain' },
        ],
        genres: [{ name: 'Explainer' }],
        associations: [
          {
            type: 'picture',
            name: 'lead',
            by: 'Lou Chen/Harbour Press',
            headlines: [{ role: 'main', value: 'Alt of p-A1' }],
            descriptions: [{ role: 'caption', contentType: 'text/plain', value: 'Caption of p-A1' }],
            renditions: [
              {
                name: 'original',
                href: 'https://cloudfront-eu-central-1.images.arcpublishing.com/harbour/p-A1.jpg',
                width: 2048,
                height: 1365,
              },
            ],
          },
        ],
      },
    },
  });
});

const bodies: [string, Record<string, unknown>, string][] = [
  ['text', { type: 'text', content: 'A <b>b</b>' }, '<p>A <b>b</b></p>'],
  ['empty text', { type: 'text', content: '' }, ''],
  ['raw_html', { type: 'raw_html', content: '<aside>a</aside>' }, '<aside>a</aside>'],
  ['header without a level', { type: 'header', content: 'a' }, '<h2>a</h2>'],
  ['blockquote', { type: 'blockquote', content: 'a' }, '<blockquote>a</blockquote>'],
  ['code', { type: 'code', content: 'a < b' }, '<pre><code>a &lt; b</code></pre>'],
  ['divider', { type: 'divider' }, '<hr>'],
  [
    'list within a list',
    {
      type: 'list',
      list_type: 'ordered',
      items: [
        { type: 'text', content: 'a' },
        { type: 'list', list_type: 'unordered', items: [{ type: 'text', content: 'b' }] },
      ],
    },
    '<ol><li>a</li><li><ul><li>b</li></ul></li></ol>',
  ],
  [
    'quote',
    { type: 'quote', content_elements: [{ type: 'text', content: 'a' }], citation: { type: 'text', content: 'b' } },
    '<blockquote><p>a</p><cite>b</cite></blockquote>',
  ],
  [
    'table',
    {
      type: 'table',
      header: [{ type: 'text', content: 'a' }],
      rows: [[{ type: 'text', content: 'b' }], { cells: [{ type: 'text', content: 'c' }] }],
    },
    '<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr><tr><td>c</td></tr></tbody></table>',
  ],
  [
    'correction',
    { type: 'correction', correction_type: 'clarification', text: 'a' },
    '<p><strong>Clarification:</strong> a</p>',
  ],
  [
    'element_group',
    { type: 'element_group', content_elements: [{ type: 'text', content: 'a' }] },
    '<div><p>a</p></div>',
  ],
  [
    'interstitial_link',
    { type: 'interstitial_link', url: 'https://x.example/?a=1&b=2', content: 'Read more' },
    '<p><a href="https://x.example/?a=1&amp;b=2">Read more</a></p>',
  ],
  [
    'link_list',
    { type: 'link_list', title: 'More', items: [{ type: 'interstitial_link', url: '/a', content: 'A' }] },
    '<h3>More</h3><ul><li><a href="/a">A</a></li></ul>',
  ],
  [
    'link_list with descriptions',
    { type: 'link_list', items: [{ url: '/a', content: 'A', description: { type: 'text', content: 'On <i>a</i>' } }] },
    '<ul><li><a href="/a">A</a><p>On <i>a</i></p></li></ul>',
  ],
  [
    'oembed_response',
    { type: 'oembed_response', raw_oembed: { url: 'https://x.example/1', html: '<blockquote>a</blockquote>' } },
    '<blockquote>a</blockquote>',
  ],
  [
    'image',
    arcImage('i1'),
    '<figure><img src="https://cloudfront-eu-central-1.images.arcpublishing.com/harbour/i1.jpg" alt="Alt of i1" width="2048" height="1365"><figcaption>Caption of i1 Lou Chen/Harbour Press</figcaption></figure>',
  ],
  [
    'video',
    {
      type: 'video',
      headlines: { basic: 'Watch' },
      streams: [
        { url: 'https://v.example/s.mp4', width: 320 },
        { url: 'https://v.example/l.mp4', width: 1280 },
        { url: 'https://v.example/l.m3u8', width: 1920 },
      ],
    },
    '<p><a href="https://v.example/l.mp4">Watch</a></p>',
  ],
  [
    'audio with a description',
    {
      type: 'audio',
      headlines: { basic: 'A' },
      description: { basic: 'B' },
      streams: [{ url: 'https://v.example/a.mp3' }],
    },
    '<p><a href="https://v.example/a.mp3">A</a></p><p>B</p>',
  ],
  [
    'gallery',
    {
      type: 'gallery',
      headlines: { basic: 'The pier' },
      description: { basic: 'In 1886' },
      content_elements: [arcImage('g1', { caption: '', credits: {}, vanity_credits: { by: [{ name: 'V' }] } })],
    },
    '<h3>The pier</h3><p>In 1886</p>\n<figure><img src="https://cloudfront-eu-central-1.images.arcpublishing.com/harbour/g1.jpg" alt="Alt of g1" width="2048" height="1365"><figcaption>V</figcaption></figure>',
  ],
  ['content_zone', { type: 'content_zone' }, ''],
];

describe('the body of a story', () => {
  test.each(bodies)('has an element of type %s', (_, element, html) => {
    const { detail } = command(updated({ content_elements: [element] }));
    expect(detail.article.bodies?.[0]?.value ?? '').toBe(html);
    expect(detail.warnings).toBeUndefined();
  });

  test('leaves out unknown elements and names them', () => {
    const { detail } = command(
      updated({
        content_elements: [
          { type: 'text', content: 'a' },
          { type: 'custom_embed', embed: { id: '1' } },
        ],
        headlines: { basic: 'Story', web: 'For the web' },
        description: { basic: 'Also' },
      }),
    );
    expect(detail.warnings?.map(({ path }) => path)).toEqual([
      'content_elements.1',
      'headlines.web',
      'description.basic',
    ]);
  });

  test('leaves out a picture without an address, and names it', () => {
    const { detail } = command(updated({ content_elements: [{ type: 'image', caption: 'The pier' }] }));
    expect(detail.warnings).toMatchObject([{ path: 'content_elements.0.url' }]);
  });

  test('is read to a limited depth', () => {
    const nested = (depth: number): unknown =>
      depth === 0
        ? { type: 'text', content: 'deep' }
        : { type: 'element_group', content_elements: [nested(depth - 1)] };
    const { detail } = command(updated({ content_elements: [nested(5_000)] }));
    expect(detail.warnings).toHaveLength(1);
  });
});

test('shows the corrections, the place, the copyright and the related stories of a story', () => {
  const { article, warnings } = command(
    updated({
      corrections: [
        { type: 'correction', correction_type: 'correction', text: 'Ada, not <i>Eda</i>.' },
        { type: 'correction', text: 'On Friday.' },
      ],
      location: 'Lima',
      copyright: '© Harbour',
      related_content: {
        basic: [
          arcStory('B2'),
          { type: 'reference', referent: { type: 'story', id: 'C3' } },
          { type: 'video', _id: 'V' },
        ],
        redirect: [{ type: 'redirect', redirect_url: '/x' }],
      },
    }),
  ).detail;
  expect(article).toMatchObject({
    located: 'Lima',
    copyrightNotice: '© Harbour',
    descriptions: [
      { role: 'standfirst' },
      { role: 'correction', contentType: 'text/html', value: '<p>Ada, not <i>Eda</i>.</p><p>On Friday.</p>' },
    ],
    associations: [
      { type: 'picture' },
      { type: 'text', name: 'related', uri: 'arc:main/B2' },
      { type: 'text', name: 'related', uri: 'arc:main/C3' },
    ],
  });
  expect(warnings).toBeUndefined();
});

test('names the texts of a story that its page does not show', () => {
  const { detail } = command(
    updated({
      editor_note: 'Call the mayor',
      credits: { by: [{ name: 'Ada Marlow', bio: 'Short', long_bio: 'Long' }], photos_by: [{ name: 'Lou Chen' }] },
    }),
  );
  expect(detail.warnings?.map(({ path }) => path)).toEqual([
    'editor_note',
    'credits.by.0.bio',
    'credits.by.0.long_bio',
    'credits.photos_by',
  ]);
  expect(JSON.stringify(detail)).not.toContain('Call the mayor');
});

describe('the visibility of an Arc XP story', () => {
  const end = '2026-06-01T00:00:00Z';
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      'an embargo',
      { content_restrictions: { embargo: { active: true, end_time: end } } },
      { embargoedUntil: '2026-06-01T00:00:00.000Z' },
    ],
    ['an embargo that is not active', { content_restrictions: { embargo: { active: false, end_time: end } } }, {}],
    ['a date of publication ahead', { publish_date: end }, { embargoedUntil: '2026-06-01T00:00:00.000Z' }],
  ])('follows %s', (_, more, expected) => {
    const { article } = command(updated(more)).detail;
    expect(article.embargoedUntil).toBe(expected['embargoedUntil']);
  });

  test('is none while its embargo has no end, or its edition lacks the revision', () => {
    expect(command(updated({ content_restrictions: { embargo: { active: true } } })).type).toBe('article.unpublished');
    for (const revision of [{ published: false }, { published: true, editions: [] }])
      expect(read(updated({ revision }))).toEqual({ commands: [] });
    expect(read(updated({ revision: {}, additional_properties: { is_published: true } }))).toHaveProperty('commands.0');
    expect(read(updated({ revision: undefined }))).toEqual({
      issues: [expect.objectContaining({ path: 'body.revision.published' })],
    });
  });

  test.each([
    ['unpublish', 'article.unpublished'],
    ['delete', 'article.deleted'],
  ])('is none after %s, which wins over all earlier versions, and needs the id alone', (key, type) => {
    expect(command(arcEvent(key, 5, arcStory('A1')).body)).toMatchObject({ type, detail: { revision: 299_880 } });
    expect(command({ key: `story:${key}`, body: { _id: 'A1', type: 'story' } })).toEqual({
      type,
      detail: { article: { uri: 'arc:main/A1', versionCreated: new Date(noon).toISOString() } },
    });
  });
});

test('sections are mapped as the newsroom sets, and a story without an author has its agency', () => {
  const { article } = command(
    updated({ credits: { by: [] }, distributor: { category: 'wires', name: 'Harbour Wire' } }),
    { world: 'news/world' },
  ).detail;
  expect(article.by).toBe('Harbour Wire');
  expect(article.subjects?.[0]).toEqual({ rel: 'section', literal: 'news/world' });
});

test.each([
  ['no story', { key: 'story:update', body: 'x' }, 'body'],
  ['an id with a slash', { key: 'story:update', body: { ...arcStory('a/b') } }, 'body._id'],
  ['no time', updated({ last_updated_date: undefined }), 'body.last_updated_date'],
])('%s is an issue', (_, payload, path) => {
  expect(read(payload)).toEqual({ issues: [expect.objectContaining({ path })] });
});

test('the handler in docs/cms/arc.md signs the requests that it forwards', async () => {
  const received: { readonly headers: NodeJS.Dict<string | string[]>; readonly body: Buffer }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const [, program = ''] = /```js\n(.*?)```/s.exec(readFileSync('docs/cms/arc.md', 'utf8')) ?? [];
  const event = JSON.stringify({
    organizationId: 'harbour',
    ...(arcEvent('update', 5, arcStory('A1')).body as object),
  });
  const call = `${program}\nmodule.exports(${event});`;
  const env = { PRESSRUN_SECRET: 'a secret', PRESSRUN_URL: `http://127.0.0.1:${port}` };
  await promisify(execFile)(process.execPath, ['--input-type=commonjs', '-e', call], { env });
  server.close();
  const [{ headers, body } = { headers: {}, body: Buffer.of() }] = received;
  const signed = { headers: headers as Record<string, string>, body };
  expect(verify(arc.authentication, signed, ['a secret'], Date.now())).toBeDefined();
  expect(command(JSON.parse(body.toString())).detail.article.uri).toBe('arc:main/A1');
});

test('a picture without a story is ignored', () => {
  expect(read(arcEvent('update', 1, arcImage('i1')).body)).toEqual({ commands: [] });
});
