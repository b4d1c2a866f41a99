import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { billOf } from '../../tools/bench/bill.ts';
import { dayPlan, DayPlan } from '../../tools/bench/day-plan.ts';
import { limitsOf, limitTable } from '../../tools/bench/limits.ts';
import { newsroomDay, type Day, type Purging } from '../../tools/bench/newsroom-day.ts';
import { pathDollars } from '../../tools/bench/prices.ts';
import type { Units } from '../../tools/bench/units.ts';
import { theme } from './newspaper.ts';

const plan = new DayPlan({ articles: 40, updates: 3, bursts: 3, cardShare: 0.5, seed: 7 });
const day = async (purging: Purging): Promise<Day> =>
  newsroomDay({ plan, purging, windowSeconds: 2, calmReads: 5, burstReads: 50, readSeconds: 5, theme });
const units: Units = { events: 1, queueCalls: 1, invocations: 1, gigabyteSeconds: 0.01, writeUnits: 10, readUnits: 10 };
const measured = {
  story: units,
  card: units,
  body: units,
  listFill: units,
  pageFill: units,
  milliseconds: { deliver: 5, project: 50, store: 50 },
};

describe('a day of a newsroom', () => {
  test('is the same for the same seed, has all its changes, and none before its story', () => {
    const { changes } = dayPlan(plan);
    expect(changes.map(({ at, kind, story }) => [at, kind, story])).toEqual(
      dayPlan(plan).changes.map(({ at, kind, story }) => [at, kind, story]),
    );
    expect([changes.length, changes.filter(({ kind }) => kind === 'story').length]).toEqual([160, 40]);
    for (const { at, kind, story } of changes)
      expect(changes.find((one) => one.story === story && one.kind === 'story')?.at).toBeLessThanOrEqual(
        kind === 'story' ? at : at - 1,
      );
  });

  test('shows every change within five seconds by paths, by tags and by time, each cheaper than the one before', async () => {
    const [paths, tags, ttl] = [await day('paths'), await day('tags'), await day('ttl')];
    for (const { staleness, changes } of [paths, tags, ttl]) {
      expect(staleness.p95).toBeLessThan(5000);
      // Each new story shows in two lists, each new headline there or on its page, each new text on its page.
      expect(staleness.samples).toBeGreaterThanOrEqual(2 * changes.story + changes.card + changes.body);
    }
    expect(paths.calls).toBe(160);
    expect(tags.neededTags).toBe(tags.paths);
    const [naive, collected, timed] = [
      billOf(paths, 'paths', measured, 900),
      billOf(tags, 'tags', measured, 900),
      billOf(ttl, 'ttl', measured, 900),
    ];
    expect(naive.paths / collected.paths).toBeGreaterThan(15);
    expect(naive.paths / timed.paths).toBeGreaterThan(100);
    expect(naive.total).toBeCloseTo(
      Object.values(naive.lines).reduce((sum, line) => sum + line, 0),
      6,
    );
  }, 60_000);
});

test('the first thousand paths of a month are free', () => {
  expect([0, 1000, 1001, 41_000].map(pathDollars)).toEqual([0, 0, 0.005, 200]);
});

test('limits are listed in the order in which they are reached, and CloudFront’s request collapsing is bounded', () => {
  const rows = limitTable(
    { changesASecond: 0.5, readsASecond: 2000 },
    {
      pathsAChange: 2,
      fillShare: 0.02,
      milliseconds: measured.milliseconds,
      eventsAChange: 3,
      writeUnitsAChange: 5,
      readUnitsAList: 8,
    },
  );
  expect(rows.map(({ at }) => at[1000] ?? 0)).toEqual(rows.map(({ at }) => at[1000] ?? 0).sort((a, b) => b - a));
  const reads = rows.find(({ what }) => what.startsWith('reads of one partition'));
  expect(reads?.at[1000]).toBe(reads?.at[100]);
});

test('docs/cost.md has a row for each limit, with what to do about it', () => {
  const lines = readFileSync('docs/cost.md', 'utf8').split('\n');
  const columns = ({ what, turn, costs }: { what: string; turn: string; costs: string }): string =>
    [what, turn, costs].join(' | ');
  const header = lines.findIndex((line) => line.startsWith('| limit, the nearest first |'));
  const rows = lines.slice(header + 2, lines.indexOf('', header)).map((line) => {
    const [, what = '', , , turn = '', costs = ''] = line.split('|').map((cell) => cell.trim());
    return columns({ what, turn, costs });
  });
  const load = {
    pathsAChange: 1,
    fillShare: 1,
    milliseconds: measured.milliseconds,
    eventsAChange: 1,
    writeUnitsAChange: 1,
    readUnitsAList: 1,
  };
  expect(rows.toSorted()).toEqual(limitsOf({ changesASecond: 1, readsASecond: 1 }, load).map(columns).toSorted());
});
