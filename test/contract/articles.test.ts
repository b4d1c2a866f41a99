import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { isStripped } from '../../shared/article/erasure.ts';
import type { Articles } from '../../shared/article/ports.ts';
import { holdKey, versionKey, type Hold, type Version } from '../../shared/article/version.ts';
import { engines, type EngineKind } from './engines.ts';
import { onEvery, withEngine } from './on-every.ts';
import {
  all,
  headFor,
  headOfSeq,
  holdFor,
  inKeyOrder,
  newArticleId,
  nthHold,
  nthVersion,
  plain,
  versionFor,
} from './rows.ts';

jest.setTimeout(120_000);

const byKey = (holds: readonly Hold[]): Hold[] => [...holds].sort((a, b) => (holdKey(a) < holdKey(b) ? -1 : 1));
const count = (outcomes: readonly boolean[]): number => outcomes.filter(Boolean).length;
const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index);
const shuffled = <T>(items: readonly T[], seed: number): T[] =>
  fc.sample(fc.shuffledSubarray([...items], { minLength: items.length }), { numRuns: 1, seed })[0] ?? [];

function articlesContract(kind: EngineKind): void {
  let articles: Articles;

  withEngine(kind, (engine) => {
    ({ articles } = engine);
  });

  describe('versions', () => {
    test('a second put of a version’s key changes nothing', async () => {
      const id = newArticleId();
      const version = nthVersion(id, 1);
      await articles.putVersion(version);
      await articles.putVersion(version);
      await articles.putVersion({
        ...version,
        status: 'canceled',
        embargoedUntil: 5,
        content: { ...version.content, path: '/other' },
      });
      const { newestFirst } = await articles.open(id);
      expect(await all(newestFirst)).toStrictEqual([version]);
    });

    test('of many writers of one key at once, one wins and its version is stored whole', async () => {
      const id = newArticleId();
      const rivals = upTo(10).map((n) => ({ ...nthVersion(id, 7), content: nthVersion(id, n).content }));
      await Promise.all(rivals.map(async (rival) => articles.putVersion(rival)));
      const stored = await all((await articles.open(id)).newestFirst);
      expect(stored).toHaveLength(1);
      expect(rivals).toContainEqual(stored[0]);
    });

    test('a version is read as it was written, in every script, and absent fields stay absent', async () => {
      await fc.assert(
        fc.asyncProperty(fc.constant(undefined).map(newArticleId).chain(versionFor), async (version) => {
          await articles.putVersion(version);
          const found = await articles.version(version.articleId, versionKey(version));
          const opened = await all((await articles.open(version.articleId)).newestFirst);
          // The key may have been drawn before, and the first of a key stays.
          expect(found && plain(found)).toStrictEqual(opened.find((one) => versionKey(one) === versionKey(version)));
          expect(opened).toContainEqual(version);
        }),
        { numRuns: 60 },
      );
    });

    test('a version is found by its own key, and not under any other', async () => {
      const id = newArticleId();
      const version = nthVersion(id, 1);
      expect(await articles.version(id, versionKey(version))).toBeUndefined();
      await articles.putVersion(version);
      expect(await articles.version(id, versionKey(nthVersion(id, 2)))).toBeUndefined();
      expect(await articles.version(newArticleId(), versionKey(version))).toBeUndefined();
    });

    test('a version or hold that is put again keeps the origin of the first put', async () => {
      const id = newArticleId();
      const origins = [{ correlationId: 'first', replay: 'may' }, { correlationId: 'second' }];
      for (const origin of origins) {
        await articles.putVersion({ ...nthVersion(id, 1), origin });
        await articles.putHold({ ...nthHold(id, 1), origin });
      }
      const { holds, newestFirst } = await articles.open(id);
      expect([...holds, ...(await all(newestFirst))].map(({ origin }) => origin)).toStrictEqual([
        origins[0],
        origins[0],
      ]);
    });

    test('more than three hundred versions are read from both ends in key order, each once', async () => {
      const id = newArticleId();
      const versions = upTo(320).map((n) => nthVersion(id, n));
      await Promise.all(shuffled(versions, 1).map(async (version) => articles.putVersion(version)));
      await articles.putHold(nthHold(id, 1));
      await articles.writeHead(headOfSeq(id, 1), undefined);

      const stored = await articles.open(id);
      expect(await all(stored.newestFirst)).toStrictEqual(inKeyOrder(versions).reverse());
      expect(await all(stored.oldestFirst)).toStrictEqual(inKeyOrder(versions));
    });

    test('reading may stop early at one end and go on at the other', async () => {
      const id = newArticleId();
      await Promise.all(upTo(12).map(async (n) => articles.putVersion(nthVersion(id, n))));
      const stored = await articles.open(id);
      for await (const newest of stored.newestFirst) {
        expect(versionKey(newest)).toBe(versionKey(nthVersion(id, 11)));
        break;
      }
      expect(await all(stored.oldestFirst)).toHaveLength(12);
    });

    test('an unknown article is empty', async () => {
      const { head, holds, newestFirst, oldestFirst } = await articles.open(newArticleId());
      expect([head, holds, await all(newestFirst), await all(oldestFirst)]).toEqual([undefined, [], [], []]);
    });

    test('articles do not see each other’s rows', async () => {
      const [one, other] = [newArticleId(), newArticleId()];
      await articles.putVersion(nthVersion(one, 1));
      await articles.putHold(nthHold(one, 1));
      await articles.writeHead(headOfSeq(one, 1), undefined);
      const stored = await articles.open(other);
      expect([stored.head, stored.holds, await all(stored.newestFirst), await all(stored.oldestFirst)]).toEqual([
        undefined,
        [],
        [],
        [],
      ]);
    });

    test('a row is read immediately after its write', async () => {
      const id = newArticleId();
      for (const n of upTo(15)) {
        await articles.putVersion(nthVersion(id, n));
        expect(await articles.version(id, versionKey(nthVersion(id, n)))).toBeDefined();
        expect(await all((await articles.open(id)).newestFirst)).toHaveLength(n + 1);
        expect(await articles.writeHead(headOfSeq(id, n + 1), n === 0 ? undefined : n)).toBe(true);
        expect((await articles.open(id)).head?.seq).toBe(n + 1);
        await articles.putHold(nthHold(id, n));
        expect((await articles.open(id)).holds).toHaveLength(n + 1);
      }
    });
  });

  describe('holds', () => {
    test('are all in the stored state, also if there are more than a page', async () => {
      const id = newArticleId();
      const holds = upTo(250).map((n) => nthHold(id, n));
      const versions = upTo(5).map((n) => nthVersion(id, n));
      await Promise.all([
        ...holds.map(async (hold) => articles.putHold(hold)),
        ...versions.map(async (version) => articles.putVersion(version)),
      ]);
      await articles.writeHead(headOfSeq(id, 1), undefined);

      const stored = await articles.open(id);
      expect(byKey(stored.holds)).toStrictEqual(holds);
      expect(await all(stored.oldestFirst)).toStrictEqual(inKeyOrder(versions));
      expect(await all(stored.newestFirst)).toStrictEqual(inKeyOrder(versions).reverse());
    });

    test('and versions are each in the stored state once, in any number, with or without a head', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(8), fc.nat(8), fc.boolean(), async (holdCount, versionCount, hasHead) => {
          const id = newArticleId();
          const holds = upTo(holdCount).map((n) => nthHold(id, n));
          const versions = upTo(versionCount).map((n) => nthVersion(id, n));
          await Promise.all([
            ...holds.map(async (hold) => articles.putHold(hold)),
            ...versions.map(async (version) => articles.putVersion(version)),
          ]);
          if (hasHead) await articles.writeHead(headOfSeq(id, 3), undefined);

          const stored = await articles.open(id);
          expect(stored.head).toStrictEqual(hasHead ? headOfSeq(id, 3) : undefined);
          expect(byKey(stored.holds)).toStrictEqual(holds);
          expect(await all(stored.oldestFirst)).toStrictEqual(inKeyOrder(versions));
          expect(await all(stored.newestFirst)).toStrictEqual(inKeyOrder(versions).reverse());
        }),
        { numRuns: 40 },
      );
    });

    test('are read as they were written, in every script, and absent fields stay absent', async () => {
      await fc.assert(
        fc.asyncProperty(fc.constant(undefined).map(newArticleId).chain(holdFor), async (hold) => {
          await articles.putHold(hold);
          expect((await articles.open(hold.articleId)).holds).toContainEqual(hold);
        }),
        { numRuns: 60 },
      );
    });

    test('are put only if they are absent', async () => {
      const id = newArticleId();
      await articles.putHold(nthHold(id, 1));
      await articles.putHold({ ...nthHold(id, 1), kind: 'erased', actor: 'somebody else' });
      expect((await articles.open(id)).holds).toStrictEqual([nthHold(id, 1)]);
    });
  });

  describe('the path that the versions below another one name', () => {
    const naming = (id: string, n: number, path: string | undefined, more: Partial<Version> = {}): Version => {
      const version = nthVersion(id, n);
      return {
        ...version,
        status: 'usable',
        ...more,
        content: { ...version.content, ...(path !== undefined && { path }) },
      };
    };

    test('is that of the highest usable version whose embargo had passed when it was received', async () => {
      const id = newArticleId();
      const last = naming(id, 30, undefined);
      const versions = [
        naming(id, 1, '/first'),
        naming(id, 2, '/second'),
        naming(id, 3, undefined),
        naming(id, 4, '/withdrawn', { status: 'canceled' }),
        ...upTo(12).map((n) => naming(id, 10 + n, '/embargoed', { embargoedUntil: last.receivedAt + 1 })),
        last,
        naming(id, 31, '/later'),
      ];
      await Promise.all(shuffled(versions, 2).map(async (version) => articles.putVersion(version)));
      expect(await articles.pathBefore(last)).toBe('/second');
      expect(await articles.pathBefore(naming(id, 2, '/second'))).toBe('/first');
      expect(await articles.pathBefore(naming(id, 1, '/first'))).toBeUndefined();
      const { newestFirst, oldestFirst } = await articles.open(id);
      expect(await all(oldestFirst)).toStrictEqual(inKeyOrder(versions));
      expect(await all(newestFirst)).toStrictEqual(inKeyOrder(versions).reverse());
    });

    test('is erased with the texts of its own article only', async () => {
      const [id, other] = [newArticleId(), newArticleId()];
      for (const each of [id, other]) await articles.putVersion(naming(each, 1, '/first'));
      await articles.strip(naming(id, 1, '/first'));
      await articles.forgetPaths(id);
      expect([
        await articles.pathBefore(naming(id, 2, undefined)),
        await articles.pathBefore(naming(other, 2, undefined)),
      ]).toEqual([undefined, '/first']);
    });
  });

  describe('the head', () => {
    test('is first written only if there is none, then only over the seq that was read', async () => {
      const id = newArticleId();
      expect(await articles.head(id)).toBeUndefined();
      expect(await articles.writeHead(headOfSeq(id, 5), 4)).toBe(false);
      expect(await articles.head(id)).toBeUndefined();
      expect(await articles.writeHead(headOfSeq(id, 5), undefined)).toBe(true);
      expect(await articles.writeHead(headOfSeq(id, 6, 'urn:second-first'), undefined)).toBe(false);
      expect(await articles.writeHead(headOfSeq(id, 7, 'urn:too-old'), 4)).toBe(false);
      expect(await articles.writeHead(headOfSeq(id, 7, 'urn:too-new'), 6)).toBe(false);
      expect(await articles.head(id)).toStrictEqual(headOfSeq(id, 5));
      expect(await articles.writeHead(headOfSeq(id, 8, 'urn:next'), 5)).toBe(true);
      expect(await articles.head(id)).toStrictEqual(headOfSeq(id, 8, 'urn:next'));
    });

    test.each<[string, number | undefined]>([
      ['first', undefined],
      ['next', 3],
    ])('of many concurrent writers of the %s head, exactly one wins', async (_, previous) => {
      const id = newArticleId();
      if (previous !== undefined) await articles.writeHead(headOfSeq(id, previous), undefined);
      const rivals = upTo(12).map((n) => headOfSeq(id, 10 + n, `urn:rival:${n}`));
      const outcomes = await Promise.all(rivals.map(async (rival) => articles.writeHead(rival, previous)));
      expect(count(outcomes)).toBe(1);
      expect(await articles.head(id)).toStrictEqual(rivals[outcomes.indexOf(true)]);
    });

    test('loses no change when each writer that lost reads and writes again', async () => {
      const id = newArticleId();
      await Promise.all(
        upTo(8).map(async () => {
          for (;;) {
            const seq = (await articles.head(id))?.seq;
            if (await articles.writeHead(headOfSeq(id, (seq ?? 0) + 1), seq)) return;
          }
        }),
      );
      expect((await articles.head(id))?.seq).toBe(8);
    });

    test('is read as it was written, in every script, and absent fields stay absent', async () => {
      await fc.assert(
        fc.asyncProperty(fc.constant(undefined).map(newArticleId).chain(headFor), async (head) => {
          const before = await articles.head(head.articleId);
          expect(await articles.writeHead(head, before?.seq)).toBe(true);
          expect(await articles.head(head.articleId)).toStrictEqual(head);
          expect((await articles.open(head.articleId)).head).toStrictEqual(head);
        }),
        { numRuns: 60 },
      );
    });

    test('loses the fields that the next head leaves out', async () => {
      const id = newArticleId();
      await articles.writeHead(
        { ...headOfSeq(id, 1), path: '/p', feeds: ['latest'], place: 'x', urgency: 1 },
        undefined,
      );
      await articles.writeHead(headOfSeq(id, 2), 1);
      expect(await articles.head(id)).toStrictEqual(headOfSeq(id, 2));
    });
  });

  describe('paths', () => {
    let paths = 0;
    const newPath = (): string => `/news/${kind.name.replaceAll(' ', '-')}-${(paths += 1)}/%E6%B8%AF`;

    test('the first claim takes a free path', async () => {
      const path = newPath();
      expect(await articles.pathOwner(path)).toBeUndefined();
      expect(await articles.claimPath({ path, articleId: 'a' }, undefined)).toBe(true);
      expect(await articles.pathOwner(path)).toStrictEqual({ path, articleId: 'a' });
      expect(await articles.pathOwner(`${path}/`)).toBeUndefined();
    });

    test('a claim that expects no owner fails if there is one, and changes nothing', async () => {
      const path = newPath();
      await articles.claimPath({ path, articleId: 'a' }, undefined);
      expect(await articles.claimPath({ path, articleId: 'b' }, undefined)).toBe(false);
      expect(await articles.pathOwner(path)).toStrictEqual({ path, articleId: 'a' });
    });

    test('a takeover succeeds only over the owner that it names, and records the previous owner', async () => {
      const path = newPath();
      expect(await articles.claimPath({ path, articleId: 'b', takenFrom: 'a' }, { path, articleId: 'a' })).toBe(false);
      expect(await articles.pathOwner(path)).toBeUndefined();
      await articles.claimPath({ path, articleId: 'a' }, undefined);
      expect(await articles.claimPath({ path, articleId: 'c', takenFrom: 'b' }, { path, articleId: 'b' })).toBe(false);
      expect(await articles.pathOwner(path)).toStrictEqual({ path, articleId: 'a' });
      expect(await articles.claimPath({ path, articleId: 'b', takenFrom: 'a' }, { path, articleId: 'a' })).toBe(true);
      expect(await articles.pathOwner(path)).toStrictEqual({ path, articleId: 'b', takenFrom: 'a' });
    });

    test('a claim is stored with its source and rivals, and is replaced only by a writer that names them', async () => {
      const path = newPath();
      const owner = { path, articleId: 'a', source: 'cms.ghost' };
      await articles.claimPath(owner, undefined);
      const rivals = ['b', 'c'];
      expect(await articles.claimPath({ ...owner, rivals }, { ...owner, rivals: ['b'] })).toBe(false);
      expect(await articles.claimPath({ ...owner, rivals }, owner)).toBe(true);
      expect(await articles.pathOwner(path)).toStrictEqual({ ...owner, rivals });
      expect(await articles.claimPath({ path, articleId: 'b', rivals: ['c'] }, owner)).toBe(false);
      expect(await articles.claimPath({ path, articleId: 'b', rivals: ['c'] }, { ...owner, rivals })).toBe(true);
      expect(await articles.pathOwner(path)).toStrictEqual({ path, articleId: 'b', rivals: ['c'] });
    });

    test.each<[string, string | undefined]>([
      ['claim a free path', undefined],
      ['take a path over', 'owner'],
    ])('of many that %s at once, exactly one wins', async (_, previous) => {
      const path = newPath();
      if (previous !== undefined) await articles.claimPath({ path, articleId: previous }, undefined);
      const rivals = upTo(12).map((n) => ({
        path,
        articleId: `rival-${n}`,
        ...(previous !== undefined && { takenFrom: previous }),
      }));
      const outcomes = await Promise.all(
        rivals.map(async (rival) =>
          articles.claimPath(rival, previous === undefined ? undefined : { path, articleId: previous }),
        ),
      );
      expect(count(outcomes)).toBe(1);
      expect(await articles.pathOwner(path)).toStrictEqual(rivals[outcomes.indexOf(true)]);
    });
  });

  describe('erasure', () => {
    test('removes texts and keeps key, order, status, embargo and digest', async () => {
      const id = newArticleId();
      const written = upTo(5).map((n) => ({
        ...nthVersion(id, n),
        status: n % 2 === 0 ? ('usable' as const) : ('canceled' as const),
        embargoedUntil: 1000 + n,
      }));
      await Promise.all(written.map(async (version) => articles.putVersion(version)));
      for await (const version of (await articles.open(id)).newestFirst) await articles.strip(version);

      const left = await all((await articles.open(id)).oldestFirst);
      const bare = (versions: readonly { readonly content: unknown }[]): unknown[] =>
        versions.map(({ content, ...rest }) => rest);
      expect(bare(left)).toStrictEqual(bare(inKeyOrder(written)));
      expect(left.map(({ content }) => isStripped(content))).toEqual([true, true, true, true, true]);
      expect(JSON.stringify(left)).not.toContain('Headline');
      expect(left.map(({ content }) => content.article.uri)).toEqual(written.map(({ content }) => content.article.uri));
    });

    test('leaves other versions unchanged, and has no effect a second time', async () => {
      const id = newArticleId();
      await Promise.all([1, 2].map(async (n) => articles.putVersion(nthVersion(id, n))));
      await articles.strip(nthVersion(id, 1));
      const once = await all((await articles.open(id)).oldestFirst);
      expect(once.map(({ content }) => isStripped(content))).toEqual([true, false]);
      await articles.strip(nthVersion(id, 1));
      expect(await all((await articles.open(id)).oldestFirst)).toStrictEqual(once);
    });

    test('is not undone when the same message is delivered again', async () => {
      const id = newArticleId();
      await articles.putVersion(nthVersion(id, 1));
      await articles.strip(nthVersion(id, 1));
      await articles.putVersion(nthVersion(id, 1));
      expect((await all((await articles.open(id)).newestFirst)).map(({ content }) => isStripped(content))).toEqual([
        true,
      ]);
    });

    test('of a version that was never stored writes nothing', async () => {
      const id = newArticleId();
      await articles.strip(nthVersion(id, 1)).catch(() => undefined);
      expect(await all((await articles.open(id)).newestFirst)).toEqual([]);
    });
  });
}

onEvery(engines, 'articles', articlesContract);
