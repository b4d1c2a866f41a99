import { describe, expect, test } from '@jest/globals';
import { embedScript } from '../../../functions/deliver/embed-script.ts';
import { liveScript } from '../../../functions/deliver/live-script.ts';
import { script } from '../../../functions/deliver/script.ts';
import { styleOf } from '../../../functions/deliver/style.ts';
import type { Theme } from '../../../shared/site/theme.ts';
import { embeds, scriptedEmbeds } from '../../fixtures/embeds.ts';
import { Pipeline } from '../../simulation/pipeline.ts';
import { theme } from '../newspaper.ts';
import { noon, story } from '../story.ts';

async function published(article: object, own: Theme = theme): Promise<Pipeline> {
  const pipeline = new Pipeline(noon + 3_600_000, own);
  await pipeline.send('article.published', { article: story({ associations: [], ...article }), path: '/p' });
  return pipeline;
}
const withText = (value: string, own?: Theme): Promise<Pipeline> =>
  published({ bodies: [{ contentType: 'text/html', value: `<p>First.</p>${value}<p>Last.</p>` }] }, own);
const page = async (pipeline: Promise<Pipeline>): Promise<string> => (await (await pipeline).see('/p')).body;
const placeholders = (body: string): string[] => body.match(/<div class="embed[^]*?<\/div>/g) ?? [];

describe('an embed in a text', () => {
  test.each([...Object.entries(embeds), ...Object.entries(scriptedEmbeds)])(
    'is a placeholder that loads nothing, and names the site that a click contacts: %s',
    async (provider, markup) => {
      const body = await page(withText(markup));
      const [placeholder = '', ...others] = placeholders(body);
      expect(others).toEqual([]);
      expect(placeholder).toMatch(/ data-frame="https:\/\/[^"]+" data-title="[^"]+">/);
      expect(placeholder).toMatch(
        new RegExp(
          `<button type="button" aria-label="Show content from ${provider}: [^"]+">Show content from ${provider}</button>`,
        ),
      );
      expect(placeholder).toContain('Your browser then contacts this provider');
      // A reader without scripts has a link.
      expect(placeholder).toMatch(/<a href="https:\/\/[^"]+"/);
      expect(body).not.toMatch(/<(?:iframe|embed|object)\b|<script[^>]+src=|<link[^>]+(?:preload|preconnect)/);
      expect(body).toContain(`<script>${embedScript}</script>`);
    },
  );

  test('has its title, and the address of its page', async () => {
    const [youTube = ''] = placeholders(await page(withText(embeds.YouTube)));
    expect(youTube).toContain(
      '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ&amp;t=30s">The harbour from above</a></p>',
    );
    expect(youTube).toContain(
      'data-frame="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&amp;start=30"',
    );
  });

  test.each([
    '<ul><li>FRAME</li></ul>',
    '<table><tr><td colspan="2">FRAME</td></tr></table>',
    '<dl><dt>Video</dt><dd>FRAME</dd></dl>',
  ])('is a placeholder within %s', async (around) => {
    const body = await page(withText(around.replace('FRAME', embeds.YouTube)));
    expect(placeholders(body)).toHaveLength(1);
    expect(placeholders(await page(withText(around.replace('FRAME', 'https://youtu.be/x'))))).toEqual([]);
  });

  test('is the element of CKEditor', async () => {
    const body = await page(
      withText('<figure class="media"><oembed url="https://youtu.be/dQw4w9WgXcQ?t=3"></oembed></figure>'),
    );
    expect(placeholders(body)).toEqual([expect.stringContaining('dQw4w9WgXcQ?autoplay=1&amp;start=3"')]);
  });

  test('is a link whose text is the same address without the parameters of a campaign', async () => {
    const link = '<p><a href="https://x.com/harbour/status/12?s=20">https://x.com/harbour/status/12</a></p>';
    expect(placeholders(await page(withText(link)))).toHaveLength(1);
    const other = link.replace('/12<', '/13<');
    expect(placeholders(await page(withText(other)))).toEqual([]);
  });

  test('keeps the words of a quoted post, and the caption of a figure', async () => {
    const [quote = ''] = placeholders(await page(withText(embeds.X)));
    expect(quote).toMatch(/<blockquote><p lang="en" dir="ltr">The ferry is back\.[^]*<\/blockquote>/);
    expect(await page(withText(embeds.Spotify))).toMatch(
      /<figure><div class="embed sound"[^]*<\/div>\s*<figcaption>Listen to the <em>Hour<\/em>\.<\/figcaption><\/figure>/,
    );
  });

  test.each(['https://youtu.be/dQw4w9WgXcQ', 'https://x.com/harbour/status/12'])(
    'is an address in a paragraph of its own: %s',
    async (address) => {
      expect(placeholders(await page(withText(`<p><a href="${address}">${address}</a></p>`)))).toHaveLength(1);
      expect(placeholders(await page(withText(`<figure><a href="${address}">${address}</a></figure>`)))).toHaveLength(
        1,
      );
    },
  );

  test('may be beside another one', async () => {
    expect(placeholders(await page(withText(embeds.YouTube + embeds.Datawrapper)))).toHaveLength(2);
  });

  test.each([
    ['a link in a sentence', '<p>See <a href="https://www.youtube.com/embed/dQw4w9WgXcQ">this</a>.</p>'],
    ['a link with words of its own to a page', '<p><a href="https://youtu.be/dQw4w9WgXcQ">Watch it on YouTube</a></p>'],
    [
      'a quotation with a source',
      '<blockquote cite="https://example.com/"><p>Said <a href="https://x.com/harbour">she</a></p></blockquote>',
    ],
    ['a frame of an unknown site', '<iframe src="https://evil.example/frame"></iframe>'],
  ])('is not %s', async (_, markup) => {
    const body = await page(withText(markup));
    expect(placeholders(body)).toEqual([]);
    expect(body).not.toContain(embedScript);
  });

  test('is a link if the theme has no providers, and no frame may load', async () => {
    const pipeline = await withText(embeds.YouTube, { ...theme, embeds: [] });
    const { body, headers } = await pipeline.see('/p');
    expect(placeholders(body)).toEqual([]);
    expect(body).toContain(
      '<a href="https://www.youtube.com/embed/dQw4w9WgXcQ?si=abc&amp;start=30">The harbour from above</a>',
    );
    expect(headers['content-security-policy']).not.toContain('frame-src');
  });

  test('may load from its provider and from nowhere else', async () => {
    const { headers } = await (await withText(embeds.YouTube, { ...theme, embeds: ['youtube', 'vimeo'] })).see('/p');
    expect(headers['content-security-policy']).toContain(
      '; frame-src https://www.youtube-nocookie.com https://player.vimeo.com; ',
    );
  });

  test('is a link in feeds, to the page of its content', async () => {
    const pipeline = await withText(embeds.YouTube + embeds.Instagram, { ...theme, feeds: { text: 'full' } });
    const { items } = JSON.parse((await pipeline.see('/feeds/latest.json')).body) as {
      items: { content_html: string }[];
    };
    expect(items[0]?.content_html).toContain(
      '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ&amp;t=30s">The harbour from above (YouTube)</a></p>',
    );
    expect(items[0]?.content_html).toContain('<blockquote>');
    expect(items[0]?.content_html).not.toMatch(/<button|data-frame|iframe/);
  });

  test('is removed from the text if its video is pulled', async () => {
    const href = 'https://www.youtube.com/embed/dQw4w9WgXcQ?si=abc&start=30';
    const pipeline = await published({
      bodies: [{ contentType: 'text/html', value: `<p>First.</p>${embeds.YouTube}` }],
      associations: [{ type: 'video', uri: 'urn:video:1', renditions: [{ href, contentType: 'text/html' }] }],
    });
    expect(placeholders((await pipeline.see('/p')).body)).toHaveLength(1);
    await pipeline.send('article.held', {
      article: { uri: 'urn:video:1', type: 'video', versionCreated: '2026-05-01T12:00:00.000Z' },
    });
    expect((await pipeline.see('/p')).body).not.toContain('dQw4w9WgXcQ');
  });
});

describe('a video, sound or graphic beside the text', () => {
  const video = {
    type: 'video',
    headlines: [{ value: 'The bridge' }],
    renditions: [
      { href: 'https://media.example.com/v.mp4', contentType: 'video/mp4' },
      { href: 'https://media.example.com/v.jpg', contentType: 'image/jpeg' },
      { name: 'captions', href: 'https://media.example.com/v.vtt', contentType: 'text/vtt' },
      { name: 'captions-de', href: 'https://media.example.com/v.de.vtt' },
      { name: 'transcript', href: 'https://media.example.com/v.html', contentType: 'text/html' },
    ],
  };

  test('has its poster, its captions by language, and a link to the transcript', async () => {
    const body = await page(published({ associations: [video], language: 'en-GB' }));
    expect(body).toContain(
      '<video controls preload="none" aria-label="The bridge" poster="https://media.example.com/v.jpg" crossorigin="anonymous"><source src="https://media.example.com/v.mp4" type="video/mp4"><track kind="captions" src="https://media.example.com/v.vtt" srclang="en-GB" label="British English" default><track kind="captions" src="https://media.example.com/v.de.vtt" srclang="de" label="Deutsch"></video>',
    );
    expect(body).toContain(
      '<figcaption>The bridge <a href="https://media.example.com/v.html">Transcript</a></figcaption>',
    );
  });

  test('plays a file of any host if it has no captions', async () => {
    const body = await page(published({ associations: [{ ...video, renditions: video.renditions.slice(0, 1) }] }));
    expect(body).toContain('aria-label="The bridge"><source');
    expect(body).not.toContain('crossorigin');
  });

  test.each(['video', 'graphic'])('is a placeholder if it is at a provider: %s', async (type) => {
    const href = type === 'video' ? 'https://youtu.be/dQw4w9WgXcQ' : 'https://datawrapper.dwcdn.net/aB3dE/';
    const body = await page(
      published({
        associations: [{ type, headlines: [{ value: 'Tides' }], renditions: [{ href, contentType: 'text/html' }] }],
      }),
    );
    expect(placeholders(body)).toEqual([expect.stringContaining('>Tides</a>')]);
    expect(body).toContain(embedScript);
  });

  test('is a link in feeds, once', async () => {
    const href = 'https://youtu.be/dQw4w9WgXcQ';
    const inText = {
      type: 'audio',
      renditions: [{ href: 'https://media.example.com/a.mp3', contentType: 'audio/mpeg' }],
    };
    const pipeline = await published(
      {
        bodies: [{ contentType: 'text/html', value: '<p><a href="https://media.example.com/a.mp3">Hear it</a></p>' }],
        associations: [
          video,
          { type: 'video', headlines: [{ value: 'Tides & "fog"' }], renditions: [{ href, contentType: 'text/html' }] },
          inText,
        ],
      },
      { ...theme, feeds: { text: 'full' } },
    );
    const { items } = JSON.parse((await pipeline.see('/feeds/latest.json')).body) as {
      items: { content_html: string }[];
    };
    expect(items[0]?.content_html).toBe(
      [
        '<p><a href="https://media.example.com/a.mp3">Hear it</a></p>',
        '<p><a href="https://media.example.com/v.mp4">The bridge</a></p>',
        '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">Tides &amp; &quot;fog&quot; (YouTube)</a></p>',
      ].join('\n'),
    );
  });

  test('is a link if no browser plays it', async () => {
    const renditions = [{ href: 'https://media.example.com/v.wmv', contentType: 'video-wmv' }];
    expect(await page(published({ associations: [{ ...video, renditions }] }))).toContain(
      '<p><a href="https://media.example.com/v.wmv">The bridge</a></p>',
    );
  });
});

test('a page has at most 5 KB of scripts and 12 KB of styles', () => {
  expect(Buffer.byteLength(script + liveScript + embedScript)).toBeLessThan(5 * 1024);
  expect(Buffer.byteLength(styleOf(theme))).toBeLessThan(12 * 1024);
});
