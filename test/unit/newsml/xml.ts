import { describe, expect, test } from '@jest/globals';
import { xmlIn } from '../../../shared/cms/xml.ts';
import { newsItem, textOf } from '../../fixtures/cms/newsml.ts';
import { only, issuesOf } from './reading.ts';

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
