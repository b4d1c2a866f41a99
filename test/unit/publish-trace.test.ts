import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { beganAt, lagOf, percentile, shownIn, shownText } from '../../shared/trace/publish-trace.ts';

describe('the duration of a change', () => {
  const change = { articleId: 'a', seq: 3000 };

  test('begins at its receipt, else when it was settled, else at its seq', () => {
    expect(beganAt({ ...change, settledAt: 2000, receivedAt: 1000 })).toBe(1000);
    expect(beganAt({ ...change, settledAt: 2000 })).toBe(2000);
    expect(beganAt(change)).toBe(3000);
  });

  test('is known once a reader has seen it, and is never negative', () => {
    expect(lagOf({ ...change, receivedAt: 1000 })).toBeUndefined();
    expect(lagOf({ ...change, receivedAt: 1000, freshAt: 1750 })).toBe(750);
    // The clocks of two machines.
    expect(lagOf({ ...change, receivedAt: 1000, freshAt: 900 })).toBe(0);
  });

  test('has percentiles: the value that a share of changes does not exceed', () => {
    expect(percentile([], 0.5)).toBeUndefined();
    expect(percentile([9, 1, 10, 2], 0.5)).toBe(2);
    expect(percentile([9, 1, 10, 2], 0.95)).toBe(10);
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const value = percentile(values, share) ?? NaN;
        expect(values).toContain(value);
        expect(values.filter((one) => one <= value).length).toBeGreaterThanOrEqual(share * values.length);
        expect(values.filter((one) => one < value).length).toBeLessThanOrEqual(share * values.length);
      }),
    );
  });
});

test('the header that names what a page shows is read as it was written, and any other text is ignored', () => {
  const shown = { articleId: 'alf6qorao7d3ib4p', seq: 1_777_636_800_412 };
  expect(shownText(shown.articleId, shown.seq)).toBe('alf6qorao7d3ib4p;seq=1777636800412');
  expect(shownIn(shownText(shown.articleId, shown.seq))).toEqual(shown);
  for (const text of [
    undefined,
    '',
    'alf6qorao7d3ib4p',
    'alf6qorao7d3ib4p;seq=',
    'xalf6qorao7d3ib4p;seq=1',
    'alf6qorao7d3ib4p;seq=1 ',
    'ALF6QORAO7D3IB4P;seq=1',
  ])
    expect(shownIn(text)).toBeUndefined();
});
