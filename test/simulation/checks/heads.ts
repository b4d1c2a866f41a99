import type { Head } from '../../../shared/article/head.ts';
import type { FeedEntry } from '../../../shared/feed/feed.ts';
import type { HeadImages } from '../../fakes/memory-articles.ts';
import type { Observed } from '../observed.ts';
import { sorted } from './compare.ts';
import { named } from './named.ts';
import type { PurgeLog } from './purge-log.ts';
import type { Violations } from './violations.ts';

export interface HeadWritten {
  readonly before: Head | undefined;
  readonly after: Head;
  /** The number of purges of the posts' tag that had been requested by then. */
  readonly postRequests: number;
}

/** Checks every head as it is written, and every feed entry against the head that it shows. */
export class HeadChecks {
  readonly writes: HeadWritten[] = [];
  /** The number of heads that had been written at each restore of a table. */
  readonly restores: number[] = [];
  readonly #world: Observed;
  readonly #violations: Violations;
  readonly #purges: PurgeLog;
  /** The versions that were stored when a head was written. */
  readonly #seen = new Map<string, ReadonlySet<string>>();
  /** The origin with which each row was first stored. */
  readonly #origins = new Map<string, string>();
  readonly #highestSeq = new Map<string, number>();

  constructor(world: Observed, violations: Violations, purges: PurgeLog) {
    this.#world = world;
    this.#violations = violations;
    this.#purges = purges;
  }

  written({ old: before, new: after }: HeadImages): void {
    if (!after) return;
    const { articleId, seq } = after;
    const highest = this.#highestSeq.get(articleId) ?? 0;
    if (seq <= highest) this.#violations.broke('seq', `the head of ${articleId} got seq ${seq}, not above ${highest}`);
    this.#highestSeq.set(articleId, Math.max(seq, highest));
    this.writes.push({ before, after, postRequests: this.#purges.postRequests });
    this.#checkContent(after);
    this.#checkOrigin(after);
    if (before && after.settledAt < before.settledAt)
      this.#violations.broke(
        'heads',
        `the head of ${named(articleId)} was settled by an earlier clock than the one before it`,
      );
  }

  /** A restored table has forgotten versions: what it has counts as seen by every head. */
  restored(): void {
    this.#seen.clear();
    this.#origins.clear();
    this.restores.push(this.writes.length);
    for (const id of this.#world.articles.heads.keys()) this.#seen.set(id, this.#stored(id));
  }

  find(articleId: string, seq: number): HeadWritten | undefined {
    return this.writes.find(({ after }) => after.articleId === articleId && after.seq === seq);
  }

  /** An entry shows the card of the head whose seq it carries. */
  checkEntry({ feed, place, seq, card }: FeedEntry): void {
    const write = this.find(place.slice(-16), seq);
    if (card && sorted(card) !== sorted(write?.after.card))
      this.#violations.broke(
        'feeds',
        `the entry in ${feed} with seq ${seq} shows what the head with this seq does not say`,
      );
  }

  #stored(id: string): Set<string> {
    const { versions, holds } = this.#world.articles;
    return new Set([...(versions.get(id)?.keys() ?? []), ...(holds.get(id)?.keys() ?? [])]);
  }

  /**
   * Compares a head with the oracle's result for all versions that the previous head had seen, and perhaps some newer
   * ones. A head must not forget a version that another has seen.
   */
  #checkContent({ articleId, version, visibility, settledAt, origin }: Head): void {
    const must = this.#seen.get(articleId) ?? new Set();
    const stored = this.#stored(articleId);
    this.#seen.set(articleId, stored);
    const perhaps = [...stored].filter((key) => !must.has(key));
    if (perhaps.length > 8) return;
    for (let chosen = 0; chosen < 2 ** perhaps.length; chosen += 1) {
      const knows = (key: string): boolean =>
        must.has(key) || (perhaps.includes(key) && ((chosen >> perhaps.indexOf(key)) & 1) === 1);
      const expected = this.#world.oracle.expect(articleId, settledAt, knows);
      const isCaused = origin ? expected.origins.includes(origin.correlationId) : expected.origins.length === 0;
      // Under a hold, a head keeps the version that readers saw last.
      const isVersion = expected.held || expected.erased || expected.shown?.key === version;
      if (isCaused && isVersion && (expected.visibility === 'live') === (visibility === 'live')) return;
    }
    this.#violations.broke(
      'heads',
      `${named(articleId)} became ${visibility} with ${version ?? 'no version'} because of ${origin?.correlationId ?? 'nothing'}, which forgets what the head before it had seen`,
    );
  }

  /** A row keeps the origin with which it was first stored, and a head's origin is that of a row. */
  #checkOrigin({ articleId, origin }: Head): void {
    const { versions, holds } = this.#world.articles;
    const origins = [...(versions.get(articleId)?.entries() ?? []), ...(holds.get(articleId)?.entries() ?? [])].map(
      ([key, row]) => [`${articleId} ${key}`, sorted(row.origin)] as const,
    );
    for (const [key, stored] of origins) {
      const first = this.#origins.get(key) ?? stored;
      this.#origins.set(key, first);
      if (first !== stored) this.#violations.broke('replays', `${key} was first brought by ${first}, now by ${stored}`);
    }
    if (!origins.some(([, stored]) => stored === sorted(origin)))
      this.#violations.broke(
        'replays',
        `the head of ${named(articleId)} is caused by ${sorted(origin)}, and no row is`,
      );
  }
}
