import { describe, expect, test } from '@jest/globals';
import { advanced, driftOf, newJob, type Finding } from '../../shared/job.ts';
import { stateOf } from '../../tools/cli/job-list.ts';

const missing: Finding = { kind: 'missing', articleId: 'a', feed: 'latest', mended: true };
const head: Finding = { kind: 'head', articleId: 'b', mended: false };
const page = { seen: 0, written: 0, findings: [], next: undefined, now: 2000 };

test('a job without progress for longer than a retry takes is stuck', () => {
  const job = newJob('p', 'repair', 1000);
  const minutes = (count: number): number => 1000 + count * 60_000;
  expect([stateOf(job, minutes(9)), stateOf(job, minutes(11))]).toEqual(['running', 'stuck']);
  const done = advanced(advanced(job, page), page);
  expect(stateOf(done, minutes(11))).toBe('done');
});

describe('a job', () => {
  test('begins with the articles and without findings', () => {
    expect(newJob('p', 'repair', 1000)).toEqual({
      passId: 'p',
      mode: 'repair',
      phase: 'articles',
      step: 0,
      startedAt: 1000,
      advancedAt: 1000,
      articles: 0,
      entries: 0,
      written: 0,
      drift: {},
      examples: [],
    });
  });

  test('goes through all articles, then through all entries, and counts each separately', () => {
    const first = advanced(newJob('p', 'repair', 1000), {
      ...page,
      seen: 8,
      written: 3,
      next: 'here',
      findings: [missing, missing, head],
    });
    expect(first).toEqual({
      ...newJob('p', 'repair', 1000),
      step: 1,
      cursor: 'here',
      advancedAt: 2000,
      articles: 8,
      written: 3,
      drift: { missing: 2, head: 1 },
      examples: [missing, missing, head],
    });
    const second = advanced(first, { ...page, seen: 2, written: 1, findings: [head], now: 3000 });
    expect(second).toMatchObject({
      phase: 'entries',
      step: 2,
      articles: 10,
      written: 4,
      drift: { missing: 2, head: 2 },
      advancedAt: 3000,
    });
    // The entries begin at their beginning.
    expect(second).not.toHaveProperty('cursor');
    const third = advanced(second, { ...page, seen: 5, next: 'there' });
    expect(third).toMatchObject({ phase: 'entries', step: 3, articles: 10, entries: 5, cursor: 'there' });
    const last = advanced(third, { ...page, seen: 6 });
    expect(last).toMatchObject({ phase: 'done', step: 4, articles: 10, entries: 11, startedAt: 1000 });
    expect(last).not.toHaveProperty('cursor');
    expect(driftOf(last)).toBe(4);
  });

  test('keeps the first twenty examples of drift, and counts all', () => {
    const findings = Array.from({ length: 15 }, (_, n): Finding => ({ ...missing, articleId: `${n}` }));
    const twice = advanced(advanced(newJob('p', 'verify', 0), { ...page, next: 'x', findings }), {
      ...page,
      findings: [head, ...findings],
    });
    expect(twice.examples.map(({ articleId }) => articleId)).toEqual(
      [...findings, head, ...findings.slice(0, 4)].map(({ articleId }) => articleId),
    );
    expect(driftOf(twice)).toBe(31);
  });
});
