import { describe, expect, test } from '@jest/globals';
import { awkwardStories, croppedPicture } from '../../fixtures/awkward-stories.ts';
import { Pipeline } from '../../simulation/pipeline.ts';
import { theme } from '../newspaper.ts';
import { noon, story } from '../story.ts';

async function page(associations: readonly object[], path = '/p'): Promise<string> {
  const pipeline = new Pipeline(noon + 3_600_000, theme);
  await pipeline.send('article.published', {
    article: story({ associations: [...associations] as never }),
    path: '/p',
  });
  return (await pipeline.see(path)).body;
}

describe('pictures of a page', () => {
  test('the lead offers one crop, with its size, caption, credit and copyright', async () => {
    const body = await page([croppedPicture]);
    const [figure = ''] = /<figure class="lead">[^]*?<\/figure>/.exec(body) ?? [];
    expect(figure).toContain('src="https://pictures.example.com/wide-1280x720.jpg"');
    expect(figure).toContain(
      'srcset="https://pictures.example.com/wide-640x360.jpg 640w, https://pictures.example.com/wide-1280x720.jpg 1280w, https://pictures.example.com/wide-1920x1080.jpg 1920w"',
    );
    expect(figure).toContain('width="1280" height="720"');
    expect(figure).toContain(
      'The buoy at noon &amp; after &lt;dark&gt;. <small>Mia Stone / “Agency” &amp; Sons © 2026 Agency &amp; Sons. No archives.</small>',
    );
    expect(body).not.toMatch(/\.tif|6000x4000/);
  });

  test('a list offers another crop, in several widths', async () => {
    const list = await page([croppedPicture], '/latest');
    expect(list).toContain(
      'src="https://pictures.example.com/card-800x600.jpg" srcset="https://pictures.example.com/card-400x300.jpg 400w, https://pictures.example.com/card-800x600.jpg 800w" sizes="(min-width: 40rem) 12rem, 7rem"',
    );
    expect(list).toContain('width="800" height="600"');
  });

  test('several more are one gallery that a keyboard reaches, and one more is a figure', async () => {
    const gallery = awkwardStories.find(({ uri }) => uri.endsWith('a-gallery'))?.associations ?? [];
    const body = await page(gallery);
    expect(body.match(/<div class="gallery"/g)).toHaveLength(1);
    expect(body).toContain('<div class="gallery" tabindex="0" role="region"');
    expect(body.match(/<li><figure>/g)).toHaveLength(7);
    expect(body).toContain('<b>7/7</b> Caption 6');
    expect(await page(gallery.slice(0, 2))).not.toContain('class="gallery"');
  });
});

test('the copyright notice is below the text', async () => {
  const shown = async (article: object): Promise<string | undefined> => {
    const pipeline = new Pipeline(noon + 3_600_000, theme);
    await pipeline.send('article.published', { article: story({ ...article }), path: '/p' });
    return /<p class="rights">(.*?)<\/p>/.exec((await pipeline.see('/p')).body)?.[1];
  };
  expect(await shown({ copyrightHolder: '(c) Harbour & Sons' })).toBe('© Harbour &amp; Sons');
  expect(await shown({ copyrightHolder: 'Harbour', copyrightNotice: 'All mine.' })).toBe('All mine.');
  expect(await shown({})).toBeUndefined();
});
