import { expect, test } from '@jest/globals';
import type { Change } from '../../shared/article/head.ts';
import { dayMilliseconds, type FrontTrace, type Rejection } from '../../shared/trace/publish-trace.ts';
import { engines, type Engine, type EngineKind } from './engines.ts';
import { onEvery, withEngine } from './on-every.ts';

const now = Date.now();

function trailsContract(kind: EngineKind): void {
  let engine: Engine;

  withEngine(kind, (opened) => {
    engine = opened;
  });

  test('updates of a publish trace are merged in any order, and the first value of each field remains', async () => {
    const { publishTraces } = engine;
    const [articleId, seq] = ['ycz2ycz2ycz2ycz2', now];
    expect(await publishTraces.note(articleId, seq, { purgedAt: now + 20 })).toStrictEqual({
      articleId,
      seq,
      purgedAt: now + 20,
    });
    const announcement = {
      uri: 'urn:newsroom:港',
      change: 'live',
      feeds: ['latest', 'section/news'],
      correlationId: 'event-1',
    } as const;
    expect(
      await publishTraces.note(articleId, seq, {
        ...announcement,
        receivedAt: now - 5,
        settledAt: now,
        announcedAt: now + 10,
      }),
    ).toStrictEqual({
      articleId,
      seq,
      ...announcement,
      receivedAt: now - 5,
      settledAt: now,
      announcedAt: now + 10,
      purgedAt: now + 20,
    });
    const warned = { warnings: [{ path: 'article.urgency', message: 'must be 1 to 9' }], source: 'cms.ghost' };
    expect(await publishTraces.note(articleId, seq, warned)).toMatchObject(warned);
    await publishTraces.note(articleId, seq, {
      purgedAt: now + 99,
      announcedAt: now + 99,
      freshAt: now + 30,
      lateAt: now + 40,
      late: ['page', 'lists'],
    });
    expect(await publishTraces.of(articleId)).toMatchObject([
      { announcedAt: now + 10, purgedAt: now + 20, freshAt: now + 30, late: ['page', 'lists'] },
    ]);
    expect(await publishTraces.note(articleId, seq, {})).toMatchObject({ uri: announcement.uri });
  });

  test('the last changes are listed newest first across days, and those of one article separately', async () => {
    const { publishTraces } = engine;
    const instants = [now + 5, now + 4, now - dayMilliseconds, now - 3 * dayMilliseconds];
    for (const seq of instants.toReversed()) await publishTraces.note('aaaaaaaaaaaaaaaa', seq, { settledAt: seq });
    await publishTraces.note('bbbbbbbbbbbbbbbb', now + 3, { settledAt: now });
    expect((await publishTraces.latest(3)).map(({ seq }) => seq)).toEqual([now + 5, now + 4, now + 3]);
    expect((await publishTraces.of('aaaaaaaaaaaaaaaa')).map(({ seq }) => seq)).toEqual(instants);
    expect(await publishTraces.latest(100)).toHaveLength(6);
    expect((await publishTraces.latest(100, now + 4)).map(({ seq }) => seq)).toEqual([now + 5, now + 4]);
    expect(await publishTraces.latest(1, now + 4)).toHaveLength(1);
    expect(await publishTraces.latest(100, now - 3 * dayMilliseconds)).toHaveLength(6);
  });

  test('rejections are listed newest first, each once', async () => {
    const { publishTraces } = engine;
    const rejection = (eventId: string, refusedAt: number): Rejection => ({
      eventId,
      source: 'cms.ghost',
      errors: [{ path: 'article.uri', message: 'is too long' }],
      refusedAt,
    });
    const first = { ...rejection('first', now - 10), uri: 'urn:newsroom:1' };
    const second = { ...rejection('second', now), front: 'home', file: 'drop/newsml/a.xml' };
    for (const one of [first, second, first]) await publishTraces.noteRejection(one);
    expect(await publishTraces.rejections(10)).toStrictEqual([second, first]);
    expect(await publishTraces.rejections(1)).toHaveLength(1);
  });

  test('the last change of each front is kept, in whatever order changes are noted', async () => {
    const { publishTraces } = engine;
    const front = (name: string, seq: number, change: Change): FrontTrace => ({
      name,
      seq,
      change,
      changedAt: seq - 1,
    });
    for (const one of [
      front('sport', now, 'live'),
      front('home', now + 2, 'withdrawn'),
      front('home', now + 1, 'live'),
      front('home', now + 2, 'withdrawn'),
    ])
      await publishTraces.noteFront(one);
    expect(await publishTraces.fronts()).toStrictEqual([
      front('home', now + 2, 'withdrawn'),
      front('sport', now, 'live'),
    ]);
    expect(await publishTraces.latest(100)).toHaveLength(6);
  });

  test('jobs do not take publish traces for articles', async () => {
    const { ids } = await engine.archive.page(undefined);
    expect(ids).toEqual([]);
  });
}

onEvery(engines, 'publish traces', trailsContract);
