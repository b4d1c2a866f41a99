import { describe, expect, test } from '@jest/globals';
import { rejectedEventIn } from '../../tools/cli/rejected.ts';
import { subjectText } from '../../tools/cli/text.ts';
import { busEvent, story } from './story.ts';

describe('an event in the dead-letter queue', () => {
  const message = (article: object): { readonly Body: string; readonly MessageId: string } => ({
    MessageId: 'm',
    Body: busEvent('article.published', { article }, { id: 'event-1', source: 'newsroom' }),
  });
  const uri = 'urn:agency:1';

  test('has the reasons that the stage announced, such as the owner of a uri', () => {
    const errors = [{ path: 'article.uri', message: 'must not be a uri of another source' }];
    expect(rejectedEventIn(message(story({ uri })), new Map([['event-1', errors]]))).toMatchObject({
      eventId: 'event-1',
      source: 'newsroom',
      uri,
      errors,
    });
  });

  test('without an announced reason failed too often, or has the reasons found here', () => {
    expect(rejectedEventIn(message(story({ uri })), new Map())).toMatchObject({ uri, errors: [] });
    expect(rejectedEventIn(message(story({ uri, type: 'picture' })), new Map())).toMatchObject({
      uri,
      errors: [{ path: 'article.type' }],
    });
  });

  test('about a file has its name and its source', () => {
    const Body = JSON.stringify({
      id: 'event-1',
      source: 'aws.s3',
      'detail-type': 'Object Created',
      time: '2026-05-01T12:00:00Z',
      detail: { object: { key: 'drop/newsml/a b.xml' } },
    });
    const errors = [{ path: 'newsItem.guid', message: 'is missing' }];
    expect(rejectedEventIn({ MessageId: 'm', Body }, new Map([['event-1', errors]]))).toEqual({
      eventId: 'event-1',
      source: 'cms.newsml',
      detailType: 'Object Created',
      time: '2026-05-01T12:00:00Z',
      file: 'drop/newsml/a b.xml',
      errors,
    });
  });
});

test('the name of a file is shown without characters that steer a terminal', () => {
  expect(subjectText({ file: 'drop/newsml/Köln \u001b[2J\n1.xml' })).toBe('drop/newsml/Köln \\u001b[2J\\u000a1.xml');
});
