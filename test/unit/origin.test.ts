import { describe, expect, test } from '@jest/globals';
import { originFields } from '../../shared/article/origin.ts';
import { correlationIdIn, idIn } from '../../shared/events/correlation.ts';

test('an announcement has its correlation id, and the replay that brought it', () => {
  expect(originFields({ correlationId: 'event', replay: 'may' })).toStrictEqual({
    correlationId: 'event',
    replay: 'may',
  });
  expect(originFields({ correlationId: 'event' })).toStrictEqual({ correlationId: 'event' });
  expect(originFields()).toStrictEqual({});
});

describe('the correlation id of a message', () => {
  test.each([
    [
      'as the webhook endpoint noted it',
      { id: 'bus', detail: { correlationId: 'endpoint' }, correlationId: 'own' },
      'endpoint',
    ],
    [
      'as Pressrun itself noted it',
      { id: 'bus', detail: {}, correlationId: 'own', origin: { correlationId: 'origin' } },
      'own',
    ],
    ['as its cause says', { id: 'bus', origin: { correlationId: 'origin' } }, 'origin'],
    ['else the bus event that it is', { id: 'bus', detail: null }, 'bus'],
    ['or it is not known', { detail: 'text' }, undefined],
  ])('is read %s', (_, message, id) => {
    expect(correlationIdIn(JSON.stringify(message))).toBe(id);
  });

  test.each(['', 'no JSON', '7', 'null'])('is absent from %j', (body) => {
    expect(correlationIdIn(body)).toBeUndefined();
  });

  test('must look like an id', () => {
    expect(['a', '6a7e8feb-b491:cms.1_2', 'x'.repeat(100)].map(idIn)).toEqual([
      'a',
      '6a7e8feb-b491:cms.1_2',
      'x'.repeat(100),
    ]);
    expect(['', 'two words', 'line\nfeed', 'x'.repeat(101), '<b>', 7, undefined].map(idIn)).toEqual(
      Array.from({ length: 7 }),
    );
  });
});
