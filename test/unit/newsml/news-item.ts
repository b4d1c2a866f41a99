import { describe, expect, test } from '@jest/globals';
import { newsItem, newsmlUri, nitf, textOf } from '../../fixtures/cms/newsml.ts';
import { commands, only, issuesOf } from './reading.ts';

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

  test('whose text is at another address has none, with a warning', () => {
    const content = '<remoteContent href="https://wire.example.com/n1.html" contenttype="text/html"/>';
    expect(only(newsItem('n1', { content })).detail.warnings).toMatchObject([
      { path: 'newsItem.contentSet.remoteContent' },
    ]);
    const pdf = textOf('Body.') + '<remoteContent href="https://wire.example.com/n1.pdf"/>';
    expect(only(newsItem('n1', { content: pdf })).detail.warnings).toBeUndefined();
  });

  test('has its other headlines too: a subheadline as a description', () => {
    const meta = '<headline role="hld:subHeadline">Ships wait</headline><headline xml:lang="fr">Les navires</headline>';
    const { headlines, descriptions } = only(newsItem('n1', { meta, content: '' })).detail.article;
    expect(headlines).toEqual([{ role: 'main', value: 'Story n1' }, { value: 'Les navires' }]);
    expect(descriptions).toEqual([{ role: 'subheadline', contentType: 'text/plain', value: 'Ships wait' }]);
  });

  test('has its place from the dateline, and its byline from the credit, if nothing else says so', () => {
    const plain = newsItem('n1', { content: '', meta: '<dateline>LIMA, March 2</dateline><creditline>AW</creditline>' })
      .replace(/<located.*<\/located>/, '')
      .replace(/<creator.*<\/creator>/, '<contributor><name>Jon Bright</name></contributor>');
    expect(only(plain).detail.article).toMatchObject({
      located: 'LIMA, March 2',
      by: 'AW',
      people: [{ rel: 'contributor', name: 'Jon Bright' }],
    });
    expect(only(newsItem('n1', { meta: '<creditline>AW</creditline>' })).detail.article.by).toBe('By Ada Marlow');
  });

  test.each<[string, string]>([
    ['XHTML', '<inlineXML><html><body><p>A</p><figure><img src="p.jpg"/></figure></body></html></inlineXML>'],
    ['NITF', textOf('A</p><media media-type="image"><media-reference source="p.jpg"/></media><p>')],
  ])('with a picture at a relative address is read without it, with a warning: %s', (_, content) => {
    const { detail } = only(newsItem('n1', { content }));
    expect(detail.article.bodies?.[0]?.value).not.toContain('p.jpg');
    expect(detail.warnings).toMatchObject([{ path: 'newsItem.contentSet' }]);
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
