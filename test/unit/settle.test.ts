import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { settle, type Settled } from '../../shared/article/settle.ts';
import { compareVersions, inOrder, type Hold, type Status, type Version } from '../../shared/article/version.ts';
import { noon } from './story.ts';

interface Sketch {
  readonly created: number;
  readonly revision?: number;
  readonly received?: number;
  readonly status?: Status;
  readonly embargo?: number | undefined;
  readonly expires?: number | undefined;
  readonly firstCreated?: number;
  readonly firstPublished?: number;
  readonly digest?: string;
}

const iso = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();

/** Minutes after noon, for people. */
function sketched({
  created,
  revision = 0,
  received = created,
  status = 'usable',
  embargo,
  expires,
  firstCreated,
  firstPublished,
  digest = `${created}/${revision}/${received}/${status}`,
}: Sketch): Version {
  return {
    articleId: 'aaaaaaaaaaaaaaaa',
    versionCreated: noon + created * 60_000,
    revision,
    receivedAt: noon + received * 60_000,
    digest,
    status,
    ...(embargo !== undefined && { embargoedUntil: noon + embargo * 60_000 }),
    content: {
      event: 'article.published',
      article: {
        uri: 'urn:x',
        versionCreated: iso(created),
        ...(expires !== undefined && { expires: iso(expires) }),
        ...(firstCreated !== undefined && { firstCreated: iso(firstCreated) }),
        ...(firstPublished !== undefined && { firstPublished: iso(firstPublished) }),
      },
    },
  };
}

async function* each<T>(items: readonly T[], read?: () => void): AsyncGenerator<T> {
  for (const item of items) {
    await Promise.resolve();
    read?.();
    yield item;
  }
}

function settled(
  versions: readonly Version[],
  minutes: number,
  holds: readonly Hold[] = [],
  read?: () => void,
): Promise<Settled> {
  const ascending = [...versions].sort(compareVersions);
  return settle(
    { holds, newestFirst: each(ascending.toReversed(), read), oldestFirst: each(ascending, read) },
    noon + minutes * 60_000,
  );
}

const shownAt = async (sketches: readonly Sketch[], minutes: number): Promise<number | string> => {
  const { outcome } = await settled(sketches.map(sketched), minutes);
  return outcome.visibility === 'live' ? (outcome.version.versionCreated - noon) / 60_000 : outcome.visibility;
};

describe('the version to show', () => {
  test('is the newest usable one', async () => {
    expect(await shownAt([{ created: 0 }, { created: 2 }, { created: 1 }], 5)).toBe(2);
  });

  test('is none after a withdrawal (410), and for a withheld or never public story (404)', async () => {
    expect(await shownAt([{ created: 0 }, { created: 1, status: 'canceled' }], 5)).toBe('gone');
    expect(await shownAt([{ created: 0 }, { created: 1, status: 'withheld' }], 5)).toBe('hidden');
    expect(await shownAt([{ created: 1, status: 'canceled' }], 5)).toBe('hidden');
    expect(await shownAt([], 5)).toBe('hidden');
  });

  test('is none for a story unpublished before its embargo ended (404)', async () => {
    expect(
      await shownAt(
        [
          { created: 0, embargo: 60 },
          { created: 30, status: 'canceled' },
        ],
        90,
      ),
    ).toBe('hidden');
  });

  test('is not shown before its embargo ends, and is shown from that instant on', async () => {
    const story = [{ created: 0, embargo: 60 }];
    expect(await shownAt(story, 59.99)).toBe('hidden');
    expect(await shownAt(story, 60)).toBe(0);
  });

  test('stays the public one while a newer version is embargoed', async () => {
    const story = [{ created: 0 }, { created: 10, embargo: 60 }];
    expect(await shownAt(story, 30)).toBe(0);
    expect(await shownAt(story, 60)).toBe(10);
  });

  test('is shown only at 20:00 if its embargo was moved from 18:00', async () => {
    const story = [
      { created: 0, embargo: 360 },
      { created: 10, embargo: 480 },
    ];
    expect(await shownAt(story, 361)).toBe('hidden');
    expect(await shownAt(story, 480)).toBe(10);
  });

  test('is shown earlier if its embargo was moved forward', async () => {
    expect(
      await shownAt(
        [
          { created: 0, embargo: 480 },
          { created: 10, embargo: 360 },
        ],
        360,
      ),
    ).toBe(10);
  });

  test('is a withdrawal even if that has an embargo', async () => {
    expect(await shownAt([{ created: 0 }, { created: 1, status: 'canceled', embargo: 600 }], 5)).toBe('gone');
  });

  test('is the second A of A, B, A within one second of the CMS’s clock', async () => {
    const { outcome } = await settled(
      [
        { created: 0, received: 1, digest: 'a' },
        { created: 0, received: 2, digest: 'b' },
        { created: 0, received: 3, digest: 'a' },
      ].map(sketched),
      5,
    );
    expect(outcome.version?.receivedAt).toBe(noon + 3 * 60_000);
  });

  test('is the first of adjacent versions with one digest', async () => {
    const { outcome } = await settled(
      [
        { created: 0, received: 1, digest: 'a' },
        { created: 0, received: 9, digest: 'a' },
      ].map(sketched),
      10,
    );
    expect(outcome.version?.receivedAt).toBe(noon + 60_000);
  });

  test('is not superseded by the same message sent again', async () => {
    const story = [
      { created: 0, received: 0, embargo: 60, digest: 'a' },
      { created: 0, received: 30, embargo: 60, digest: 'a' },
    ];
    expect(await shownAt(story, 60)).toBe(0);
  });
});

describe('first published', () => {
  const first = async (sketches: readonly Sketch[], minutes: number): Promise<number | undefined> => {
    const { outcome } = await settled(sketches.map(sketched), minutes);
    return outcome.visibility === 'live' ? (outcome.firstPublished - noon) / 60_000 : undefined;
  };

  test('is the first version’s time, and later versions do not change it', async () => {
    expect(await first([{ created: 0 }, { created: 9, firstPublished: 8 }], 10)).toBe(0);
  });

  test('is firstPublished if the version has it, but not before its embargo', async () => {
    expect(await first([{ created: 5, firstPublished: -60 }], 10)).toBe(-60);
    expect(await first([{ created: 5, firstPublished: -60, embargo: 8 }], 10)).toBe(8);
  });

  test('is not firstCreated, unless the version was stored before firstPublished existed', async () => {
    expect(await first([{ created: 5, firstCreated: -60, firstPublished: 5 }], 10)).toBe(5);
    expect(await first([{ created: 5, firstCreated: -60 }], 10)).toBe(-60);
    expect(
      await first(
        [
          { created: 5, firstCreated: -60 },
          { created: 7, firstCreated: -60, firstPublished: 7 },
        ],
        10,
      ),
    ).toBe(-60);
  });

  test('ignores a version that was superseded during its embargo', async () => {
    expect(await first([{ created: 0, embargo: 60 }, { created: 10 }], 20)).toBe(10);
  });
});

describe('holds', () => {
  const hold = (kind: Hold['kind'], received: number): Hold => ({
    articleId: 'aaaaaaaaaaaaaaaa',
    uri: 'urn:x',
    receivedAt: noon + received * 60_000,
    digest: kind,
    kind,
  });

  test('keep an article hidden until they end, whatever arrives', async () => {
    const versions = [{ created: 0 }, { created: 9 }].map(sketched);
    expect((await settled(versions, 10, [hold('held', 5)])).outcome.visibility).toBe('gone');
    expect((await settled(versions, 10, [hold('unheld', 6), hold('held', 5)])).outcome.visibility).toBe('live');
    expect((await settled(versions, 10, [hold('unheld', 6), hold('held', 7)])).outcome.visibility).toBe('gone');
  });

  test('never end if they are erasures', async () => {
    expect(
      (await settled([sketched({ created: 0 })], 10, [hold('erased', 1), hold('unheld', 6)])).outcome.visibility,
    ).toBe('gone');
  });

  test('on an embargoed story do not reveal it', async () => {
    expect((await settled([sketched({ created: 0, embargo: 60 })], 10, [hold('held', 1)])).outcome.visibility).toBe(
      'hidden',
    );
  });
});

const sketches = fc.array(
  fc.record({
    created: fc.integer({ min: 0, max: 6 }),
    revision: fc.integer({ min: 0, max: 1 }),
    delay: fc.integer({ min: -15, max: 40 }),
    status: fc.constantFrom<Status>('usable', 'usable', 'usable', 'withheld', 'canceled'),
    embargo: fc.option(fc.integer({ min: -5, max: 50 }), { nil: undefined }),
    expires: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
    digest: fc.constantFrom('a', 'b', 'c'),
  }),
  { maxLength: 9 },
);

/** The design's rules as a fold over whole arrays, which settle may not read in production. */
function fold(
  versions: readonly Version[],
  now: number,
): { visibility: string; shown: Version | undefined; firstPublished: number | undefined } {
  const ascending = [...versions].sort(compareVersions);
  const distinct = ascending.filter((version, index) => version.digest !== ascending[index - 1]?.digest);
  const counts = distinct.filter((version, index) => {
    const embargo = version.embargoedUntil;
    return (
      version.status !== 'usable' ||
      embargo === undefined ||
      !distinct.slice(index + 1).some((higher) => higher.receivedAt < embargo)
    );
  });
  const shown = counts.findLast((version) => version.status !== 'usable' || (version.embargoedUntil ?? 0) <= now);
  const first = counts.find((version) => version.status === 'usable');
  const wasPublic = shown !== undefined && first !== undefined && compareVersions(first, shown) <= 0;
  const firstPublished = first && Math.max(first.versionCreated, first.embargoedUntil ?? 0);
  if (shown?.status === 'usable') return { visibility: 'live', shown, firstPublished };
  return {
    visibility: shown?.status === 'canceled' && wasPublic ? 'gone' : 'hidden',
    shown,
    firstPublished: undefined,
  };
}

test('the default path does not have the headline of an embargoed version that a concurrent read missed', async () => {
  const [embargoed, update] = [sketched({ created: 0, embargo: 30 }), sketched({ created: 1 })];
  const { outcome } = await settle(
    { holds: [], newestFirst: each([update, embargoed]), oldestFirst: each([embargoed]) },
    noon + 2 * 60_000,
  );
  expect(outcome).toMatchObject({ visibility: 'live', version: update, first: update });
});

describe('for any versions at any time', () => {
  const versionsOf = (given: readonly { created: number; delay: number; embargo: number | undefined }[]): Version[] =>
    given.map(({ delay, ...sketch }) => sketched({ ...sketch, received: sketch.created + delay }));

  test('settle, which reads only both ends, agrees with a fold over all versions', async () => {
    await fc.assert(
      fc.asyncProperty(sketches, fc.integer({ min: 0, max: 70 }), async (given, minutes) => {
        const versions = versionsOf(given);
        const { outcome } = await settled(versions, minutes);
        const expected = fold(versions, noon + minutes * 60_000);
        expect(outcome.visibility).toBe(expected.visibility);
        expect(outcome.version).toEqual(expected.shown);
        expect(outcome.visibility === 'live' ? outcome.firstPublished : undefined).toBe(expected.firstPublished);
      }),
      { numRuns: 2000 },
    );
  });

  test('the result stays the same until wakeAt', async () => {
    await fc.assert(
      fc.asyncProperty(
        sketches,
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 40 }),
        async (given, minutes, later) => {
          const versions = versionsOf(given);
          const { outcome, settleAt } = await settled(versions, minutes);
          if (settleAt !== undefined) expect(settleAt).toBeGreaterThan(noon + minutes * 60_000);
          if (noon + (minutes + later) * 60_000 < (settleAt ?? Infinity))
            expect((await settled(versions, minutes + later)).outcome).toEqual(outcome);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('rows that are equal up to receipt are sorted, from both ends', async () => {
    await fc.assert(
      fc.asyncProperty(sketches, async (given) => {
        const ascending = versionsOf(given).sort(compareVersions);
        const byKey = [...ascending].sort(
          (a, b) =>
            a.versionCreated - b.versionCreated ||
            a.revision - b.revision ||
            a.receivedAt - b.receivedAt ||
            (a.digest < b.digest ? -1 : 1),
        );
        expect(await Array.fromAsync(inOrder(each(byKey), 'oldest'))).toEqual(ascending);
        expect(await Array.fromAsync(inOrder(each(byKey.toReversed()), 'newest'))).toEqual(ascending.toReversed());
      }),
    );
  });

  test('the ten-thousandth version of a live blog costs as much as the second', async () => {
    const reads = async (count: number): Promise<number> => {
      let read = 0;
      await settled(
        Array.from({ length: count }, (_, created) =>
          sketched({ created, ...(created === 0 && { embargo: 5, received: -60 }) }),
        ),
        count,
        [],
        () => (read += 1),
      );
      return read;
    };
    expect(await reads(10_000)).toBe(await reads(100));
    expect(await reads(10_000)).toBeLessThan(40);
  });

  test('an article with only embargoed versions has each read once', async () => {
    let read = 0;
    const waiting = Array.from({ length: 100 }, (_, created) => sketched({ created, embargo: 1000 }));
    const { outcome, settleAt } = await settled(waiting, 200, [], () => (read += 1));
    expect([outcome.visibility, settleAt, read]).toEqual(['hidden', noon + 1000 * 60_000, 100]);
  });
});
