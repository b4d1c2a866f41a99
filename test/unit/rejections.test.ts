import { expect, test } from '@jest/globals';
import { rejectionLines } from '../../tools/dashboard/rejections.ts';
import type { Observation } from '../../tools/laptop/observations.ts';

const announced = (type: string, detail: unknown, source = 'pressrun'): Observation => ({
  kind: 'bus-event',
  event: { id: '1', source, 'detail-type': type, detail, time: '' },
  at: 0,
});

test('the terminal prints a rejected event with each of its fields', () => {
  const errors = [
    { path: 'article.headlines', message: 'must hold a headline' },
    { path: '', message: 'must be an event' },
  ];
  expect(
    rejectionLines(announced('article.rejected', { uri: 'urn:x:1', source: 'desk', eventId: 'e-1', errors })),
  ).toEqual([
    'rejected: urn:x:1 (from desk, event e-1)',
    '  article.headlines must hold a headline',
    '  must be an event',
  ]);
  expect(rejectionLines(announced('article.rejected', { source: 'desk', eventId: 'e-1', errors: [] }))).toEqual([
    'rejected: an event without a uri (from desk, event e-1)',
  ]);
});

test('a rejected front is named as in commands', () => {
  expect(
    rejectionLines(announced('article.rejected', { front: 'home', source: 'desk', eventId: 'e-1', errors: [] })),
  ).toEqual(['rejected: front:home (from desk, event e-1)']);
});

test('nothing is printed for other events, and for rejections of other sources', () => {
  expect(rejectionLines(announced('article.live', { uri: 'urn:x:1' }))).toEqual([]);
  expect(rejectionLines(announced('article.rejected', { uri: 'urn:x:1' }, 'desk'))).toEqual([]);
  expect(rejectionLines({ kind: 'message', queue: 'q', step: 'sent', at: 0 })).toEqual([]);
});
