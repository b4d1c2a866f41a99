import { describe, expect, test } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import { Pipeline } from '../../simulation/pipeline.ts';
import { theme } from '../newspaper.ts';
import { story } from '../story.ts';
import { at, harbour, pipelineWith, publish } from './newsroom.ts';

describe('an article’s page', () => {
  test('links each author in the byline, and adds authors whom the byline does not name', async () => {
    expect((await (await pipelineWith()).see('/p')).body).toContain(
      '<p class="by">By <a rel="author" href="/author/ada-marlow">Ada Marlow</a> and <a rel="author" href="/author/jon-bright">Jon Bright</a>, Harbour Press</p>',
    );
    const pipeline = await pipelineWith({
      by: 'From our correspondent',
      people: [{ rel: 'author', name: 'Åsa & Co' }],
    });
    expect((await pipeline.see('/p')).body).toMatch(
      /<p class="by">From our correspondent · <a rel="author" href="\/author\/[a-z-]+">Åsa &amp; Co<\/a><\/p>/,
    );
  });

  test.each([
    ['Ada Marlow', 'By Ada Marlow'],
    ['By Ada Marlow', 'By Ada Marlow'],
    ['BY ADA MARLOW', 'BY ADA MARLOW'],
    ['By: Ada Marlow', 'By: Ada Marlow'],
    ['Von Jürgen Groß', 'Von Jürgen Groß'],
    ['Par Zoé Petit et Ada Marlow', 'Par Zoé Petit et Ada Marlow'],
    ['Text: Åse Berg', 'Text: Åse Berg'],
    ['Byron Vance', 'By Byron Vance'],
    ['Harbour Press', 'By Harbour Press'],
  ])('begins the byline “%s” with a single By', async (by, shown) => {
    const { body } = await (await pipelineWith({ by, people: [] })).see('/p');
    expect(/<p class="by">(.*?)<\/p>/.exec(body)?.[1]?.replaceAll(/<[^>]*>/g, '')).toBe(shown);
  });

  test('has the By of the theme, and none for a story in another language', async () => {
    const bylineIn = async (language: string, by: string): Promise<string | undefined> => {
      const page = await (
        await pipelineWith({ language, by, people: [] }, { ...theme, language: 'nb', words: { by: 'Av' } })
      ).see('/p');
      return /<p class="by">(.*?)<\/p>/.exec(page.body)?.[1]?.replaceAll(/<[^>]*>/g, '');
    };
    expect([
      await bylineIn('nb-NO', 'Åse Berg'),
      await bylineIn('NB', 'av Åse Berg'),
      await bylineIn('es', 'Lucía Vega'),
    ]).toEqual(['Av Åse Berg', 'av Åse Berg', 'Lucía Vega']);
  });

  test('has the time of an update only if it differs from first publication to the minute', async () => {
    const updated = async (versionCreated: string): Promise<boolean> => {
      const pipeline = await pipelineWith();
      await pipeline.send('article.updated', { article: story({ versionCreated }), path: '/p' });
      return (await pipeline.see('/p')).body.includes('Updated <time');
    };
    expect([await updated(at(0.5)), await updated(at(1))]).toEqual([false, true]);
  });

  test('has every rendition of the lead picture with its size, and its caption and credit', async () => {
    const { body } = await (await pipelineWith()).see('/p');
    expect(body).toContain(
      'srcset="https://pictures.example.com/bridge-320.jpg 320w, https://pictures.example.com/bridge-1280.jpg 1280w"',
    );
    expect(body).toMatch(
      /<figure class="lead"><img src="https:\/\/pictures\.example\.com\/bridge-1280\.jpg"[^>]* alt="Lorries on a bridge at dawn" width="1280" height="853" fetchpriority="high"/,
    );
    expect(body).toContain('<figcaption>The first lorries cross. <small>Mia Stone</small></figcaption>');
  });

  test('shows a picture once that the desk also put into the text', async () => {
    const inText =
      '<p>One.</p><figure><img src="https://pictures.example.com/bridge-320.jpg" alt="x" width="320" height="213" /></figure>';
    const { body } = await (await pipelineWith({ bodies: [{ contentType: 'text/html', value: inText }] })).see('/p');
    expect(body.match(/<img src="https:\/\/pictures/g) ?? []).toHaveLength(0);
    expect(body.match(/<img loading="lazy" decoding="async" src="https:\/\/pictures/g)).toHaveLength(1);
  });

  test('has an audio player if there is audio, and none without', async () => {
    expect((await (await pipelineWith()).see('/p')).body).not.toContain('<audio');
    const sound = { href: 'https://sound.example.com/a.mp3', contentType: 'audio/mpeg' };
    const { body } = await (
      await pipelineWith({ renditions: [sound, { href: 'https://x.example/v.mp4', contentType: 'video/mp4' }] })
    ).see('/p');
    expect(body).toContain(
      '<figcaption>Listen to this article</figcaption><audio controls preload="none" aria-label="Listen to this article"><source src="https://sound.example.com/a.mp3" type="audio/mpeg"></audio>',
    );
  });

  test('has the text of a correction in the desk’s words', async () => {
    const { body } = await (
      await pipelineWith({
        descriptions: [{ role: 'correction', value: 'It was <three> weeks.', contentType: 'text/plain' }],
      })
    ).see('/p');
    expect(body).toContain('<strong>Correction made</strong>');
    expect(body).toContain('It was &lt;three&gt; weeks.');
    expect(body).toContain(String.raw`"text":"It was \u003cthree> weeks."`);
  });

  test('links topics by name, and has no such links once the article has expired', async () => {
    const topics = async (pipeline: Pipeline): Promise<string[]> =>
      [...(await pipeline.see('/p')).body.matchAll(/<a href="(\/(?:topic|genre|author)\/[^"]*)">/g)].map(
        ([, href]) => href ?? '',
      );
    expect(await topics(await pipelineWith())).toEqual(['/topic/bridges', '/genre/explainer']);
    expect(await topics(await pipelineWith({ expires: at(10) }))).toEqual([]);
  });
});

describe('related stories of an article', () => {
  const related = [
    { type: 'text', uri: 'urn:story:1' },
    { type: 'composite', uri: 'urn:story:2' },
    { type: 'text', uri: story().uri },
    { type: 'picture', uri: 'urn:picture' },
  ];
  const links = async (pipeline: Pipeline): Promise<string[]> =>
    [
      ...(/<nav class="more"[^]*?<\/nav>/.exec((await pipeline.see('/p')).body)?.[0] ?? '').matchAll(
        /<a href="([^"]*)">([^<]*)</g,
      ),
    ].map(([, href, text]) => `${href ?? ''} ${text ?? ''}`);

  test('are live ones with their present headline and path, and the page has a tag of each', async () => {
    const pipeline = await pipelineWith({ associations: related });
    expect(await links(pipeline)).toEqual([]);
    const tags = (await pipeline.see('/p')).headers['x-amz-meta-cache-tag']?.split(',');
    expect(tags).toEqual(
      expect.arrayContaining([`pin:${articleIdOf('urn:story:1')}`, `pin:${articleIdOf('urn:story:2')}`]),
    );
    expect(tags).not.toContain(`pin:${harbour}`);
    await publish(pipeline, 1);
    await publish(pipeline, 2, { embargoedUntil: at(600) });
    expect(await links(pipeline)).toEqual(['/s/1 Story 1']);
    await pipeline.send('article.updated', {
      article: story({ uri: 'urn:story:1', versionCreated: at(5), headlines: [{ value: 'Renamed' }] }),
      path: '/s/new',
    });
    expect(await links(pipeline)).toEqual(['/s/new Renamed']);
    pipeline.purgeRequests.asked.length = 0;
    await pipeline.send('article.unpublished', { article: { uri: 'urn:story:1', versionCreated: at(6) } });
    expect(await links(pipeline)).toEqual([]);
    expect(pipeline.purgeRequests.asked.flatMap(({ tags: purged }) => purged)).toContain(
      `pin:${articleIdOf('urn:story:1')}`,
    );
  });

  test('leave room for the pictures among the fifty tags that CloudFront accepts', async () => {
    const associations = [
      ...Array.from({ length: 60 }, (_, n) => ({ type: 'text', uri: `urn:story:${n}` })),
      ...Array.from({ length: 60 }, (_, n) => ({
        type: 'picture',
        uri: `urn:picture:${n}`,
        renditions: [{ href: `https://p.example/${n}.jpg` }],
      })),
    ];
    const { headers } = await (await pipelineWith({ associations })).see('/p');
    expect(headers['x-amz-meta-cache-tag']?.split(',').length).toBeLessThanOrEqual(50);
  });
});
