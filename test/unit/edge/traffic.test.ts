import { expect, test } from '@jest/globals';
import { Traffic } from '../../../tools/laptop/cloudfront/traffic.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const noon = Date.parse('2026-11-26T12:00:00Z');

test('the traffic of an edge is counted by minute, and its purges by day', () => {
  let now = noon;
  const traffic = new Traffic(() => now);
  traffic.noteRequest();
  traffic.noteOrigin();
  now += minute - 1;
  traffic.noteRequest();
  now += 1;
  traffic.noteRequest();
  traffic.notePurge(3);
  traffic.notePurge(1);
  now += 12 * 60 * minute;
  traffic.notePurge(1);
  expect(traffic.since).toBe(noon);
  expect(traffic.minutes).toEqual([
    { at: noon, requests: 2, fromOrigin: 1 },
    { at: noon + minute, requests: 1, fromOrigin: 0 },
  ]);
  expect(traffic.purges).toEqual([
    { at: noon - day / 2, paths: 4 },
    { at: noon + day / 2, paths: 1 },
  ]);
});

test('minutes older than a day and days older than a month are forgotten', () => {
  let now = noon;
  const traffic = new Traffic(() => now);
  traffic.noteRequest();
  traffic.notePurge(1);
  now += 2 * day;
  traffic.noteRequest();
  traffic.notePurge(1);
  expect(traffic.minutes).toEqual([{ at: now, requests: 1, fromOrigin: 0 }]);
  expect(traffic.purges).toHaveLength(2);
  now += 40 * day;
  traffic.notePurge(1);
  expect(traffic.purges).toHaveLength(1);
});
