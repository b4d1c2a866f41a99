import { describe, expect, test } from '@jest/globals';
import type { Command } from '../../shared/cms/source.ts';
import { settingsOf, type GivenSettings } from '../../shared/cms/sources.ts';
import { newsml } from '../../shared/cms/sources/newsml.ts';
import { xmlIn } from '../../shared/cms/xml.ts';
import { message, newsItem, newsmlUri, nitf, packageItem, pictureItem, textOf } from '../fixtures/cms/newsml.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { noon } from './story.ts';

function read(payload: unknown, given: GivenSettings = {}) {
  return newsml.read(payload, settingsOf(newsml, given), { receivedAt: noon, headers: {} });
}

function commands(payload: unknown, given: GivenSettings = {}): readonly Command[] {
  const reading = read(payload, given);
  if ('issues' in reading) throw new Error(JSON.stringify(reading.issues));
  return reading.commands;
}

function only(payload: unknown, given: GivenSettings = {}): Command {
  const [command, ...others] = commands(payload, given);
  if (!command || others.length > 0) throw new Error(`${others.length + 1} commands`);
  return command;
}

const issuesOf = (payload: unknown): readonly string[] => {
  const reading = read(payload);
  return 'issues' in reading ? reading.issues.map(({ path }) => path) : [];
};

describe('a news item of NewsML-G2', () => {
  test('is read field by field', () => {
    const { type, detail } = only(newsItem('n1', { version: 7 }), {
      newsml: { sections: { 'wire:world': 'news/world' } },
    });
    expect(type).toBe('article.published');
    expect(detail).toEqual({
      revision: 7,
      article: {
        uri: newsmlUri('n1'),
        type: 'text',
        versionCreated: '2026-03-02T11:00:00+00:00',
        pubStatus: 'usable',
        urgency: 3,
        language: 'en-GB',
        headlines: [{ role: 'main', value: 'Story n1' }],
        descriptions: [{ role: 'summary', contentType: 'text/html', value: '<p>A standfirst &amp; more.</p>' }],
        bodies: [{ role: 'main', contentType: 'text/html', value: '<p>Body of n1.</p>' }],
        by: 'By Ada Marlow',
        people: [{ rel: 'author', name: 'Ada Marlow' }],
        subjects: [
          { rel: 'section', literal: 'news/world' },
          { rel: 'about', name: 'economy, business and finance', literal: 'medtop:04000000' },
        ],
        genres: [{ name: 'Explainer' }],
        slugline: 'story-n1',
        located: 'Portsmouth',
        copyrightHolder: 'Example Wire',
      },
    });
  });

  test.each<[string, string, string]>([
    [
      'XHTML',
      '<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>no</title></head><body><p>A <em>b</em> &#233;</p><script>no</script></body></html></inlineXML>',
      '<p>A <em>b</em> é</p>',
    ],
    ['plain text', '<inlineData contenttype="text/plain">A &lt; b</inlineData>', 'A < b'],
    ['HTML as text', '<inlineData contenttype="text/html">&lt;p&gt;A&lt;/p&gt;</inlineData>', '<p>A</p>'],
    [
      'HTML as a section of characters',
      '<inlineData contenttype="text/html"><![CDATA[<p>A</p>]]></inlineData>',
      '<p>A</p>',
    ],
  ])('has its text from %s', (_, content, expected) => {
    expect(only(newsItem('n1', { content })).detail.article.bodies?.[0]?.value).toBe(expected);
  });

  test('with a text of an unknown type is read without it, with a warning', () => {
    const content = '<inlineXML contenttype="application/sportsml+xml"><sports-content xmlns="urn:s"/></inlineXML>';
    const { detail } = only(newsItem('n1', { content }));
    expect(detail.article.bodies).toBeUndefined();
    expect(detail.warnings).toMatchObject([{ path: 'newsItem.contentSet.inlineXML' }]);
  });

  test('has no note to editors', () => {
    expect(JSON.stringify(commands(newsItem('n1')))).not.toContain('DESK ONLY');
    expect(JSON.stringify(commands(nitf('n1')))).not.toContain('DESK ONLY');
  });

  test.each<[string, Parameters<typeof newsItem>[1], string]>([
    ['an unknown status', { status: 'stat:draft' }, 'newsItem.itemMeta.pubStatus'],
    ['an embargo until further notice', { embargoed: '' }, 'newsItem.itemMeta.embargoed'],
    ['an embargo without a zone', { embargoed: '2026-06-01T10:00:00' }, 'newsItem.itemMeta.embargoed'],
  ])('with %s is rejected', (_, given, path) => {
    expect(issuesOf(newsItem('n1', given))).toEqual([path]);
  });

  test('may name its status by uri', () => {
    const item = newsItem('n1').replace(
      'qcode="stat:usable"',
      'uri="http://cv.iptc.org/newscodes/pubstatusg2/withheld"',
    );
    expect(only(item)).toMatchObject({ type: 'article.unpublished', detail: { article: { pubStatus: 'withheld' } } });
  });

  test('may be marked as a correction', () => {
    expect(only(newsItem('n1', { item: '<signal qcode="sig:correction"/>' })).detail.article.trustIndicators).toEqual([
      { title: 'Correction' },
    ]);
  });
});

const tomorrow = new Date(noon + 86_400_000).toISOString();
const yesterday = new Date(noon - 86_400_000).toISOString();
const compact = (time: string): string => time.replaceAll(/[-:]|\.\d+/g, '');
const docdata = (within: string, status = ''): string =>
  `<head><docdata${status === '' ? '' : ` management-status="${status}"`}>${within}</docdata></head>`;
const release = (time: string): string => `<date.release norm="${compact(time)}"/>`;
const end = (time: string): string => `<date.expire norm="${compact(time)}"/>`;

describe('an item with NITF has the stricter state of both', () => {
  const article = (head: string, given: Parameters<typeof newsItem>[1] = {}): object =>
    only(newsItem('n1', { content: textOf('Text.', head), ...given })).detail.article;

  test.each<[string, string, Parameters<typeof newsItem>[1], object]>([
    ['an embargo of the NITF', docdata(release(tomorrow)), {}, { embargoedUntil: tomorrow.replace('.000', '') }],
    [
      'the later embargo',
      docdata(release(yesterday), 'embargoed'),
      { embargoed: tomorrow },
      { embargoedUntil: tomorrow },
    ],
    ['an expiry of the NITF', docdata(end(tomorrow)), {}, { expires: tomorrow.replace('.000', '') }],
    [
      'the earlier expiry',
      docdata(end(tomorrow)),
      { item: `<expires>${tomorrow}</expires><expires>${yesterday}</expires>` },
      { expires: yesterday },
    ],
    ['a cancellation of the NITF', docdata('', 'canceled'), {}, { pubStatus: 'canceled' }],
    ['a cancellation of the item', docdata('', 'hold'), { status: 'stat:canceled' }, { pubStatus: 'canceled' }],
  ])('%s', (_, head, given, expected) => {
    expect(article(head, given)).toMatchObject(expected);
  });

  test.each([docdata('', 'hold'), docdata('<date.release norm="soon"/>'), docdata('', 'embargoed')])(
    'a NITF state that is unclear rejects the item: %s',
    (head) => {
      expect(issuesOf(newsItem('n1', { content: textOf('Text.', head) }))).toHaveLength(1);
    },
  );

  test('also with NITF deeper in the content', () => {
    const content = `<inlineXML><div xmlns="http://www.w3.org/1999/xhtml">${textOf('Text.', docdata('', 'withheld'))}</div></inlineXML>`;
    expect(only(newsItem('n1', { content })).type).toBe('article.unpublished');
  });
});

describe('a field that decides about publication is read in one place only', () => {
  const twice = (item: string, element: RegExp): string => item.replace(element, (found) => found + found);

  test.each([
    [/<pubStatus[^>]*>/, 'newsItem.itemMeta.pubStatus'],
    [/<embargoed>.*<\/embargoed>/, 'newsItem.itemMeta.embargoed'],
    [/<itemClass[^>]*>/, 'newsItem.itemMeta.itemClass'],
    [/<versionCreated>.*<\/versionCreated>/, 'newsItem.itemMeta.versionCreated'],
    [/<itemMeta>[^]*<\/itemMeta>/, 'newsItem.itemMeta'],
  ])('twice in an item it is an issue: %s', (element, path) => {
    expect(issuesOf(twice(newsItem('n1', { embargoed: yesterday }), element))).toEqual([path]);
  });

  test.each([
    [/<date.release[^>]*>/, 'nitf.head.docdata.date.release'],
    [/<date.expire[^>]*>/, 'nitf.head.docdata.date.expire'],
    [/<doc-id[^>]*>/, 'nitf.head.docdata.doc-id'],
    [/<docdata[^]*<\/docdata>/, 'nitf.head.docdata'],
    [/<head>[^]*<\/head>/, 'nitf.head'],
  ])('twice in NITF it is an issue: %s', (element, path) => {
    const given = { docdata: release(yesterday) + end(tomorrow) };
    expect(issuesOf(twice(nitf('n4', given), element))).toEqual([path]);
  });

  test.each<[string, string]>([
    ['an embargo in contentMeta', newsItem('n1', { meta: `<embargoed>${tomorrow}</embargoed>` })],
    ['an embargo in contentMeta without a time', newsItem('n1', { meta: '<embargoed/>' })],
    ['an embargo by another name', newsItem('n1', { item: `<Embargoed>${tomorrow}</Embargoed>` })],
    ['an embargo of another namespace', newsItem('n1', { item: `<x:embargo xmlns:x="urn:x">${tomorrow}</x:embargo>` })],
    [
      'a property with the name of an embargo',
      newsItem('n1', { item: `<itemMetaExtProperty rel="ext:embargo" value="${tomorrow}"/>` }),
    ],
    [
      'a property with a time of publication, as Infomaker has it',
      newsItem('n1', { item: `<itemMetaExtProperty type="imext:pubstart" value="${tomorrow}"/>` }),
    ],
    ['a time of publication ahead', newsItem('n1', { item: `<publishOn>${tomorrow}</publishOn>` })],
    [
      'an attribute of the content',
      newsItem('n1', { content: `<inlineXML embargoed="${tomorrow}"><p>Text.</p></inlineXML>` }),
    ],
    [
      'a header of the message',
      message(newsItem('n1')).replace('<header>', `<header><headerExtProperty rel="x:embargo" value="${tomorrow}"/>`),
    ],
    ['a release without norm', nitf('n4', { docdata: `<date.release>${compact(tomorrow)}</date.release>` })],
    ['an expiry without norm', nitf('n4', { docdata: '<date.expire>soon</date.expire>' })],
    ['NITF’s meta', nitf('n4').replace('<tobject>', `<meta name="embargo" content="${tomorrow}"/><tobject>`)],
    [
      'a date of print publication ahead',
      nitf('n4').replace('</head>', `<pubdata date.publication="${compact(tomorrow)}"/></head>`),
    ],
    ['a status by a qcode and a uri that differ', newsItem('n1').replace('qcode="stat:usable"', '$& uri="x/canceled"')],
  ])('elsewhere it rejects the item: %s', (_, payload) => {
    expect(issuesOf(payload)).toHaveLength(1);
  });

  test.each<[string, string]>([
    [
      'past times of publication, and fields of the standards themselves',
      newsItem('n1', {
        item: `<itemMetaExtProperty rel="x:pubstart" value="${yesterday}"/><firstCreated>${yesterday}</firstCreated>`,
        meta: `<contentCreated>${yesterday}</contentCreated><subject qcode="x:1" validfrom="${tomorrow}"><name>X</name></subject>`,
      }),
    ],
    ['an editor’s note', newsItem('n1', { item: `<edNote>${tomorrow} is the date of the match</edNote>` })],
    [
      'a print date of the past, and an expiry that Superdesk leaves empty',
      nitf('n4', { docdata: '<date.expire norm=""/>' }).replace(
        '</head>',
        '<pubdata date.publication="20260301"/></head>',
      ),
    ],
  ])('other fields do not reject the item: %s', (_, payload) => {
    expect(only(payload).type).toBe('article.published');
  });

  test('an attribute of the same name in another namespace is ignored', () => {
    const item = newsItem('n1', { status: 'stat:canceled' }).replace(
      '<pubStatus ',
      '<pubStatus xmlns:x="urn:x" x:qcode="stat:usable" ',
    );
    expect(only(item).type).toBe('article.unpublished');
    expect(only(item.replace(/(x:qcode="[^"]*") (qcode="[^"]*")/, '$2 $1')).type).toBe('article.unpublished');
  });
});

describe('a withdrawal needs only its identity', () => {
  test.each<[string, string]>([
    ['a release that cannot be read', nitf('n4', { status: 'canceled', docdata: '<date.release norm="soon"/>' })],
    ['no date', nitf('n4', { status: 'withheld' }).replace(/<date.issue[^>]*>/, '')],
    ['an embargo until further notice', newsItem('n1', { status: 'stat:canceled', embargoed: '' })],
    ['a date that cannot be read', newsItem('n1', { status: 'stat:withheld', created: 'today' })],
    ['an embargo that is not read', newsItem('n1', { status: 'stat:canceled', meta: '<embargoed/>' })],
  ])('and may have %s', async (_, payload) => {
    const { type, detail } = only(payload);
    expect(type).toBe('article.unpublished');
    const pipeline = new Pipeline(noon);
    await pipeline.send(type, { ...detail }, { source: 'cms.newsml' });
    expect(pipeline.rejections.kept).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['without version, whose default is 1', ' version="1"', ''],
    ['without version, after the highest', ' version="9999999999"', ''],
    ['of ten digits', ' version="999999999"', ' version="1000000000"'],
    ['of more digits than can be compared', ' version="9999999999"', ' version="99999999999"'],
  ])('and wins over the story at the same time: %s', async (_, version, next) => {
    const pipeline = new Pipeline(noon);
    const item = (status: string, by: string): string =>
      newsItem('n1', { status: `stat:${status}` }).replace(/ version="1"/, by);
    for (const payload of [item('usable', version), item('canceled', next)]) {
      const { type, detail } = only(payload);
      pipeline.clock.time += 1000;
      await pipeline.send(type, { ...detail }, { source: 'cms.newsml' });
    }
    expect([...pipeline.articles.heads.values()].map(({ visibility }) => visibility)).toEqual(['gone']);
  });
});

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

describe('NITF', () => {
  test('is read field by field', () => {
    const content =
      '<p>In <location>Lima</location> <em>today</em>.</p><hl2>More</hl2><media media-type="image"><media-reference source="https://pictures.example.com/1.jpg" alternate-text="A &quot;ship&quot;" width="900"/><media-caption><p>At sea</p></media-caption><media-producer>AM</media-producer></media><block><bq><p>Said.</p></bq></block>';
    const docdata = '<date.release norm="20260302T120000+0100"/><date.expire norm="20270302T110000Z"/>';
    expect(only(nitf('n4', { content, docdata })).detail.article).toEqual({
      uri: 'newsml:main/nitf-n4',
      type: 'text',
      versionCreated: '2026-03-02T11:00:00.000Z',
      pubStatus: 'usable',
      embargoedUntil: '2026-03-02T12:00:00+0100',
      expires: '2027-03-02T11:00:00Z',
      language: 'en-GB',
      urgency: 4,
      headlines: [{ role: 'main', value: 'Story n4' }],
      descriptions: [{ role: 'summary', contentType: 'text/plain', value: 'A standfirst.' }],
      bodies: [
        {
          role: 'main',
          contentType: 'text/html',
          value:
            '<p>In Lima <em>today</em>.</p><h2>More</h2><figure><img src="https://pictures.example.com/1.jpg" alt="A &quot;ship&quot;"><figcaption><p>At sea</p> (Photo: AM)</figcaption></figure><blockquote><p>Said.</p></blockquote>',
        },
      ],
      by: 'By Ada Marlow',
      people: [{ rel: 'author', name: 'Ada Marlow' }],
      located: 'Portsmouth',
      subjects: [
        { rel: 'about', name: 'Economy', literal: '04000000' },
        { rel: 'about', name: 'world', literal: 'wire:world' },
        { rel: 'about', name: 'Grain' },
      ],
    });
  });

  test('has sections by reference number, name or keyword, as the newsroom sets', () => {
    for (const name of ['04000000', 'economy', 'GRAIN'])
      expect(only(nitf('n4'), { newsml: { sections: { [name]: 'money' } } }).detail.article.subjects).toContainEqual({
        rel: 'section',
        literal: 'money',
      });
  });

  test.each<[string, Parameters<typeof nitf>[1], string]>([
    ['an unknown status', { status: 'hold' }, 'nitf.head.docdata.management-status'],
    ['an embargo without a date', { status: 'embargoed' }, 'nitf.head.docdata.date.release'],
    [
      'a release without a zone',
      { docdata: '<date.release norm="20260601T100000"/>' },
      'nitf.head.docdata.date.release',
    ],
  ])('with %s is rejected', (_, given, path) => {
    expect(issuesOf(nitf('n4', given))).toEqual([path]);
  });
});

describe('an XML document', () => {
  test('is read without prefixes and with its references resolved', () => {
    expect(xmlIn('\uFEFF<a:r xmlns:a="u" xml:lang="en">&lt;&#233;<b x="1 &amp; 2"/><![CDATA[<i>]]></a:r>')).toEqual({
      name: 'r',
      attributes: { 'xml:lang': 'en' },
      children: ['<é', { name: 'b', attributes: { x: '1 & 2' }, children: [] }, '<i>'],
    });
  });

  test.each([
    '',
    'text',
    '<a>',
    '<a><b></a>',
    '<a/><b/>',
    '<a/>text',
    '<a x=1/>',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    '<a>'.repeat(200) + '</a>'.repeat(200),
    '{"a":1}',
  ])('that is invalid, cut short, nested too deep or defines entities is rejected: %j', (text) => {
    expect(xmlIn(text)).toBeUndefined();
    expect(issuesOf(text)).toEqual(['']);
  });

  test('of another kind is named', () => {
    expect(issuesOf('<rss/>')).toEqual(['rss']);
    expect(issuesOf({ guid: 'a' })).toEqual(['']);
  });

  test('text with markup characters stays text', () => {
    const { detail } = only(
      newsItem('n1', { headline: 'A &lt;b&gt; &amp; c', content: textOf('1 &lt; 2 &amp;amp; 3') }),
    );
    expect(detail.article.headlines).toMatchObject([{ value: 'A <b> & c' }]);
    expect(detail.article.bodies?.[0]?.value).toBe('<p>1 &lt; 2 &amp;amp; 3</p>');
  });
});
