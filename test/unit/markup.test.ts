import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { accept } from '../../shared/article/accept.ts';
import { captionAndCredit } from '../../shared/article/caption.ts';
import { MarkupBudget, maxDepth } from '../../shared/article/html-tree.ts';
import { Cleaning, plainTextOf, sanitise, sanitiseArticle } from '../../shared/article/sanitise.ts';
import { embedAt } from '../../shared/site/embeds.ts';
import { vectors } from '../fixtures/vectors.ts';
import { assertFixed } from '../fuzz/sanitised.ts';
import { CallCounter } from './executed-calls.ts';
import { theme } from './newspaper.ts';
import { busEvent, story } from './story.ts';

describe('sanitised HTML is the same document to every HTML5 parser', () => {
  test.each(vectors)('of %j', (vector) => {
    for (const text of [vector, `<p>before ${vector} after</p><p>next</p>`]) assertFixed(sanitise(text));
  });
});

describe('text that browsers hide', () => {
  test.each([
    '<p hidden>S</p>',
    '<p HIDDEN="until-found">S</p>',
    '<div style="color:red; Display : none">S</div>',
    '<div style="visibility:hidden"><p>S</p></div>',
    '<dialog><p>S</p></dialog>',
    '<div popover="auto">S</div>',
  ])('is removed: %s', (hidden) => {
    expect(sanitise(`<p>a</p>${hidden}<p>b</p>`)).toBe('<p>a</p><p>b</p>');
  });

  test('is removed without the text that they show', () => {
    expect(sanitise('<dialog open>a</dialog><p style="display:block">b</p>')).toBe('<p>a</p><p>b</p>');
  });
});

describe('a custom element', () => {
  const link = (address: string): string => `<p><a href="${address}">${address}</a></p>`;

  test.each([
    [
      '<amp-youtube data-videoid="dQw4w9WgXcQ" width="480"></amp-youtube>',
      'https://www.youtube.com/watch?v=dQw4w9WgXcQ',
    ],
    ['<lite-youtube videoid="dQw4w9WgXcQ"></lite-youtube>', 'https://www.youtube.com/watch?v=dQw4w9WgXcQ'],
    ['<amp-vimeo data-videoid="76979871"></amp-vimeo>', 'https://vimeo.com/76979871'],
    ['<amp-dailymotion data-videoid="x8abcd1"></amp-dailymotion>', 'https://www.dailymotion.com/video/x8abcd1'],
    ['<amp-twitter data-tweetid="12"></amp-twitter>', 'https://x.com/i/status/12'],
    [
      '<amp-instagram data-shortcode="CxYz_12-3" data-captioned></amp-instagram>',
      'https://www.instagram.com/p/CxYz_12-3',
    ],
    ['<amp-tiktok data-src="7300000000000000001"></amp-tiktok>', 'https://www.tiktok.com/embed/7300000000000000001'],
    [
      '<amp-tiktok data-src="https://www.tiktok.com/@harbour/video/73"></amp-tiktok>',
      'https://www.tiktok.com/@harbour/video/73',
    ],
    [
      '<amp-soundcloud data-trackid="293"></amp-soundcloud>',
      'https://w.soundcloud.com/player/?url=https%3A%2F%2Fapi.soundcloud.com%2Ftracks%2F293',
    ],
    [
      '<amp-facebook data-href="https://www.facebook.com/harbour/videos/12345"></amp-facebook>',
      'https://www.facebook.com/harbour/videos/12345',
    ],
  ])('without text becomes a link that a page can show as content of its provider: %s', (element, address) => {
    expect(sanitise(`<p>a</p>${element}<p>b</p>`)).toBe(`<p>a</p>${link(address)}<p>b</p>`);
    expect(embedAt(theme, address, true)?.frame).toBeDefined();
  });

  test.each([
    [
      '<amp-iframe src="https://a.example/map"><amp-img placeholder src="https://a.example/m.png"></amp-img></amp-iframe>',
      'https://a.example/map',
    ],
    [
      '<amp-video><source src="https://a.example/v.mp4"><div fallback>No video</div></amp-video>',
      'https://a.example/v.mp4',
    ],
    ['<amp-audio src="https://a.example/s.mp3"></amp-audio>', 'https://a.example/s.mp3'],
    ['<press-chart data-url="https://a.example/chart"> </press-chart>', 'https://a.example/chart'],
  ])('of a player or of anything else becomes a link to it: %s', (element, address) => {
    expect(sanitise(element)).toBe(link(address));
  });

  test('is replaced by its text if it has any; a picture stays one', () => {
    expect(
      sanitise('<amp-twitter data-tweetid="12"><blockquote placeholder><p>Fog.</p></blockquote></amp-twitter>'),
    ).toBe('<blockquote><p>Fog.</p></blockquote>');
    expect(sanitise('<amp-img src="https://a.example/p.jpg" alt="Fog" width="4" height="3"></amp-img>')).toBe(
      '<p><img src="https://a.example/p.jpg" alt="Fog" width="4" height="3"></p>',
    );
    expect(sanitise('<p><x-mark>Fog</x-mark></p>')).toBe('<p>Fog</p>');
  });

  test('that shows nothing and names no address leaves a warning; advertising leaves none', () => {
    const value = [
      '<p>a</p><amp-brightcove data-video-id="1"></amp-brightcove><amp-youtube data-videoid="&quot;"></amp-youtube>',
      '<amp-ad type="a"></amp-ad><amp-analytics></amp-analytics><script></script>',
    ].join('');
    const article = story({ bodies: [{ role: 'main', contentType: 'text/html', value }] });
    const accepted = accept(busEvent('article.published', { article }), 'delivery');
    if (accepted.kind !== 'version') throw new Error(accepted.kind);
    const { content } = accepted.version;
    expect(content.article.bodies?.[0]?.value).toBe('<p>a</p>');
    expect(content.warnings).toEqual([
      ...['amp-brightcove', 'amp-youtube'].map((name) => ({
        path: 'article.bodies.0.value',
        message: `has ${name} without text and without the address of its content: nothing is shown of it`,
      })),
    ]);
  });
});

describe('the meaning of markup is kept', () => {
  test.each([
    [
      'deletions and insertions',
      '<p><del datetime="2026-05-01">a</del><ins>b</ins><strike>c</strike><s>d</s></p>',
      '<p><del datetime="2026-05-01">a</del><ins>b</ins><s>c</s><s>d</s></p>',
    ],
    [
      'how a list counts',
      '<ol start="3" reversed type="a"><li value="7">x</li></ol>',
      '<ol start="3" reversed="" type="a"><li value="7">x</li></ol>',
    ],
    [
      'the kind of a link',
      '<p><a href="https://a.example/" rel="noopener sponsored nofollow ugc" target="_blank">x</a></p>',
      '<p><a href="https://a.example/" rel="sponsored nofollow ugc">x</a></p>',
    ],
    [
      'where a link without a scheme leads',
      '<p><a href="//a.example/x">x</a></p>',
      '<p><a href="https://a.example/x">x</a></p>',
    ],
    [
      'notes at the foot',
      '<p>x<sup id="ref"><a href="#n1">1</a></sup></p><ol><li id="n1">y <a href="#ref">back</a></li></ol>',
      '<p>x<sup id="user-content-ref"><a href="#user-content-n1">1</a></sup></p><ol><li id="user-content-n1">y <a href="#user-content-ref">back</a></li></ol>',
    ],
    [
      'anchors by name, and in other scripts',
      '<p><a href="#caf%C3%A9">x</a></p><h2><a name="café"></a>y</h2>',
      '<p><a href="#user-content-caf%C3%A9">x</a></p><h2><span id="user-content-café"></span>y</h2>',
    ],
    [
      'no id that nothing points to, and no link to nothing',
      '<p id="p-8f3a">x <a href="#comments">y</a></p>',
      '<p>x y</p>',
    ],
    [
      'paragraphs without p',
      '<div>One</div><div>Two<section>Three</section></div><address>Four</address>',
      '<p>One</p><p>Two</p><p>Three</p><p>Four</p>',
    ],
    [
      'paragraphs within others',
      '<blockquote><div>One</div><div>Two</div></blockquote><ul><li><div>One</div></li></ul>',
      '<blockquote><p>One</p><p>Two</p></blockquote><ul><li>One</li></ul>',
    ],
    ['lines within a heading', '<h2><div>One</div><div>Two</div></h2>', '<h2>One<br>Two</h2>'],
    [
      'a link around paragraphs',
      '<a href="/x"><div>One</div><div>Two</div></a>',
      '<a href="/x"><p>One</p><p>Two</p></a>',
    ],
    [
      'captions of players',
      '<figure><video src="https://a.example/v.mp4" title="The bridge"><p>No player</p></video><figcaption>c</figcaption></figure>',
      '<figure><a href="https://a.example/v.mp4">The bridge</a><figcaption>c</figcaption></figure>',
    ],
    [
      'the source of a player',
      '<figure><audio><source src="https://a.example/a.mp3"></audio><figcaption>c</figcaption></figure>',
      '<figure><a href="https://a.example/a.mp3">https://a.example/a.mp3</a><figcaption>c</figcaption></figure>',
    ],
    [
      'the fallback of a player without a source',
      '<video><a href="https://a.example/v">watch</a></video>',
      '<p><a href="https://a.example/v">watch</a></p>',
    ],
    [
      'a document',
      '<object data="https://a.example/x.pdf" title="Report">r</object>',
      '<p><a href="https://a.example/x.pdf">Report</a></p>',
    ],
    [
      'words of the trade',
      '<p><abbr title="t">a</abbr><cite>b</cite><dfn>c</dfn><kbd>d</kbd><sub>e</sub><sup>f</sup><acronym title="u">g</acronym></p>',
      '<p><abbr title="t">a</abbr><cite>b</cite><dfn>c</dfn><kbd>d</kbd><sub>e</sub><sup>f</sup><abbr title="u">g</abbr></p>',
    ],
    ['definitions', '<dl><div><dt>a</dt><dd>b</dd></div></dl>', '<dl><dt>a</dt><dd>b</dd></dl>'],
    [
      'language and direction',
      '<div dir="rtl" lang="ar">a</div><div lang="de"><p>b</p><p>c</p></div><p>d <span lang="fr">e</span> <span class="x">f</span></p>',
      '<p lang="ar" dir="rtl">a</p><div lang="de"><p>b</p><p>c</p></div><p>d <span lang="fr">e</span> f</p>',
    ],
    [
      'the header cells of a cell',
      '<table><thead><tr><th id="h" scope="col" abbr="k">k</th></tr></thead><tbody><tr><td headers="h">l</td></tr></tbody></table>',
      '<table><thead><tr><th scope="col" abbr="k" id="user-content-h">k</th></tr></thead><tbody><tr><td headers="user-content-h">l</td></tr></tbody></table>',
    ],
    [
      'details that are folded',
      '<details open><summary>a</summary>b</details>',
      '<details><summary>a</summary>b</details>',
    ],
    [
      'readings of signs',
      '<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby></p>',
      '<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby></p>',
    ],
    [
      'the source of a quotation',
      '<blockquote cite="https://a.example/q"><p>a</p></blockquote><p><q cite="javascript:x">b</q></p>',
      '<blockquote cite="https://a.example/q"><p>a</p></blockquote><p><q>b</q></p>',
    ],
    [
      'pictures that scripts load late',
      '<img src="data:image/gif;base64,R0" data-src="https://a.example/1.jpg" alt="a"><noscript><img src="https://a.example/1.jpg"></noscript>',
      '<p><img src="https://a.example/1.jpg" alt="a"></p>',
    ],
    [
      'pictures for browsers without scripts',
      '<figure><img class="lazy" alt="a"> <noscript><img src="https://a.example/1.jpg" alt="a"></noscript></figure>',
      '<figure> <img src="https://a.example/1.jpg" alt="a"></figure>',
    ],
    [
      'no sizes of a picture for print',
      '<p><img src="/1.jpg" srcset="/1.jpg 600w, /2.tiff?x=1 900w"></p>',
      '<p><img src="/1.jpg" srcset="/1.jpg 600w"></p>',
    ],
    [
      'pictures with a set of sizes only',
      '<p><img srcset="javascript:x 1x, https://a.example/1,2.jpg 600w,https://a.example/2.jpg 1200w"></p>',
      '<p><img src="https://a.example/1,2.jpg" srcset="https://a.example/1,2.jpg 600w, https://a.example/2.jpg 1200w"></p>',
    ],
    [
      'as many sizes of a picture as CMSes write',
      `<p><img src="https://a.example/1.jpg" srcset="${Array.from({ length: 40 }, (_, at) => `https://a.example/${at}.jpg ${at}w`).join()}"></p>`,
      `<p><img src="https://a.example/1.jpg" srcset="${Array.from({ length: 30 }, (_, at) => `https://a.example/${at}.jpg ${at}w`).join(', ')}"></p>`,
    ],
    ['no picture without an address', '<p>a<img alt="b"><img src="data:image/png;base64,R0"></p>', '<p>a</p>'],
    [
      'no stray end of a quotation',
      '<p>a</p><audio controls><track></audio><blockquote>b</blockquote><p>c</p>',
      '<p>a</p><blockquote>b</blockquote><p>c</p>',
    ],
    ['line ends in code', '<pre>\n\n  a\n<div>b</div>c</pre>', '<pre>  a\n\nb\nc</pre>'],
    [
      'no controls of players and forms',
      '<div>a<button>1×</button><form><input><select><option>b</select></form></div>',
      '<p>a</p>',
    ],
  ])('%s', (_, given, clean) => {
    expect(sanitise(given)).toBe(clean);
    assertFixed(clean);
  });
});

describe('work on markup is bounded', () => {
  const message = (run: () => unknown): string => {
    try {
      run();
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  test('by depth', () => {
    expect(message(() => sanitise('<em>'.repeat(160_000)))).toBe(`must nest HTML elements at most ${maxDepth} deep`);
    expect(sanitise(`${'<em>'.repeat(maxDepth - 10)}x`)).toContain('x');
  });

  test.each([
    ['elements', (size: number) => '<br>'.repeat(size)],
    [
      'formatting that is opened again',
      (size: number) =>
        `<p>${Array.from({ length: 20 }, (_, index) => `<b title=${index}>`).join('')}</p>${'<p>x'.repeat(size)}`,
    ],
    ['text put before a table', (size: number) => `<table>${'a<b></b>'.repeat(size)}`],
    ['ends that never began', (size: number) => `${'<b>'.repeat(100)}${'</i></b><b>'.repeat(size)}`],
    ['blocks within many', (size: number) => '<div>'.repeat(200) + 'x<div>y</div>'.repeat(size)],
    ['attributes', (size: number) => `<a ${Array.from({ length: size }, (_, index) => `a${index}`).join(' ')}>x</a>`],
  ])('by steps: twice as many %s are at most twice the work, and too many are an error', (_, made) => {
    const stepsOf = (size: number): number => {
      const budget = new MarkupBudget();
      sanitise(made(size), undefined, budget);
      return budget.steps;
    };
    const [once, twice, fourTimes] = [stepsOf(100), stepsOf(200), stepsOf(400)];
    expect(twice).toBeLessThanOrEqual(2.1 * once);
    expect(fourTimes).toBeLessThanOrEqual(2.1 * twice);
    expect(message(() => sanitise(made(200_000)))).toMatch(/^must have less markup/);
  });

  let counter: CallCounter;

  beforeAll(() => {
    counter = new CallCounter({ detailed: false });
  });

  afterAll(() => {
    counter.stop();
  });

  // Nested input grows in depth and length: work that starts over at each level is quadratic.
  test.each([
    ['paragraphs', (size: number) => '<p>x<b>y</b>'.repeat(size)],
    ['headings in headings', (size: number) => '<h2><span>'.repeat(size / 10) + 'x<b>y</b>'.repeat(size)],
    [
      'headings that are dissolved',
      (size: number) => '<h2 class="wp-block-group"><span>'.repeat(size / 10) + 'x<b>y</b>'.repeat(size),
    ],
    ['line ends in a heading', (size: number) => `<h2>${'<br><div></div>'.repeat(size)}`],
    ['line ends in code', (size: number) => `<pre>${'<br><div></div>'.repeat(size)}`],
    ['emphasis of nothing', (size: number) => '<em><b></b><div></div>'.repeat(size / 10) + '<b></b>'.repeat(size)],
    [
      'links in links',
      (size: number) => '<a href="https://a.example/"><div></div>'.repeat(size / 10) + 'x<b></b>'.repeat(size),
    ],
    ['languages in languages', (size: number) => '<div lang="de">'.repeat(size / 10) + 'x<b>y</b><br>'.repeat(size)],
    [
      'languages within a line',
      (size: number) => `<p>${'<span lang="de"><div></div>'.repeat(size / 10)}${'x<b></b>'.repeat(size)}`,
    ],
    ['lists in lists', (size: number) => '<ul><li>'.repeat(size / 10) + 'x<b></b><br>'.repeat(size)],
    ['tables in tables', (size: number) => '<table><tr><td>'.repeat(size / 20) + 'x<b></b><br>'.repeat(size)],
    [
      'quotations in quotations',
      (size: number) => '<blockquote><div></div>'.repeat(size / 10) + '<b></b> '.repeat(size),
    ],
    [
      'links to notes',
      (size: number) =>
        Array.from({ length: size }, (_, index) => `<p id="a${index}"><a href="#a${index}">x</a>`).join(''),
    ],
    ['sizes of a picture', (size: number) => `<img srcset="${'https://a.example/1.jpg 1x, '.repeat(size)}">`],
  ])('by calls: twice as many %s are at most twice the work', (_, made) => {
    const [once = 0, twice = 0, fourTimes = 0] = [100, 200, 400].map((size) =>
      counter.callsOf(() => sanitise(made(size), 'Another headline')),
    );
    expect(once).toBeGreaterThan(100);
    expect(twice).toBeLessThanOrEqual(2.1 * once);
    expect(fourTimes).toBeLessThanOrEqual(2.1 * twice);
  });

  test('for a story as a whole: a required field is rejected, and an optional one is left out', () => {
    const long = '<i>x</i>'.repeat(20_000);
    const given = story({
      bodies: [
        { contentType: 'text/html', value: long },
        { contentType: 'text/html', value: long },
        { contentType: 'text/html', value: long },
      ],
      associations: [
        {
          type: 'picture',
          name: 'p',
          descriptions: [{ contentType: 'text/html', value: '<i>'.repeat(300) }, { value: 'plain' }],
        },
      ],
    });
    const cleaning = new Cleaning();
    const { associations } = sanitiseArticle(given, cleaning);
    expect(associations).toEqual([{ type: 'picture', name: 'p', descriptions: [{ value: 'plain' }] }]);
    expect(cleaning.issues.map(({ path }) => path)).toEqual(['article.bodies.1.value', 'article.bodies.2.value']);
    expect(cleaning.leftOut.map(({ path }) => path)).toContain('article.associations.0.descriptions.0.value');
  });

  test('by a rejection that names the field and the bound', () => {
    const article = story({ bodies: [{ contentType: 'text/html', value: '<em>'.repeat(150_000) }] });
    const { errors } = accept(busEvent('article.published', { article }), 'd') as { readonly errors?: unknown };
    expect(errors).toEqual([
      { path: 'article.bodies.0.value', message: `must nest HTML elements at most ${maxDepth} deep` },
    ]);
  });

  test('for a caption of dashes', () => {
    expect(captionAndCredit(`The bridge${' -'.repeat(40_000)} Photo: Getty`)).toEqual({
      caption: 'The bridge',
      credit: 'Getty',
    });
  });

  test('for a title of nothing but markup, which stays as it is written', () => {
    expect(plainTextOf('<i>'.repeat(300))).toBe('<i>'.repeat(300));
  });
});
