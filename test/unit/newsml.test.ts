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
  test('field by field', () => {
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
  ])('with its text as %s', (_, content, expected) => {
    expect(only(newsItem('n1', { content })).detail.article.bodies?.[0]?.value).toBe(expected);
  });

  test('with a text that is not read is told without it, and says so', () => {
    const content = '<inlineXML contenttype="application/sportsml+xml"><sports-content xmlns="urn:s"/></inlineXML>';
    const { detail } = only(newsItem('n1', { content }));
    expect(detail.article.bodies).toBeUndefined();
    expect(detail.warnings).toMatchObject([{ path: 'newsItem.contentSet.inlineXML' }]);
  });

  test('never says what editors say to editors', () => {
    expect(JSON.stringify(commands(newsItem('n1')))).not.toContain('DESK ONLY');
    expect(JSON.stringify(commands(nitf('n1')))).not.toContain('DESK ONLY');
  });

  test.each<[string, Parameters<typeof newsItem>[1], string]>([
    ['an unknown status', { status: 'stat:draft' }, 'newsItem.itemMeta.pubStatus'],
    ['an embargo until further notice', { embargoed: '' }, 'newsItem.itemMeta.embargoed'],
    ['an embargo without a zone', { embargoed: '2026-06-01T10:00:00' }, 'newsItem.itemMeta.embargoed'],
  ])('%s rejects it', (_, given, path) => {
    expect(issuesOf(newsItem('n1', given))).toEqual([path]);
  });

  test('a status by its uri is that status', () => {
    const item = newsItem('n1').replace(
      'qcode="stat:usable"',
      'uri="http://cv.iptc.org/newscodes/pubstatusg2/withheld"',
    );
    expect(only(item)).toMatchObject({ type: 'article.unpublished', detail: { article: { pubStatus: 'withheld' } } });
  });

  test('a correction is one', () => {
    expect(only(newsItem('n1', { item: '<signal qcode="sig:correction"/>' })).detail.article.trustIndicators).toEqual([
      { title: 'Correction' },
    ]);
  });
});

describe('a news message', () => {
  test('gives the pictures of a package to its text, and tells the package by it', async () => {
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

  test('keeps the embargo of a picture with it', () => {
    const [story] = commands(
      message(
        packageItem('k1', ['n1', 'p1']),
        newsItem('n1'),
        pictureItem('p1', { embargoed: '2030-01-01T00:00:00Z' }),
      ),
    );
    expect(story?.detail.article.associations?.[0]?.embargoedUntil).toBe('2030-01-01T00:00:00Z');
  });

  test('tells each of its stories, and names the one that cannot be read', () => {
    const reading = read(message(newsItem('n1'), newsItem('n2', { status: 'stat:draft' }), newsItem('n3')));
    expect('commands' in reading && reading.commands.map(({ detail }) => detail.article.uri)).toEqual(
      ['n1', 'n3'].map(newsmlUri),
    );
    expect('commands' in reading && reading.unread?.map(({ path }) => path)).toEqual(['newsItem.itemMeta.pubStatus']);
  });

  test('a package of stories that came before is a page of links', () => {
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
  ])('%s concerns no reader', (_, payload) => {
    expect(commands(payload)).toEqual([]);
  });
});

describe('NITF', () => {
  test('field by field', () => {
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

  test('sections are as the newsroom’s setting says, by reference number, name or keyword', () => {
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
  ])('%s rejects it', (_, given, path) => {
    expect(issuesOf(nitf('n4', given))).toEqual([path]);
  });
});

describe('an XML document', () => {
  test('has names without prefix, and characters for references', () => {
    expect(xmlIn('\uFEFF<a:r xmlns:a="u" xml:lang="en">&lt;&#233;<b x="1 &amp; 2"/><![CDATA[<i>]]></a:r>')).toEqual({
      name: 'r',
      attributes: { a: 'u', lang: 'en' },
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
  ])('that is none, is cut short, is nested too deep or defines entities is rejected: %j', (text) => {
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
