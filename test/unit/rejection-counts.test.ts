import { expect, test } from '@jest/globals';
import { rejectionCounts, type RejectedEvent } from '../../tools/cli/rejected.ts';

function rejected(source: string, ...paths: readonly string[]): RejectedEvent {
  return { eventId: '1', source, errors: paths.map((path) => ({ path, message: 'must be text' })) };
}

test('rejected events are counted by source and field, without positions in lists', () => {
  const events = [
    rejected('cms.ghost', 'article.headlines.0.value', 'article.headlines.3.value'),
    rejected('cms.ghost', 'article.headlines.1.value', 'article.uri'),
    rejected('desk', 'article.uri'),
    rejected('desk'),
  ];
  expect(rejectionCounts(events)).toEqual([
    { source: 'cms.ghost', path: 'article.headlines.*.value', count: 2 },
    { source: 'cms.ghost', path: 'article.uri', count: 1 },
    { source: 'desk', path: 'article.uri', count: 1 },
    { source: 'desk', path: undefined, count: 1 },
  ]);
  expect(rejectionCounts([])).toEqual([]);
});
