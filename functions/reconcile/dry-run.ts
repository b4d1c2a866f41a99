import type { Head, Settlement } from '../../shared/article/head.ts';
import type { DriftKind } from '../../shared/job.ts';
import type { Articles, ScheduleIndex, Fronts, PathOwner, VersionStore } from '../../shared/article/ports.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Pictures } from '../../shared/picture/ports.ts';
import { settleAny } from '../../shared/article/settle-article.ts';
import type { Content, Version } from '../../shared/article/version.ts';

export interface DryRunPorts {
  readonly articles: Articles;
  readonly fronts: Fronts;
  readonly pictures: Pictures;
  readonly scheduleIndex: Pick<ScheduleIndex, 'has'>;
  readonly clock: Clock;
}

/**
 * The drift that settling would repair; and the latest instant (epoch ms) at which a version or hold that it read was
 * received, or its head settled.
 */
export interface DryRun {
  readonly drift: ReadonlySet<DriftKind>;
  readonly touchedAt: number;
}

/**
 * Settles an article, front or picture (by its id) without writing anything: settle runs on a store that keeps its
 * writes in memory. `at` may be earlier than the clock, so that articles that became due just now are left to their
 * scheduled settle.
 */
export async function dryRun(ports: DryRunPorts, id: string, at: number): Promise<DryRun> {
  const drift = new Set<DriftKind>();
  const seen = { touchedAt: -Infinity };
  const clock = { now: () => at };
  const pictures: Pictures = {
    pulled: () => ports.pictures.pulled(),
    writePulled: () => {
      drift.add('head');
      return Promise.resolve(true);
    },
  };
  const settleAt = async (articleId: string, instant: number): Promise<void> => {
    if (instant > ports.clock.now() && !(await ports.scheduleIndex.has({ articleId, instant }))) drift.add('wakeUp');
  };
  const articles = dryRunArticles(ports.articles, id, drift, seen);
  await settleAny(
    { articles, fronts: dryRunStore(ports.fronts, drift, seen), pictures, settleSchedule: { settleAt }, clock },
    id,
  );
  return { drift, touchedAt: seen.touchedAt };
}

function dryRunStore<C, H extends Settlement>(
  store: VersionStore<C, H>,
  drift: Set<DriftKind>,
  seen: { touchedAt: number },
): VersionStore<C, H> {
  const heads = new Map<string, H>();
  const touched = (at: number): void => {
    seen.touchedAt = Math.max(seen.touchedAt, at);
  };
  return {
    putVersion: () => Promise.reject(new Error('settling puts no version')),
    head: async (articleId) => heads.get(articleId) ?? store.head(articleId),
    version: (articleId, key) => store.version(articleId, key),
    open: async (articleId) => {
      const stored = await store.open(articleId);
      if (stored.head) touched(stored.head.settledAt);
      for (const { receivedAt } of stored.holds) touched(receivedAt);
      return {
        ...stored,
        head: heads.get(articleId) ?? stored.head,
        newestFirst: watched(stored.newestFirst, touched),
      };
    },
    writeHead: (head) => {
      drift.add('head');
      heads.set(head.articleId, head);
      return Promise.resolve(true);
    },
  };
}

function dryRunArticles(articles: Articles, id: string, drift: Set<DriftKind>, seen: { touchedAt: number }): Articles {
  const claims = new Map<string, PathOwner>();
  const store = dryRunStore<Content, Head>(articles, drift, seen);
  return {
    ...store,
    open: async (articleId) => {
      const stored = await store.open(articleId);
      // Settle also opens the owner of a path that the article claims.
      if (articleId !== id) return stored;
      // `narrate` has not removed the audio of a withdrawn story, or has not renewed the audio of a changed text.
      // Settle reads the state again after it writes the head, so the last result counts.
      if (stored.audioRendition !== undefined && stored.head?.card?.audio === undefined) drift.add('audio');
      else drift.delete('audio');
      return stored;
    },
    putHold: () => Promise.reject(new Error('settling puts no hold')),
    pathBefore: (version) => articles.pathBefore(version),
    forgetPaths: () => Promise.resolve(),
    strip: () => {
      drift.add('erasure');
      return Promise.resolve();
    },
    pathOwner: async (path) => claims.get(path) ?? articles.pathOwner(path),
    claimPath: (owner) => {
      drift.add('path');
      claims.set(owner.path, owner);
      return Promise.resolve(true);
    },
  };
}

async function* watched<C>(
  versions: AsyncIterable<Version<C>>,
  touched: (at: number) => void,
): AsyncGenerator<Version<C>> {
  for await (const version of versions) {
    touched(version.receivedAt);
    yield version;
  }
}
