import { dollarsAPath, freePathsAMonth, monthOf } from '../../shared/purge/purge-budget.ts';
import type { EdgeRequests } from './figures.ts';

/** What the CDN counts. */
export interface EdgeMetrics {
  /** Of at least the period asked for, oldest first. */
  readonly requests: readonly EdgeRequests[];
  /** Paths purged by day of this month (UTC), oldest first. */
  readonly purges: readonly { readonly at: number; readonly paths: number }[];
  /** When counting began, epoch ms, if it was after the beginning of the month. */
  readonly countedSince?: number;
}

/**
 * Returns what the CDN counted in the last hours, in buckets of so many minutes, and in this month; undefined if nothing
 * counts.
 */
export type EdgeMetricsOf = (hours: number, minutes: number, now: number) => Promise<EdgeMetrics | undefined>;

/** The purged paths of this month, and their price in dollars. */
export function purgeBillOf(
  { purges }: EdgeMetrics,
  now: number,
): { readonly paths: number; readonly dollars: number } {
  const paths = purges.filter(({ at }) => monthOf(at) === monthOf(now)).reduce((sum, each) => sum + each.paths, 0);
  return { paths, dollars: Math.max(0, paths - freePathsAMonth) * dollarsAPath };
}

/** Returns the beginning of the month of an instant, UTC, epoch ms. */
export function monthStart(now: number): number {
  return Date.parse(`${monthOf(now)}-01T00:00:00Z`);
}
