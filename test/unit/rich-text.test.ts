import { describe, expect, test } from '@jest/globals';
import { escapeHtml } from '../../shared/article/html.ts';
import { fieldsOf } from '../../shared/cms/collection-fields.ts';
import { htmlOfBody } from '../../shared/cms/rich-text.ts';
import { settingsOf, sourceNamed } from '../../shared/cms/sources.ts';
import type { Command } from '../../shared/cms/command.ts';
import { readWebhook } from '../../shared/cms/source.ts';
import { directusItem, strapiEntry, wordpressPost } from '../fixtures/cms/newsroom.ts';
import { noon } from './story.ts';

const url = 'https://cms.example.com';
const text = (value: string, more: Record<string, unknown> = {}): unknown => ({ type: 'text', text: value, ...more });

function read(name: string, payload: unknown, fields: Readonly<Record<string, string>> = {}): Command['detail'] {
  const source = sourceNamed(name);
  if (!source) throw new Error(name);
  const reading = readWebhook(source, payload, settingsOf(source, { [name]: { url, fields } }), {
    receivedAt: noon,
    headers: {},
  });
  if ('issues' in reading || !reading.commands[0]) throw new Error(JSON.stringify(reading));
  return reading.commands[0].detail;
}

describe('a body', () => {
  test.each<[string, unknown, string]>([
    ['HTML as it is', '<p>a</p>\n<p>b</p>', '<p>a</p>\n<p>b</p>'],
    [
      'Markdown',
      '## A\n\nOne **two** [three](https://x.example/)\n\n- a\n- b',
      '<h2>A</h2>\n<p>One <strong>two</strong> <a href="https://x.example/">three</a></p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>',
    ],
    ['plain text', 'One < two\n\nThree & four', '<p>One &lt; two</p>\n<p>Three &amp; four</p>'],
    [
      'a paragraph',
      [{ type: 'paragraph', children: [text('a', { bold: true, italic: true }), text(' <b>\nc')] }],
      '<p><em><strong>a</strong></em> &lt;b&gt;<br>c</p>',
    ],
    [
      'a heading',
      [
        { type: 'heading', level: 1, children: [text('A')] },
        { type: 'heading', level: 4, children: [text('B')] },
      ],
      '<h2>A</h2><h4>B</h4>',
    ],
    [
      'lists',
      [
        {
          type: 'list',
          format: 'ordered',
          children: [
            { type: 'list-item', children: [text('a')] },
            { type: 'list', format: 'unordered', children: [{ type: 'list-item', children: [text('b')] }] },
          ],
        },
      ],
      '<ol><li>a</li><ul><li>b</li></ul></ol>',
    ],
    [
      'a quotation, code and an empty line',
      [
        { type: 'quote', children: [text('a')] },
        { type: 'code', children: [text('1 < 2')] },
        { type: 'paragraph', children: [text('')] },
      ],
      '<blockquote><p>a</p></blockquote><pre><code>1 &lt; 2</code></pre>',
    ],
    [
      'a link',
      [{ type: 'paragraph', children: [{ type: 'link', url: 'https://x.example/?a=1&b="', children: [text('a')] }] }],
      '<p><a href="https://x.example/?a=1&amp;b=&quot;">a</a></p>',
    ],
    [
      'an image',
      [
        {
          type: 'image',
          image: { url: '/uploads/a.jpg', alternativeText: 'An "a"', caption: 'A' },
          children: [text('')],
        },
      ],
      '<figure><img src="https://cms.example.com/uploads/a.jpg" alt="An &quot;a&quot;"><figcaption>A</figcaption></figure>',
    ],
    [
      'the components of a dynamic zone',
      [
        { __component: 'shared.rich-text', id: 1, body: 'One **two**' },
        { __component: 'shared.quote', id: 2, title: 'Ada', body: 'Said.' },
        {
          __component: 'shared.media',
          id: 3,
          file: { url: '/uploads/a.jpg', mime: 'image/jpeg', alternativeText: 'A' },
        },
        {
          __component: 'shared.slider',
          id: 4,
          files: [{ url: '/uploads/b.jpg' }, { url: '/uploads/c.pdf', mime: 'application/pdf', name: 'Report.pdf' }],
        },
        { __component: 'shared.seo', id: 5, metaTitle: 'For machines' },
      ],
      '<p>One <strong>two</strong></p><blockquote><p>Said.</p><p>Ada</p></blockquote><figure><img src="https://cms.example.com/uploads/a.jpg" alt="A"></figure><figure><img src="https://cms.example.com/uploads/b.jpg" alt=""></figure><p><a href="https://cms.example.com/uploads/c.pdf">Report.pdf</a></p>',
    ],
    [
      'components of the newsroom’s own, by their fields',
      [
        { __component: 'shared.embed', id: 1, url: 'https://video.example/1', caption: 'Watch <it>' },
        {
          __component: 'shared.fact-box',
          id: 2,
          heading: 'The facts',
          text: [{ type: 'paragraph', children: [text('One.')] }],
          style: 'dark',
          entries: [{ id: 1, title: 'First', body: 'Two.' }],
        },
        { __component: 'shared.photo', id: 3, file: { url: '/uploads/a.jpg', caption: 'Library' }, caption: 'Ours' },
      ],
      '<p><a href="https://video.example/1">Watch &lt;it&gt;</a></p><h2>The facts</h2><p>One.</p><h2>First</h2><p>Two.</p><figure><img src="https://cms.example.com/uploads/a.jpg" alt=""><figcaption>Ours</figcaption></figure>',
    ],
    [
      'the blocks of Editor.js',
      {
        time: 1,
        version: '2.31.4',
        blocks: [
          { id: 'a', type: 'header', data: { text: 'A &amp; B', level: 1 } },
          { id: 'b', type: 'paragraph', data: { text: 'One <b>two</b>' } },
          { id: 'c', type: 'paragraph', data: { text: '' } },
          {
            id: 'd',
            type: 'nestedlist',
            data: { style: 'ordered', items: [{ content: 'a', items: [{ content: 'b', items: [] }] }] },
          },
          { id: 'e', type: 'checklist', data: { items: [{ text: 'c', checked: true }] } },
          { id: 'f', type: 'list', data: { style: 'unordered', items: ['d'] } },
          { id: 'g', type: 'quote', data: { text: 'Said.', caption: 'Ada', alignment: 'left' } },
          { id: 'h', type: 'code', data: { code: '1 < 2' } },
          { id: 'i', type: 'image', data: { file: { url: '/assets/a', title: 'A' }, caption: 'Picture <i>A</i>' } },
          { id: 'j', type: 'attaches', data: { file: { url: '/assets/b', name: 'b.pdf' }, title: '' } },
          { id: 'k', type: 'embed', data: { service: 'youtube', source: 'https://video.example/1', caption: 'Watch' } },
          { id: 'l', type: 'table', data: { withHeadings: true, content: [['A'], ['1']] } },
          { id: 'm', type: 'toggle', data: { text: 'More' } },
          { id: 'n', type: 'delimiter', data: {} },
          { id: 'o', type: 'raw', data: { html: '<p>Raw</p>' } },
        ],
      },
      '<h2>A &amp; B</h2><p>One <b>two</b></p><ol><li>a<ol><li>b</li></ol></li></ol><ul><li>c</li></ul><ul><li>d</li></ul><blockquote><p>Said.</p><p>Ada</p></blockquote><pre><code>1 &lt; 2</code></pre><figure><img src="https://cms.example.com/assets/a" alt="A"><figcaption>Picture <i>A</i></figcaption></figure><p><a href="https://cms.example.com/assets/b">b.pdf</a></p><p><a href="https://video.example/1">https://video.example/1</a></p><p>Watch</p><table><tbody><tr><th>A</th></tr><tr><td>1</td></tr></tbody></table><p><strong>More</strong></p><hr><p>Raw</p>',
    ],
    [
      'files of the CMS',
      '<p><a href="/uploads/a.pdf">a</a> <a href="/news/b">b</a><img srcset="/assets/a 1x, /assets/b 2x" src="/assets/a"></p>',
      '<p><a href="https://cms.example.com/uploads/a.pdf">a</a> <a href="/news/b">b</a><img srcset="https://cms.example.com/assets/a 1x, https://cms.example.com/assets/b 2x" src="https://cms.example.com/assets/a"></p>',
    ],
  ])('%s', (_, body, html) => {
    expect(htmlOfBody(body, url)).toBe(html);
  });

  test.each([
    ['<img src=/uploads/a.jpg>', '<img src="https://cms.example.com/uploads/a.jpg">'],
    ['<img title="1 > 0" src="/assets/a">', '<img title="1 &gt; 0" src="https://cms.example.com/assets/a">'],
    ['<p title="<img src=\'/uploads/a\'>">/uploads/</p>', '<p title="&lt;img src=\'/uploads/a\'&gt;">/uploads/</p>'],
  ])('names files as a browser reads it: %s', (body, html) => {
    expect(htmlOfBody(body, url)).toBe(html);
  });

  test('with more elements than a story may have is left to the sanitiser, which rejects it', () => {
    const body = '<a href="/uploads/a">'.repeat(200_000);
    expect(htmlOfBody(body, url)).toBe(body);
  });

  test('with more than two hundred tables is shown as it is written', () => {
    const body = 'a|b\n-|-\n'.repeat(1000);
    expect(htmlOfBody(body, url)).toBe(body);
  });

  test('with some hundred marks in a paragraph is formatted', () => {
    const html = htmlOfBody('_a_ **b** ~~c~~ d! '.repeat(60), url);
    expect(html?.match(/<em>|<strong>|<del>/g)).toHaveLength(180);
  });

  // From each of these signs, `marked` searches the rest of the paragraph.
  test.each(['_a', '**a*', '~~a', '!', '<?'])(
    'with thousands of %s in one paragraph is shown as it is written',
    (sign) => {
      const body = `x${sign.repeat(4000)} **b**`;
      expect(htmlOfBody(body, url)).toBe(`<p>${escapeHtml(body)}</p>`);
    },
  );

  test.each([[5], [{}], [[5]], [[{ type: 'unheard-of' }]], [null]])('of an unknown kind is undefined: %j', (body) => {
    expect(htmlOfBody(body, url)).toBeUndefined();
  });

  test.each<[string, unknown, string[]]>([
    [
      'a component',
      [
        { __component: 'shared.rich-text', id: 1, body: 'One' },
        { __component: 'shared.seo', id: 2, metaTitle: 'For machines', theme: 'dark', colour: '#ffeedd' },
      ],
      ['1.metaTitle'],
    ],
    ['a block', [{ type: 'paragraph', children: [text('a'), { type: 'poll' }] }], ['0.children.1']],
    [
      'a block of Editor.js',
      {
        blocks: [
          { type: 'paragraph', data: { text: 'a' } },
          { type: 'poll', data: {} },
        ],
      },
      ['blocks.1'],
    ],
  ])('names %s that it cannot show', (_, body, expected) => {
    const paths: string[] = [];
    expect(htmlOfBody(body, url, (path) => paths.push(path))).toBeDefined();
    expect(paths).toEqual(expected);
  });

  test('of Editor.js that is nested too deep ends', () => {
    let item: unknown = { content: 'a' };
    for (let depth = 0; depth < 1000; depth += 1) item = { content: '', items: [item] };
    expect(htmlOfBody({ blocks: [{ type: 'list', data: { items: [item] } }] }, url)).toMatch(/^(?:<ul><li>)+/);
  });

  test('that is nested too deep ends', () => {
    let block: unknown = text('a');
    for (let depth = 0; depth < 1000; depth += 1) block = { type: 'list-item', children: [block] };
    expect(htmlOfBody([block], url)).toMatch(/^(?:<li>)+(?:<\/li>)+$/);
  });

  test('that cannot be read is left out, and the story is accepted', () => {
    const entry = strapiEntry(1, 's1', { body: [{ type: 'unheard-of' }], locale: 'en' });
    const detail = read('strapi', {
      event: 'entry.publish',
      createdAt: '2026-03-02T08:00:00Z',
      model: 'article',
      entry,
    });
    expect(detail.article.bodies).toBeUndefined();
    expect(detail.warnings).toMatchObject([{ path: 'entry.body' }]);
  });
});

describe('a field that is named by its path', () => {
  test('reads related entries, and lists of them', () => {
    const item = directusItem('d1', {
      title: null,
      translations: [
        { languages_code: 'en-GB', title: 'Hello', body: 'Some *text*' },
        { languages_code: 'fr-FR', title: 'Bonjour' },
      ],
      authors: [
        { directus_users_id: { first_name: 'Ada', last_name: 'Marlow' } },
        { directus_users_id: { first_name: 'Jon', last_name: null } },
      ],
      topics: [{ topics_id: { name: 'Grain' } }, { topics_id: { name: 'Ports' } }],
    });
    const { article } = read('directus', item, {
      title: 'translations.title',
      body: 'translations.body',
      author: 'authors.directus_users_id.first_name authors.directus_users_id.last_name',
      tags: 'topics.topics_id',
    });
    expect(article).toMatchObject({
      headlines: [{ value: 'Hello' }],
      bodies: [{ value: '<p>Some <em>text</em></p>' }],
      people: [{ name: 'Ada Marlow' }, { name: 'Jon' }],
    });
    expect(article.subjects?.flatMap(({ rel, name }) => (rel === 'about' ? name : []))).toEqual(['Grain', 'Ports']);
  });

  test('reads the names of a Directus user as an author', () => {
    const item = directusItem('d1', { author: { id: 'u', first_name: 'Ada', last_name: 'Marlow' } });
    expect(read('directus', item).article.by).toBe('Ada Marlow');
  });

  test('is an issue if it decides when a story is shown, and is absent', () => {
    const settings = {
      ...settingsOf(
        sourceNamed('strapi') ??
          (() => {
            throw new Error('none');
          })(),
        {},
      ),
      fields: { embargo: 'dates.embargo' },
    };
    expect(fieldsOf({}, settings, []).issues()).toMatchObject([{ path: 'dates.embargo' }]);
    expect(fieldsOf({ dates: {} }, settings, []).issues()).toMatchObject([{ path: 'dates.embargo' }]);
    expect(fieldsOf({ dates: { embargo: null } }, settings, []).issues()).toEqual([]);
  });
});

describe('the author of a WordPress post', () => {
  const by = (more: Record<string, unknown>): unknown =>
    read('wordpress', {
      hook: 'wp_after_insert_post',
      rest: wordpressPost(11, more),
      new_status: 'publish',
      old_status: null,
    }).article.by;

  test.each<[string, Record<string, unknown>, string]>([
    [
      'PublishPress Authors',
      { authors: [{ display_name: 'Guest One' }, { display_name: 'Guest &amp; Two' }] },
      'Guest One, Guest & Two',
    ],
    ['Co-Authors Plus, by objects', { coauthors: [{ display_name: 'Guest One' }] }, 'Guest One'],
    ['Co-Authors Plus, by ids alone', { coauthors: [4, 5] }, 'Jon Bright'],
    [
      'both plugins with one person',
      { authors: [{ display_name: 'Guest One' }], coauthors: [{ display_name: 'Guest One' }] },
      'Guest One',
    ],
    ['no plugin', {}, 'Jon Bright'],
    ['an unreadable list of authors', { authors: 'Guest' }, 'Jon Bright'],
  ])('%s', (_, more, expected) => {
    expect(by(more)).toBe(expected);
  });
});
