import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Change } from '../../shared/article/head.ts';
import { dayMilliseconds, type FrontTrail, type Refusal } from '../../shared/trace/trail.ts';
import { engines, type Engine, type EngineKind } from './engines.ts';

const now = Date.now();

function trailsContract(kind: EngineKind): void {
  let engine: Engine;

  beforeAll(async () => {
    engine = await kind.open();
  });
  afterAll(async () => {
    await engine.close();
  });

  test('what is seen of a change is put together, whoever sees it first, and what was seen first stays', async () => {
    const { trails } = engine;
    const [articleId, seq] = ['ycz2ycz2ycz2ycz2', now];
    expect(await trails.note(articleId, seq, { purgedAt: now + 20 })).toStrictEqual({ articleId, seq, purgedAt: now + 20 });
    const told = { uri: 'urn:newsroom:港', change: 'live', feeds: ['latest', 'section/news'], correlationId: 'event-1' } as const;
    expect(await trails.note(articleId, seq, { ...told, receivedAt: now - 5, settledAt: now, announcedAt: now + 10 })).toStrictEqual({
      articleId,
      seq,
      ...told,
      receivedAt: now - 5,
      settledAt: now,
      announcedAt: now + 10,
      purgedAt: now + 20,
    });
    const warned = { warnings: [{ path: 'article.urgency', message: 'must be 1 to 9' }], source: 'cms.ghost' };
    expect(await trails.note(articleId, seq, warned)).toMatchObject(warned);
    await trails.note(articleId, seq, { purgedAt: now + 99, announcedAt: now + 99, freshAt: now + 30, lateAt: now + 40, late: ['page', 'lists'] });
    expect(await trails.of(articleId)).toMatchObject([{ announcedAt: now + 10, purgedAt: now + 20, freshAt: now + 30, late: ['page', 'lists'] }]);
    expect(await trails.note(articleId, seq, {})).toMatchObject({ uri: told.uri });
  });

  test('the last changes come newest first, over the ends of days, and those of one article apart', async () => {
    const { trails } = engine;
    const instants = [now + 5, now + 4, now - dayMilliseconds, now - 3 * dayMilliseconds];
    for (const seq of instants.toReversed()) await trails.note('aaaaaaaaaaaaaaaa', seq, { settledAt: seq });
    await trails.note('bbbbbbbbbbbbbbbb', now + 3, { settledAt: now });
    expect((await trails.latest(3)).map(({ seq }) => seq)).toEqual([now + 5, now + 4, now + 3]);
    expect((await trails.of('aaaaaaaaaaaaaaaa')).map(({ seq }) => seq)).toEqual(instants);
    expect(await trails.latest(100)).toHaveLength(6);
  });

  test('refusals come newest first, each once', async () => {
    const { trails } = engine;
    const refusal = (eventId: string, refusedAt: number): Refusal => ({ eventId, source: 'cms.ghost', errors: [{ path: 'article.uri', message: 'is too long' }], refusedAt });
    const first = { ...refusal('first', now - 10), uri: 'urn:newsroom:1' };
    const second = { ...refusal('second', now), front: 'home' };
    for (const one of [first, second, first]) await trails.noteRefusal(one);
    expect(await trails.refusals(10)).toStrictEqual([second, first]);
    expect(await trails.refusals(1)).toHaveLength(1);
  });

  test('of each front the last change is kept, in whatever order they are noted', async () => {
    const { trails } = engine;
    const front = (name: string, seq: number, change: Change): FrontTrail => ({ name, seq, change, changedAt: seq - 1 });
    for (const one of [front('sport', now, 'live'), front('home', now + 2, 'withdrawn'), front('home', now + 1, 'live'), front('home', now + 2, 'withdrawn')]) await trails.noteFront(one);
    expect(await trails.fronts()).toStrictEqual([front('home', now + 2, 'withdrawn'), front('sport', now, 'live')]);
    expect(await trails.latest(100)).toHaveLength(6);
  });

  test('no pass takes them for articles', async () => {
    const { ids } = await engine.archive.page(undefined);
    expect(ids).toEqual([]);
  });
}

for (const kind of engines) {
  if (kind.missing === undefined)
    describe(`trails on ${kind.name}`, () => {
      trailsContract(kind);
    });
  else
    describe.skip(`trails on ${kind.name} (skipped: ${kind.missing})`, () => {
      trailsContract(kind);
    });
}
