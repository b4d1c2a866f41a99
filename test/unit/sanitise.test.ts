import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { bodyHtmlOf } from '../../shared/article/body.ts';
import { plainTextOf, sanitise, sanitiseArticle } from '../../shared/article/sanitise.ts';
import { vectors } from '../fixtures/vectors.ts';
import { anyCharacter } from './any-character.ts';
import { story } from './story.ts';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The parser's view of a piece of HTML. */
function parsed(html: string): { elements: Element[]; text: string; comments: string[] } {
  const elements: Element[] = [];
  const comments: string[] = [];
  let text = '';
  const parser = new Parser({
    onopentag: (name, attributes) => elements.push({ name, attributes }),
    ontext: (data) => {
      text += data;
    },
    oncomment: (data) => comments.push(data),
    onprocessinginstruction: (_, data) => comments.push(data),
  });
  parser.end(html);
  return { elements, text, comments };
}

/** Allowed elements with their attributes: text, tables, figures, links. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  a: ['href', 'title', 'rel'],
  img: ['src', 'srcset', 'alt', 'width', 'height', 'title'],
  abbr: ['title'],
  dfn: ['title'],
  time: ['datetime'],
  ol: ['start', 'reversed', 'type'],
  li: ['value'],
  del: ['cite', 'datetime'],
  ins: ['cite', 'datetime'],
  q: ['cite'],
  blockquote: ['cite'],
  th: ['colspan', 'rowspan', 'scope', 'headers', 'abbr'],
  td: ['colspan', 'rowspan', 'headers'],
  ...Object.fromEntries(
    'p h2 h3 h4 ul dl dt dd cite figure figcaption em strong b i u s sup sub small mark br wbr hr pre code kbd samp var ruby rt rp bdi bdo table caption thead tbody tfoot tr div span details summary'
      .split(' ')
      .map((name) => [name, []]),
  ),
};

function expectHarmless(html: string): void {
  const { elements, comments } = parsed(html);
  expect(comments).toEqual([]);
  for (const { name, attributes } of elements) {
    expect(Object.keys(allowed)).toContain(name);
    for (const [attribute, value] of Object.entries(attributes)) {
      expect([...(allowed[name] ?? []), 'lang', 'dir', 'id']).toContain(attribute);
      if (attribute === 'id') expect(value).toMatch(/^user-content-/);
      if (attribute === 'href' || attribute === 'cite')
        expect(schemeOf(value)).toMatch(/^(?:https?|mailto|tel|relative)$/);
      if (attribute === 'src') expect(schemeOf(value)).toMatch(/^(?:https?|relative)$/);
      if (attribute === 'srcset')
        for (const candidate of value.split(',')) expect(schemeOf(candidate.trim())).toMatch(/^(?:https?|relative)$/);
    }
  }
}

/** As a browser sees it: white space and control characters inside a scheme do not count. */
function schemeOf(address: string): string {
  const seen = address.replace(/[\u0000-\u0020]/g, '');
  if (seen.startsWith('//') || seen.startsWith('\\')) return 'somewhere else';
  return /^([a-z][a-z0-9+.-]*):/i.exec(seen)?.[1]?.toLowerCase() ?? 'relative';
}

describe('hostile HTML', () => {
  test.each(vectors)('is harmless once sanitised: %j', (html) => {
    expectHarmless(sanitise(html));
    expectHarmless(sanitise(`<p>before ${html} after</p><p>next</p>`));
  });

  test('is harmless in any combination, and does not change when sanitised again', () => {
    const pieces = fc.oneof(
      fc.constantFrom(...vectors),
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '`',
        '&lt;',
        '&gt;',
        '&#x3c;',
        '<!--',
        '-->',
        '</',
        '/>',
        '<p>',
        '</p>',
        '<b',
        'onerror=',
        'javascript:',
        'src=',
        '\u0000',
        ']]>',
        '<![CDATA[',
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 6 }), (parts) => {
        const clean = sanitise(parts.join(''));
        expectHarmless(clean);
        expectHarmless(sanitise(clean));
      }),
      { numRuns: 1500 },
    );
  });

  test('loses the content of scripts, styles and frames, not only their tags', () => {
    expect(
      parsed(
        sanitise(
          '<p>a</p><script>alert(1)</script><style>p{}</style><noscript>n</noscript><template>t</template><svg><text>s</text></svg><p>b</p>',
        ),
      ).text,
    ).toBe('ab');
  });
});

describe('ordinary HTML', () => {
  test('does not change', () => {
    const html =
      '<p>A <strong>b</strong> <em>c</em> <a href="https://www.example.com/x?y=1&amp;z=2" title="t">d</a><br></p><h2>E</h2><ul><li>f</li></ul><blockquote>g</blockquote>' +
      '<figure><img src="https://pictures.example.com/h.jpg" alt="i" width="3" height="2"><figcaption>j</figcaption></figure>' +
      '<table><thead><tr><th scope="col">k</th></tr></thead><tbody><tr><td colspan="2">l</td></tr></tbody></table><p lang="de" dir="ltr">m</p>';
    expect(sanitise(html)).toBe(html);
  });

  test.each(['Übergröße', 'Smörgåsbord', 'blåbærsyltetøy', '港口大桥重新开放', 'الملعب', '👩‍👩‍👧‍👦', 'a < b & c'])(
    'keeps %s',
    (text) => {
      expect(parsed(sanitise(`<p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>`)).text).toBe(text);
    },
  );

  test('has no h1, because the page’s headline is one', () => {
    expect(sanitise('<h1>A</h1><h5>B</h5><h6>C</h6>')).toBe('<h2>A</h2><h4>B</h4><h4>C</h4>');
  });

  test('loses a first heading that repeats the headline, and keeps other headings', () => {
    expect(sanitise('<h1>The Headline </h1><p>a</p><h2>Another</h2>', 'The headline')).toBe('<p>a</p><h2>Another</h2>');
  });

  test('has a link in place of an embedded frame', () => {
    const { elements } = parsed(
      sanitise('<p>See:</p><iframe src="https://videos.example.com/7" allow="autoplay"></iframe>'),
    );
    expect(elements).toContainEqual({ name: 'a', attributes: { href: 'https://videos.example.com/7' } });
    expect(sanitise('<p>See <iframe></iframe><video src=""></video>that</p>')).toBe('<p>See that</p>');
  });

  test.each([
    ['words alone', ' just <b>words</b> ', '<p>just <b>words</b></p>'],
    ['nothing', ' <script>x</script> ', ''],
    ['a picture alone', '<img src="/a.jpg" />', '<p><img src="/a.jpg"></p>'],
    ['a paragraph that is only space', '<p>a</p><p>&nbsp;</p><p><br></p><p>b</p>', '<p>a</p><p>b</p>'],
    ...['h2', 'h3', 'h4', 'ul', 'ol', 'dl', 'blockquote', 'figure', 'table', 'pre'].map(
      (tag) => [tag, ` <${tag}></${tag}> `, `<${tag}></${tag}>`] as const,
    ),
    ['words and a paragraph', 'words<p>a</p>', '<p>words</p><p>a</p>'],
  ])('gets a paragraph around loose text: %s', (_, html, clean) => {
    expect(sanitise(html)).toBe(clean);
  });

  test('keeps a repeated headline that is not a heading', () => {
    expect(
      sanitise('<p>The headline</p><table><thead><tr><th>The headline</th></tr></thead></table>', ' The Headline'),
    ).toBe('<p>The headline</p><table><thead><tr><th>The headline</th></tr></thead></table>');
    expect(sanitise('<h3> </h3><p>a</p>')).toBe('<h3> </h3><p>a</p>');
  });

  test.each([
    ['<p>One</p><p>two</p>', 'One two'],
    ['One<br>two<br/>three<hr>four', 'One two three four'],
    ['<ul><li>One</li><li>two</li></ul><table><tr><td>three</td><th>four</th></tr></table>', 'One two three four'],
    ['<H2>One</H2>two<blockquote>three</blockquote>', 'One two three'],
    ['<b>O</b>n<i>e</i>, <a href="/x">two</a><pretty>three</pretty>', 'One, twothree'],
    ['5 &lt; 6 &amp; "7"', '5 < 6 & "7"'],
    ['<script>x</script><style>y</style>', ''],
  ])('is one line as plain text: %s', (html, text) => {
    expect(plainTextOf(html)).toBe(text);
  });
});

describe('a sanitised article', () => {
  test('has harmless HTML in every text, whatever content type announces it', () => {
    const hostile = '<p>kept</p><script>alert(1)</script><img src=x onerror=alert(1)>';
    const article = sanitiseArticle(
      story({
        bodies: [
          { role: 'main', contentType: 'text/html', value: hostile },
          { role: 'main', contentType: 'TEXT/HTML; charset=utf-8', value: hostile },
          { contentType: 'application/xhtml+xml', value: hostile },
          { role: 'bodyHtml', value: `text first ${hostile}` },
          { value: ` ${hostile}` },
          { value: `<!-- comment -->${hostile}` },
        ],
        descriptions: [{ role: 'standfirst', contentType: 'text/html', value: hostile }],
        associations: [
          { type: 'picture', descriptions: [{ role: 'caption', contentType: 'text/html', value: hostile }] },
        ],
      }),
    );
    const values = [
      ...(article.bodies ?? []),
      ...(article.descriptions ?? []),
      ...(article.associations ?? []).flatMap(({ descriptions = [] }) => descriptions),
    ].map(({ value }) => value);
    expect(values).toHaveLength(8);
    for (const value of values) {
      expectHarmless(value);
      expect(value).toContain('kept');
      expect(value).not.toContain('alert');
    }
  });

  test('has harmless HTML in its associations', () => {
    const article = sanitiseArticle(
      story({
        associations: [
          { type: 'text', bodies: [{ contentType: 'text/html', value: '<p>kept</p><script>alert(1)</script>' }] },
        ],
      }),
    );
    expect(JSON.stringify(article)).not.toContain('<script>');
  });

  test('has no body that is neither HTML nor plain text', () => {
    const { bodies } = sanitiseArticle(
      story({
        bodies: [
          { contentType: 'application/nitf+xml', value: '<nitf/>' },
          { contentType: 'application/rtf', value: '{\\rtf' },
          { contentType: 'text/plain', value: 'kept' },
        ],
      }),
    );
    expect(bodies).toEqual([{ contentType: 'text/plain', value: 'kept' }]);
  });

  test('has plain texts to the letter', () => {
    const said = story({ bodies: [{ contentType: 'text/plain', value: 'a < b & c <script>' }] });
    expect(sanitiseArticle(said).bodies).toEqual(said.bodies);
    expect(sanitiseArticle(said).headlines).toEqual(said.headlines);
  });

  test('has no heading that repeats its headline, except within associations', () => {
    const html = '<h2>Harbour bridge reopens after storm repairs</h2><p>a</p>';
    const within = { type: 'text', bodies: [{ contentType: 'text/html', value: html }] };
    const { bodies, associations } = sanitiseArticle(
      story({ bodies: [{ contentType: 'text/html', value: html }], associations: [within] }),
    );
    expect(bodies).toEqual([{ contentType: 'text/html', value: '<p>a</p>' }]);
    expect(associations).toEqual([within]);
  });

  test('has plain text in fields for plain text, even if they announce HTML', () => {
    const { headlines } = sanitiseArticle(
      story({
        headlines: [
          { contentType: 'text/html', value: '<p>One</p><p>&lt;two&gt;</p><script>x</script>' },
          { value: '<p>as it was</p>' },
          { contentType: 'text/plain', value: '<p>as it was</p>' },
        ],
      }),
    );
    expect(headlines).toEqual([
      { contentType: 'text/plain', value: 'One  <two>' },
      { value: '<p>as it was</p>' },
      { contentType: 'text/plain', value: '<p>as it was</p>' },
    ]);
  });

  test('has no nulls in lists and no links that are not web addresses, and loses nothing else', () => {
    const geoJSON = { type: 'Point', coordinates: [1, null], href: 'no link' };
    const odd = [{ value: 7 }, { value: '<b>x</b>', role: 7 }, { value: '<b>x</b>', contentType: 7 }, 'text', 7, true];
    const given = story({
      associations: [
        { uri: 'urn:p', renditions: [{ href: 'javascript:alert(1)', width: 1 }, { href: 'https://x.example/1.jpg' }] },
      ],
      more: { none: null, list: [null, 'kept', null], geoJSON, bodies: odd, descriptions: odd },
    });
    expect(sanitiseArticle(given)).toEqual({
      ...given,
      associations: [{ uri: 'urn:p', renditions: [{ width: 1 }, { href: 'https://x.example/1.jpg' }] }],
      more: { list: ['kept'], geoJSON, bodies: odd, descriptions: odd },
    });
  });
});

describe('the body of a page', () => {
  const ofPlain = (value: string): string => bodyHtmlOf(story({ bodies: [{ contentType: 'text/plain', value }] }));

  test('is the HTML body if there is one', () => {
    expect(
      bodyHtmlOf(
        story({
          bodies: [
            { contentType: 'text/plain', value: 'plain' },
            { contentType: 'text/html', value: '<p>html</p>' },
          ],
        }),
      ),
    ).toBe('<p>html</p>');
  });

  test('has paragraphs from plain text, at blank lines or else at each line', () => {
    expect(ofPlain('One\nstill one\n\nTwo\n \nThree')).toBe('<p>One<br />still one</p>\n<p>Two</p>\n<p>Three</p>');
    expect(ofPlain('One\nTwo\r\nThree\n')).toBe('<p>One</p>\n<p>Two</p>\n<p>Three</p>');
    expect(ofPlain(' \n\n ')).toBe('');
  });

  test('is harmless for any plain text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...vectors), fc.string({ unit: anyCharacter, maxLength: 10 })), {
          maxLength: 4,
        }),
        (parts) => {
          const { elements } = parsed(ofPlain(parts.join('\n')));
          for (const { name, attributes } of elements) {
            expect(['p', 'br']).toContain(name);
            expect(attributes).toEqual({});
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([
    'a < b and c > d',
    'if x<y then',
    'AT&T',
    'AT&amp;T',
    '5 &lt; 6',
    'the <title> element',
    'I <3 this',
    '<!-- not a comment to the writer -->',
    '"quotes" and \'more\'',
  ])('has plain text as it was written: %s', (text) => {
    expect(parsed(ofPlain(`Before ${text} after`)).text).toBe(`Before ${text} after`);
  });
});
