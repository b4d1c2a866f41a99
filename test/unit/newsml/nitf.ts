import { describe, expect, test } from '@jest/globals';
import { nitf } from '../../fixtures/cms/newsml.ts';
import { only, issuesOf } from './reading.ts';

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

  test('has each of its bylines and subheadlines', () => {
    const story = nitf('n4')
      .replace('<hl2>A standfirst.</hl2>', '<hl2>A standfirst.</hl2><hl2>Ships<br/>wait</hl2>')
      .replace('</byline>', '<byttl>Economy editor</byttl></byline><byline>Jon Bright</byline>');
    expect(only(story).detail.article).toMatchObject({
      by: 'By Ada Marlow, Economy editor; Jon Bright',
      descriptions: [
        { role: 'summary', value: 'A standfirst.' },
        { role: 'subheadline', value: 'Ships wait' },
      ],
    });
    const abstract = nitf('n4').replace('</hedline>', '</hedline><abstract><p>Shorter.</p></abstract>');
    expect(only(abstract).detail.article.descriptions).toEqual([
      { role: 'summary', contentType: 'text/html', value: '<p>Shorter.</p>' },
      { role: 'subheadline', contentType: 'text/plain', value: 'A standfirst.' },
    ]);
  });

  test('with a picture at a relative address is read without it, with a warning', () => {
    const content = '<p>A</p><media><media-reference source="p.jpg"/><media-caption>At sea</media-caption></media>';
    const { article, warnings } = only(nitf('n4', { content })).detail;
    expect(article.bodies?.[0]?.value).toBe('<p>A</p>');
    expect(warnings).toMatchObject([{ path: 'nitf.body' }]);
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
