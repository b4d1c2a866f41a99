import { expect, test } from '@jest/globals';
import { bestOf, lowest, scoresIn } from '../../tools/lighthouse/scores.ts';

const reportOf = (performance: number): string =>
  JSON.stringify({
    categories: Object.fromEntries(
      ['performance', 'accessibility', 'best-practices', 'seo', 'another'].map((id) => [
        id,
        { score: id === 'performance' ? performance : 1 },
      ]),
    ),
  });

test('the lowest of four scores of the better run counts', () => {
  const runs = [0.96, 0.98, 0.97].map((performance) => scoresIn(reportOf(performance)));
  const best = runs.reduce(bestOf);
  expect(best).toEqual({ performance: 0.98, accessibility: 1, 'best-practices': 1, seo: 1 });
  expect(lowest(best)).toBe(0.98);
});

test('a report without a score is an error', () => {
  expect(() => scoresIn('{"categories":{"performance":{"score":null}}}')).toThrow();
});
