import { describe, expect, test } from '@jest/globals';
import { message, newsItem, newsmlUri, packageItem, pictureItem, textOf } from '../../fixtures/cms/newsml.ts';
import { Pipeline } from '../../simulation/pipeline.ts';
import { noon } from '../story.ts';
import { read, commands, only, tomorrow, yesterday } from './reading.ts';

describe('a news message', () => {
  test.each<[string, string, object]>([
    [
      'an embargo',
      packageItem('k1', ['n1'], '', 'usable', `<embargoed>${tomorrow}</embargoed>`),
      { embargoedUntil: tomorrow },
    ],
    ['a cancellation', packageItem('k1', ['n1'], '', 'canceled'), { pubStatus: 'canceled' }],
    ['an expiry', packageItem('k1', ['n1'], '', 'usable', `<expires>${tomorrow}</expires>`), { expires: tomorrow }],
    [
      'an embargo of a package around it',
      packageItem('k2', ['k1'], '', 'usable', `<embargoed>${tomorrow}</embargoed>`) + packageItem('k1', ['n1', 'k2']),
      { embargoedUntil: tomorrow },
    ],
    [
      'the strictest of several packages',
      packageItem('k1', ['n1'], '', 'usable', `<embargoed>${tomorrow}</embargoed><expires>${tomorrow}</expires>`) +
        packageItem('k2', ['n1'], '', 'usable', `<embargoed>${yesterday}</embargoed>`) +
        packageItem('k3', ['n1']),
      { embargoedUntil: tomorrow, expires: tomorrow },
    ],
  ])('applies %s of a package to its texts, in any order', (_, packages, expected) => {
    for (const items of [
      [packages, newsItem('n1')],
      [newsItem('n1'), packages],
    ]) {
      const story = commands(message(...items)).find(({ detail }) => detail.article.uri === newsmlUri('n1'));
      expect(story?.detail.article).toMatchObject(expected);
    }
  });

  test('rejects the texts of a package that cannot be read, and no others', () => {
    const reading = read(message(packageItem('k1', ['n1'], '', 'draft'), newsItem('n1'), newsItem('n2')));
    expect('commands' in reading && reading.commands.map(({ detail }) => detail.article.uri)).toEqual([
      newsmlUri('n2'),
    ]);
    expect('commands' in reading && reading.unread).toHaveLength(2);
  });

  test('applies an embargo of one version of a text to all (NewsML-G2, embargoed)', () => {
    const [first, second] = commands(
      message(newsItem('n1', { version: 2, embargoed: tomorrow }), newsItem('n1', { version: 1 })),
    );
    expect([first, second].map((one) => one?.detail.article.embargoedUntil)).toEqual([tomorrow, tomorrow]);
  });

  describe('never shows a picture of the message that may not be shown', () => {
    const file = 'https://pictures.example.com/p1.jpg';
    const text = newsItem('n1', {
      content: textOf('Text.</p><media media-type="image"><media-reference source="' + file + '"/></media><p>'),
    });
    const pack = packageItem('k1', ['n1', 'p1']);
    const embargoed = pictureItem('p1', { embargoed: tomorrow });

    test.each<[string, readonly string[]]>([
      ['embargoed', [text, embargoed, pack]],
      ['before the text', [pack, embargoed, text]],
      ['embargoed until further notice', [text, pictureItem('p1', { embargoed: '' }), pack]],
      ['of an unknown status', [text, pictureItem('p1', { status: 'stat:hold' }), pack]],
      ['canceled', [text, pictureItem('p1', { status: 'stat:canceled' }), pack]],
      ['of an unknown class', [text, pictureItem('p1', { embargoed: tomorrow, itemClass: 'ninat:photo' }), pack]],
      ['in no package', [text, embargoed]],
      ['without guid', [text, embargoed.replace(/guid="[^"]*"/, '')]],
      ['in one of two packages', [text, embargoed, pack, packageItem('k2', ['n1'])]],
      [
        'in an embargoed package of its own',
        [text, pictureItem('p1'), packageItem('k2', ['p1'], '', 'usable', `<embargoed>${tomorrow}</embargoed>`)],
      ],
      ['twice, then without embargo', [text, embargoed, pictureItem('p1', { version: 2 }), pack]],
      ['twice, first without embargo', [text, pictureItem('p1', { version: 2 }), embargoed, pack]],
      [
        'in a text of HTML',
        [
          newsItem('n1', {
            content: `<inlineData contenttype="text/html">&lt;p>Text.&lt;/p>&lt;img src="//pictures.example.com/p1.jpg?w=1&amp;amp;h=2"></inlineData>`,
          }),
          embargoed,
        ],
      ],
    ])('%s', async (_, items) => {
      const pipeline = new Pipeline(noon);
      const story = commands(message(...items)).find(({ detail }) => detail.article.uri === newsmlUri('n1'));
      await pipeline.send(story?.type ?? '', { ...story?.detail }, { source: 'cms.newsml' });
      const [head] = [...pipeline.articles.heads.values()];
      const { status, body } = await pipeline.see(head?.path ?? '');
      expect([status, body.includes('Text.'), /p1(?:-t)?\.jpg/.test(body)]).toEqual([200, true, false]);
    });

    test('and shows it when its embargo has ended', async () => {
      const pipeline = new Pipeline(noon);
      const [story] = commands(message(text, pictureItem('p1', { embargoed: yesterday })));
      await pipeline.send(story?.type ?? '', { ...story?.detail }, { source: 'cms.newsml' });
      const [head] = [...pipeline.articles.heads.values()];
      expect((await pipeline.see(head?.path ?? '')).body).toContain('p1.jpg');
    });
  });

  test('accepts the other items beside one with any number of attributes', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `a${index}=""`).join(' ');
    const items = [newsItem('n1'), newsItem('n2').replace('<newsItem ', `<newsItem ${many} `), newsItem('n3')];
    expect(commands(message(...items)).map(({ detail }) => detail.article.uri)).toEqual(
      ['n1', 'n2', 'n3'].map(newsmlUri),
    );
  });

  test('is read without texts that have more pictures than the limit', () => {
    const ids = Array.from({ length: 120 }, (_, index) => String(index));
    const items = ids.flatMap((id) => [newsItem(`n${id}`), pictureItem(`p${id}`)]);
    const reading = read(
      message(
        packageItem(
          'k1',
          ids.flatMap((id) => [`n${id}`, `p${id}`]),
        ),
        ...items,
        newsItem('other'),
      ),
    );
    const uris = 'commands' in reading ? reading.commands.map(({ detail }) => detail.article.uri) : [];
    expect(uris).toHaveLength(Math.floor(10_000 / 120) + 1);
    expect(uris).toContain(newsmlUri('other'));
  });

  test('adds the pictures of a package to its text, and has no item for the package', async () => {
    const [story, ...others] = commands(
      message(packageItem('k1', ['n1', 'p1'], 'A package'), newsItem('n1'), pictureItem('p1')),
    );
    expect(others).toEqual([]);
    expect(story?.detail.article.associations).toEqual([
      {
        uri: newsmlUri('p1'),
        type: 'picture',
        pubStatus: 'usable',
        headlines: [{ role: 'main', value: 'Alt of p1' }],
        descriptions: [{ role: 'caption', contentType: 'text/plain', value: 'Caption of p1' }],
        by: 'Harbour Press/AM',
        renditions: [
          {
            name: 'highRes',
            href: 'https://pictures.example.com/p1.jpg',
            contentType: 'image/jpeg',
            width: 2048,
            height: 1365,
          },
          {
            name: 'thumb',
            href: 'https://pictures.example.com/p1-t.jpg',
            contentType: 'image/jpeg',
            width: 180,
            height: 120,
          },
        ],
      },
    ]);
    const pipeline = new Pipeline(noon);
    for (const { type, detail } of [story, only(pictureItem('p1', { status: 'stat:canceled', version: 2 }))].filter(
      (one) => one !== undefined,
    ))
      await pipeline.send(type, { ...detail }, { source: 'cms.newsml' });
    const [head] = [...pipeline.articles.heads.values()];
    expect((await pipeline.see(head?.path ?? '')).body).not.toContain('p1.jpg');
  });

  test('keeps the embargo of a picture', () => {
    const [story] = commands(
      message(
        packageItem('k1', ['n1', 'p1']),
        newsItem('n1'),
        pictureItem('p1', { embargoed: '2030-01-01T00:00:00Z' }),
      ),
    );
    expect(story?.detail.article.associations?.[0]?.embargoedUntil).toBe('2030-01-01T00:00:00Z');
  });

  test('has a command for each of its stories, and names one that cannot be read', () => {
    const reading = read(message(newsItem('n1'), newsItem('n2', { status: 'stat:draft' }), newsItem('n3')));
    expect('commands' in reading && reading.commands.map(({ detail }) => detail.article.uri)).toEqual(
      ['n1', 'n3'].map(newsmlUri),
    );
    expect('commands' in reading && reading.unread?.map(({ path }) => path)).toEqual(['newsItem.itemMeta.pubStatus']);
  });

  test('makes a page of links from a package of earlier stories', () => {
    expect(only(packageItem('k1', ['n1', 'n2'], 'The week')).detail.article).toMatchObject({
      type: 'composite',
      headlines: [{ value: 'The week' }],
      associations: ['n1', 'n2'].map((id) => ({ type: 'text', uri: newsmlUri(id) })),
    });
  });

  test.each<[string, string]>([
    ['a picture by itself', pictureItem('p1')],
    ['a concept', '<conceptItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:c" version="1"/>'],
    ['a plan', '<planningItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:p" version="1"/>'],
    ['an empty message', message()],
  ])('has no command for %s', (_, payload) => {
    expect(commands(payload)).toEqual([]);
  });
});
