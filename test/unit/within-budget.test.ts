import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withinBudget, type BudgetPorts } from '../../functions/purge/within-budget.ts';
import { MemoryClock, MemoryPurgeLedger, MemoryPurgeRequests } from '../fakes/memory-messages.ts';
import type { PurgeRequest } from '../../shared/purge/ports.ts';
import { endOfWindow, monthOf, pathsFor, stillKept, wideWindowSeconds } from '../../shared/purge/purge-budget.ts';
import { noon } from './story.ts';

const change: PurgeRequest = { tags: ['article:a', 'feed:latest', 'pin:a'], articles: [{ articleId: 'a', seq: 1 }] };

class Budget implements BudgetPorts {
  readonly clock = new MemoryClock(noon + 1500);
  readonly ledger = new MemoryPurgeLedger();
  readonly purgeRequests = new MemoryPurgeRequests();
  readonly budget = 1000;

  async ask(...requests: PurgeRequest[]): Promise<PurgeRequest[]> {
    const now = await withinBudget(
      this,
      requests.map((request, index) => ({ messageId: String(index), request })),
    );
    return now.map(({ request }) => request);
  }
}

async function budget(used: number): Promise<Budget> {
  const made = new Budget();
  await made.ledger.add('2026-05', used);
  return made;
}

describe('within the budget', () => {
  test('all purges are made at once', async () => {
    const within = await budget(999);
    expect(await within.ask(change, change)).toEqual([change, change]);
    expect(within.purgeRequests.asked).toEqual([]);
  });

  test('purges held at the end of a month are made in the next, as requested', async () => {
    const within = await budget(1000);
    within.clock.time = Date.parse('2026-06-01T00:00:10Z');
    expect(await within.ask({ ...change, heldSince: within.clock.time - 10_000 })).toEqual([change]);
  });
});

describe('beyond the budget', () => {
  test('a purge is held until the end of a minute, and loses no tag', async () => {
    const beyond = await budget(1000);
    expect(await beyond.ask(change)).toEqual([]);
    expect(beyond.purgeRequests.asked).toEqual([
      { ...change, heldSince: noon + 1500, urgent: false, delaySeconds: 59 },
    ]);
  });

  test('held purges are made then, without tags that have expired meanwhile', async () => {
    const beyond = await budget(1000);
    const held = (seconds: number): PurgeRequest => ({ ...change, heldSince: beyond.clock.time - seconds * 1000 });
    expect(await beyond.ask(held(10), held(30), held(100))).toEqual([
      change,
      { ...change, tags: ['article:a', 'pin:a'] },
      { ...change, tags: [] },
    ]);
  });

  test('the window grows with use, up to SQS’s longest delay', () => {
    expect([0, 999, 1000, 1250, 1500, 9000].map((used) => wideWindowSeconds(used, 1000))).toEqual([
      undefined,
      undefined,
      60,
      300,
      900,
      900,
    ]);
  });

  test('every window ends after now, and at one instant for all purges in it', () => {
    fc.assert(
      fc.property(fc.integer({ min: noon, max: noon + 10_000_000 }), fc.constantFrom(60, 300, 900), (now, seconds) => {
        const end = endOfWindow(now, seconds);
        expect(end).toBeGreaterThan(now);
        expect(end - now).toBeLessThanOrEqual(seconds * 1000);
        expect(endOfWindow(end - 1, seconds)).toBe(end);
      }),
    );
  });

  test('no tag is dropped while its answers may be cached: twenty seconds for lists, ninety for pages', () => {
    const tags = ['article:a', 'pin:a', 'feeds', 'feed:latest', 'front:home', 'picture:p'];
    expect(stillKept(tags, 19_999)).toEqual(tags);
    expect(stillKept(tags, 20_000)).toEqual(['article:a', 'pin:a', 'picture:p']);
    expect(stillKept(tags, 90_000)).toEqual([]);
  });
});

test('a budget in dollars includes the thousand free paths, and a month is in UTC', () => {
  expect([pathsFor(200), monthOf(Date.parse('2026-11-30T23:59:59Z'))]).toEqual([41_000, '2026-11']);
});
