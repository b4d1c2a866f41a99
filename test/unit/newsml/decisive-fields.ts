import { describe, expect, test } from '@jest/globals';
import { message, newsItem, nitf, textOf } from '../../fixtures/cms/newsml.ts';
import { Pipeline } from '../../simulation/pipeline.ts';
import { noon } from '../story.ts';
import { only, issuesOf, tomorrow, yesterday, docdata } from './reading.ts';

const compact = (time: string): string => time.replaceAll(/[-:]|\.\d+/g, '');

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
