import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deliveries, ending, listed } from '../../fixtures/cms/newsroom.ts';
import { Newsroom, sweepAll } from './newsroom.ts';

describe('a sweep of changes that webhooks lost', () => {
  test('sends nothing if nothing was lost', async () => {
    const newsroom = new Newsroom(listed);
    for (const delivery of deliveries) await newsroom.hear(delivery);
    expect(await sweepAll(newsroom)).toBe(0);
    expect(newsroom.live()).toEqual(ending);
  });

  test('ends as the lists of each CMS show, whichever webhooks were lost, and a second one finds nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 2 }), { minLength: deliveries.length, maxLength: deliveries.length }),
        async (dropped) => {
          const newsroom = new Newsroom(listed);
          for (const [index, delivery] of deliveries.entries()) if (dropped[index] !== 0) await newsroom.hear(delivery);
          await sweepAll(newsroom);
          expect(newsroom.live()).toEqual(ending);
          expect(await sweepAll(newsroom)).toBe(0);
        },
      ),
      { numRuns: 10 },
    );
  });

  test('imports the archive if no webhook ever came', async () => {
    const newsroom = new Newsroom(listed);
    await sweepAll(newsroom);
    expect(newsroom.live()).toEqual(ending);
  });
});
