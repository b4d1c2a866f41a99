import { describe, expect, test } from '@jest/globals';
import { standfirstOf } from '../../shared/article/article.ts';
import { withLead } from '../../shared/article/body.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { noon, story } from './story.ts';

async function page(
  overrides: Record<string, unknown>,
): Promise<{ readonly html: string; readonly warnings: unknown }> {
  const pipeline = new Pipeline(noon);
  await pipeline.send('article.published', { article: story(overrides) });
  expect(pipeline.rejections.kept).toEqual([]);
  const [head] = [...pipeline.articles.heads.values()];
  return { html: (await pipeline.see(head?.path ?? '')).body, warnings: head?.warnings };
}

describe('descriptions and captions in HTML', () => {
  test('are shown as plain text, without a warning', async () => {
    const { html, warnings } = await page({
      descriptions: [
        { role: 'standfirst', contentType: 'text/html', value: '<p>Traffic <b>flowed</b> &amp; stopped.</p>' },
      ],
      associations: [
        {
          type: 'picture',
          renditions: [{ href: 'https://pictures.example.com/1.jpg' }],
          descriptions: [
            { role: 'caption', contentType: 'application/xhtml+xml', value: '<p>The <i>old</i> pier</p>' },
          ],
        },
      ],
    });
    expect(html).toContain('<p class="standfirst">Traffic flowed &amp; stopped.</p>');
    expect(html).toMatch(/<figcaption>The old pier/);
    expect(warnings).toBeUndefined();
  });

  test('are shown if only their markup shows that they are HTML', async () => {
    expect((await page({ descriptions: [{ value: '<p>Traffic flowed.</p>' }] })).html).toContain(
      '<p class="standfirst">Traffic flowed.</p>',
    );
  });
});

describe('a text that another one stands for', () => {
  const paths = async (overrides: Record<string, unknown>) => (await page(overrides)).warnings;

  test('is named in a warning: a second headline', async () => {
    const headlines = [{ role: 'main', value: 'Bridge opens' }, { role: 'print', value: 'At last' }, { value: ' ' }];
    expect(await paths({ headlines })).toMatchObject([{ path: 'article.headlines.1' }]);
  });

  test('is named in a warning: a second standfirst or correction', async () => {
    const descriptions = [
      { role: 'summary', value: 'Summary' },
      { role: 'standfirst', value: 'Standfirst' },
      { role: 'correction', value: 'Ada, not Eda' },
      { role: 'corrections', value: 'On Friday' },
    ];
    const { html, warnings } = await page({ descriptions });
    expect(html).toContain('<p class="standfirst">Standfirst</p>');
    expect(warnings).toMatchObject([{ path: 'article.descriptions.0' }, { path: 'article.descriptions.3' }]);
  });

  test('is none if it says the same', async () => {
    expect(
      await paths({
        headlines: [{ value: 'Bridge opens' }, { role: 'web', value: 'Bridge opens ' }],
        descriptions: [
          { role: 'summary', contentType: 'text/html', value: '<p>Traffic <b>flowed</b>.</p>' },
          { role: 'lead', value: 'Traffic flowed.' },
        ],
      }),
    ).toBeUndefined();
  });

  test('is named in a warning: a second description of a picture', async () => {
    const picture = {
      type: 'picture',
      renditions: [{ href: 'https://pictures.example.com/1.jpg' }],
      descriptions: [
        { role: 'caption', value: 'The pier' },
        { role: 'background', value: 'Built in 1886' },
      ],
    };
    expect(await paths({ associations: [picture] })).toMatchObject([{ path: 'article.associations.0.descriptions.1' }]);
  });

  test('is named in a warning: a story within the story that has no uri to link to', async () => {
    const inner = { type: 'text', headlines: [{ value: 'Background' }], bodies: [{ value: 'Long ago.' }] };
    expect(await paths({ associations: [inner] })).toMatchObject([{ path: 'article.associations.0.uri' }]);
    expect(await paths({ associations: [{ ...inner, uri: 'urn:other' }] })).toBeUndefined();
  });
});

describe('a lead', () => {
  const main = { role: 'main', contentType: 'text/html', value: '<p>The rest.</p>' };
  const lead = { role: 'lead', contentType: 'text/html', value: '<p>First of <b>all</b>.</p>' };

  test('in a description is the standfirst', () => {
    expect(standfirstOf({ descriptions: [{ role: 'lead', value: 'First of all.' }] })).toBe('First of all.');
  });

  test('in a body is the standfirst', async () => {
    for (const bodies of [
      [lead, main],
      [main, lead],
    ]) {
      const { html, warnings } = await page({ descriptions: undefined, bodies });
      expect(html).toContain('<p class="standfirst">First of all.</p>');
      expect(html).toContain('<p>The rest.</p>');
      expect(warnings).toBeUndefined();
    }
  });

  test('is the beginning of the text if there is a standfirst', () => {
    expect(withLead({ bodies: [main, lead], descriptions: [{ value: 'Summary' }] })).toEqual({
      bodies: [{ role: 'main', contentType: 'text/html', value: '<p>First of <b>all</b>.</p>\n<p>The rest.</p>' }],
      descriptions: [{ value: 'Summary' }],
    });
    const plain = { contentType: 'text/plain', value: 'Tom & Ada' };
    expect(withLead({ bodies: [lead, plain], descriptions: [{ value: 'Summary' }] }).bodies).toEqual([
      { contentType: 'text/html', value: '<p>First of <b>all</b>.</p>\n<p>Tom &amp; Ada</p>' },
    ]);
  });

  test('is the text if there is no other', () => {
    expect(withLead({ bodies: [lead] })).toEqual({ bodies: [lead] });
  });
});

describe('associations of other types than picture', () => {
  const video = {
    type: 'video',
    headlines: [{ value: 'The bridge "opens"' }],
    descriptions: [{ role: 'caption', value: 'Filmed on Friday' }],
    by: 'Harbour Press',
    renditions: [
      { href: 'https://media.example.com/v-360.mp4', contentType: 'video/mp4', width: 640 },
      { href: 'https://media.example.com/v-720.mp4', contentType: 'VIDEO/mp4', width: 1280 },
      { href: 'https://media.example.com/v.jpg', contentType: 'image/jpeg' },
    ],
  };
  const audio = {
    type: 'audio',
    headlines: [{ value: 'The mayor' }],
    renditions: [{ href: 'https://media.example.com/a.mp3', contentType: 'audio/mpeg' }],
  };

  test('are shown like a picture if they are a graphic', async () => {
    const graphic = { type: 'graphic', renditions: [{ href: 'https://media.example.com/g.png' }] };
    expect((await page({ associations: [graphic] })).html).toMatch(/<figure class="lead"><img src="[^"]*g\.png"/);
  });

  test('can be played if they are video or audio, the widest file first', async () => {
    const { html, warnings } = await page({ associations: [video, audio] });
    expect(html).toMatch(
      /<video controls preload="none" aria-label="The bridge &quot;opens&quot;" poster="[^"]*v\.jpg"><source src="[^"]*v-720\.mp4" type="VIDEO\/mp4"><source src="[^"]*v-360\.mp4"/,
    );
    expect(html).toMatch(/<figcaption>Filmed on Friday <small>Harbour Press<\/small>/);
    expect(html).toMatch(/<audio controls preload="none" aria-label="The mayor"><source src="[^"]*a\.mp3"/);
    expect(warnings).toBeUndefined();
  });

  test('are not repeated if the text has them', async () => {
    const link = '<p><a href="https://media.example.com/a.mp3">Listen</a></p>';
    const bodies = [{ contentType: 'text/html', value: link }];
    expect((await page({ associations: [audio], bodies })).html).not.toContain(
      '<audio controls preload="none" aria-label="The mayor"',
    );
  });

  test('are shown if the text only mentions them, or links to an address with the same beginning', async () => {
    const value = '<p>https://media.example.com/a.mp3 <a href="https://media.example.com/a.mp3/about">About it</a></p>';
    const bodies = [{ contentType: 'text/html', value }];
    expect((await page({ associations: [audio], bodies })).html).toContain(
      '<audio controls preload="none" aria-label="The mayor"',
    );
  });

  test('are not shown if they may not be', async () => {
    const { html } = await page({ associations: [{ ...video, embargoedUntil: '2030-01-01T00:00:00Z' }] });
    expect(html).not.toContain('media.example.com');
  });

  test.each<[string, Record<string, unknown>]>([
    ['article.associations.0.type', { ...video, type: 'planning' }],
    ['article.associations.0.type', { ...video, type: undefined }],
    [
      'article.associations.0.renditions',
      { ...video, renditions: [{ href: 'https://media.example.com/v.jpg', contentType: 'image/jpeg' }] },
    ],
  ])('are named in a warning if no page can show them and they have a text: %s', async (path, association) => {
    expect((await page({ associations: [association] })).warnings).toMatchObject([{ path }]);
  });
});

describe('words of elements that are left out', () => {
  const inBody = (value: string) => page({ bodies: [{ contentType: 'text/html', value: `<p>The tide.</p>${value}` }] });

  test.each([
    ['svg', '<svg><title>Icon</title><text x="0" y="9">High water</text></svg>'],
    ['math', '<p>It is <math><mi>h</mi><mo>=</mo><mn>2</mn></math>.</p>'],
    ['button', '<p><button>Show the tides</button></p>'],
    ['select', '<select><option>Harbour</option></select>'],
    ['textarea', '<textarea>Your tide</textarea>'],
  ])('are a warning: %s', async (name, markup) => {
    const { html, warnings } = await inBody(markup);
    expect(html).toContain('The tide.');
    expect(warnings).toEqual([
      { path: 'article.bodies.0.value', message: expect.stringContaining(`words in ${name}, which is left out`) },
    ]);
  });

  test.each([
    '<svg><title>Icon</title><style>.a { fill: red }</style><path d="M0 0"></path></svg>',
    '<script>track()</script><style>p { color: red }</style><input value="x"><button></button>',
    '<div class="kg-card kg-audio-card"><div class="kg-audio-player"><button>1×</button></div></div>',
    '<div hidden><button>Hidden</button></div>',
    '<p><kbd>Enter</kbd></p>',
  ])('are none: %s', async (markup) => {
    expect((await inBody(markup)).warnings).toBeUndefined();
  });
});

describe('a picture that is in the text too', () => {
  const href = 'https://pictures.example.com/pier.jpg';
  const withCaption = (figcaption: string) =>
    page({
      bodies: [{ contentType: 'text/html', value: `<figure><img src="${href}" alt="">${figcaption}</figure>` }],
      associations: [
        {
          type: 'picture',
          name: 'lead',
          by: 'Jon Bright',
          renditions: [{ href }],
          descriptions: [{ role: 'caption', contentType: 'text/plain', value: 'The pier at dawn' }],
        },
      ],
    });

  test('is shown once, without a warning if its caption and credit are there', async () => {
    const { html, warnings } = await withCaption('<figcaption>The <b>pier</b> at dawn. Photo: Jon Bright</figcaption>');
    expect(html.match(/<figure/g)).toHaveLength(1);
    expect(warnings).toBeUndefined();
  });

  test.each(['', '<figcaption>The pier at dawn</figcaption>', '<figcaption>Photo: Jon Bright</figcaption>'])(
    'is shown once, with a warning if the text lacks its caption or credit: %s',
    async (figcaption) => {
      const { html, warnings } = await withCaption(figcaption);
      expect(html.match(/<figure/g)).toHaveLength(1);
      expect(warnings).toMatchObject([{ path: 'article.associations.0' }]);
    },
  );
});
