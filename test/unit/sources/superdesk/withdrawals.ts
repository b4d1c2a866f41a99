import { describe, expect, test } from '@jest/globals';
import { superdeskItem, superdeskPicture, superdeskUri } from '../../../fixtures/cms/superdesk.ts';
import { imagesIn, only, pageOf, pages, read } from './pages.ts';

describe('a payload that does not concern readers is no command', () => {
  test.each<[string, unknown]>([
    ['a ping', {}],
    ['a ping with a name', { ping: true }],
    ['a picture by itself', superdeskPicture('p1')],
    ['a picture with an embargo', superdeskPicture('p1', { embargoed: '2030-01-01T00:00:00+0000' })],
    ['an event', { guid: 'urn:event', type: 'event', name: 'Fair', versioncreated: '2026-03-02T10:00:00+0000' }],
    ['a planning item', { guid: 'urn:plan', type: 'planning', versioncreated: '2026-03-02T10:00:00+0000' }],
  ])('%s', (_, payload) => {
    expect(read(payload)).toEqual([]);
  });
});

describe('withdrawals', () => {
  test.each(['canceled', 'unpublished', 'withheld'])('%s withdraws the story and its text', async (pubstatus) => {
    const kill = superdeskItem('u1', { version: '4', pubstatus, body_html: '<p>KILL NOTICE</p>' });
    expect(JSON.stringify(only(kill))).not.toContain('KILL');
    const pipeline = await pages(superdeskItem('u1'), kill);
    expect([...pipeline.articles.heads.values()][0]?.visibility).toBe(pubstatus === 'withheld' ? 'hidden' : 'gone');
  });

  test.each<[string, Record<string, unknown>]>([
    ['without version', { version: undefined }],
    ['with an invalid version', { version: 'last' }],
    ['with a version of more digits than can be compared', { version: '99999999999' }],
    ['without a time that can be read', { version: '4', versioncreated: 'now' }],
  ])('%s is a withdrawal', async (_, more) => {
    const pipeline = await pages(
      superdeskItem('u1', { version: '3' }),
      superdeskItem('u1', { ...more, pubstatus: 'canceled' }),
    );
    expect([...pipeline.articles.heads.values()].map(({ visibility }) => visibility)).toEqual(['gone']);
  });

  test('a killed picture is pulled from the article that shows it', async () => {
    const story = superdeskItem('u1', { associations: { featuremedia: superdeskPicture('p1') } });
    const pipeline = await pages(story, superdeskPicture('p1', { pubstatus: 'canceled' }));
    expect(imagesIn(await pageOf(pipeline, superdeskUri('u1')))).toEqual([]);
  });

  test('an unknown status is rejected, because it may be a withdrawal', () => {
    expect(() => read(superdeskItem('u1', { pubstatus: 'recalled' }))).toThrow('pubstatus');
  });

  test('the request of an old version changes nothing when it is sent again', async () => {
    const kill = superdeskItem('u1', { version: '4', pubstatus: 'canceled' });
    const pipeline = await pages(superdeskItem('u1'), kill, superdeskItem('u1'));
    expect([...pipeline.articles.heads.values()][0]?.visibility).toBe('gone');
  });
});
