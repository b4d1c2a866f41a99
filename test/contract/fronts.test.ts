import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { frontIdOf } from '../../shared/front/front.ts';
import type { FrontHead } from '../../shared/article/head.ts';
import type { Fronts } from '../../shared/article/ports.ts';
import { versionKey, type FrontContent, type Version } from '../../shared/article/version.ts';
import { engines, type EngineKind } from './engines.ts';
import { onEvery, withEngine } from './on-every.ts';
import { nthVersion, unicode } from './rows.ts';

jest.setTimeout(120_000);

let fronts = 0;
const newFrontId = (): string => frontIdOf(`contract-${(fronts += 1)}`);

const container = fc.record(
  {
    title: unicode,
    pins: fc.array(fc.webUrl(), { maxLength: 3 }),
    backfill: fc.constantFrom('latest', 'section/news/world'),
    limit: fc.integer({ min: 1, max: 100 }),
    seeMore: fc.webUrl(),
    links: fc.array(fc.record({ label: unicode, href: fc.webUrl() }, { noNullPrototype: true }), { maxLength: 2 }),
  },
  { requiredKeys: ['title'], noNullPrototype: true },
);

const content: fc.Arbitrary<FrontContent> = fc.record(
  {
    event: fc.constantFrom('front.published', 'front.unpublished'),
    front: fc.record(
      {
        name: fc.constant('home'),
        versionCreated: fc.constant('2026-05-01T12:00:00.000Z'),
        containers: fc.array(container, { maxLength: 3 }),
      },
      { noNullPrototype: true },
    ),
    actor: unicode,
    reason: unicode,
  },
  { requiredKeys: ['event', 'front'], noNullPrototype: true },
);

const nthFront = (id: string, n: number, said: FrontContent): Version<FrontContent> => ({
  ...nthVersion(id, n),
  content: said,
});
const empty: FrontContent = {
  event: 'front.published',
  front: { name: 'home', versionCreated: '2026-05-01T12:00:00.000Z', containers: [] },
};
const headOf = (id: string, seq: number, name = 'home'): FrontHead => ({
  articleId: id,
  name,
  seq,
  change: 'live',
  settledAt: seq,
  visibility: 'live',
  version: 'v',
  versionCreated: '2026-05-01T12:00:00.000Z',
});

async function keysOf(versions: AsyncIterable<Version<FrontContent>>): Promise<string[]> {
  const keys: string[] = [];
  for await (const version of versions) keys.push(versionKey(version));
  return keys;
}

function frontsContract(kind: EngineKind): void {
  let port: Fronts;

  withEngine(kind, (engine) => {
    port = engine.fronts;
  });

  test('a definition is put only if it is absent, and is read as it was written, in every script', async () => {
    await fc.assert(
      fc.asyncProperty(content, content, async (said, other) => {
        const id = newFrontId();
        const version = nthFront(id, 1, said);
        await port.putVersion(version);
        await port.putVersion({ ...version, content: other });
        const found = await port.version(id, versionKey(version));
        expect(found && { ...found }).toStrictEqual(version);
      }),
      { numRuns: 40 },
    );
  });

  test('definitions are read from both ends in key order, each once', async () => {
    const id = newFrontId();
    const versions = Array.from({ length: 40 }, (_, n) => nthFront(id, n, empty));
    await Promise.all(versions.toReversed().map(async (version) => port.putVersion(version)));
    await port.writeHead(headOf(id, 1), undefined);
    const { head, newestFirst, oldestFirst } = await port.open(id);
    const keys = versions.map(versionKey).sort();
    expect(head).toStrictEqual(headOf(id, 1));
    expect(await keysOf(oldestFirst)).toEqual(keys);
    expect(await keysOf(newestFirst)).toEqual(keys.toReversed());
  });

  test('of many concurrent writers of the head, exactly one wins, and only over the seq that was read', async () => {
    const id = newFrontId();
    for (const previous of [undefined, 10] as const) {
      const rivals = Array.from({ length: 8 }, (_, n) => headOf(id, (previous ?? 0) + 10, `rival-${n}`));
      const outcomes = await Promise.all(rivals.map(async (rival) => port.writeHead(rival, previous)));
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(await port.head(id)).toStrictEqual(rivals[outcomes.indexOf(true)]);
    }
    expect(await port.writeHead(headOf(id, 99), 10)).toBe(false);
    expect(await port.writeHead(headOf(id, 99), undefined)).toBe(false);
  });

  test('a head without a version is read without one', async () => {
    const id = newFrontId();
    const head: FrontHead = {
      articleId: id,
      name: 'home',
      seq: 1,
      change: 'withdrawn',
      settledAt: 1,
      visibility: 'hidden',
    };
    await port.writeHead(head, undefined);
    expect(await port.head(id)).toStrictEqual(head);
  });

  test('an unknown front is empty', async () => {
    const { head, newestFirst, oldestFirst } = await port.open(newFrontId());
    expect([head, await keysOf(newestFirst), await keysOf(oldestFirst)]).toEqual([undefined, [], []]);
  });
}

onEvery(engines, 'fronts', frontsContract);
