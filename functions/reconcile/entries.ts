import { saySame } from '../../shared/canonical.ts';
import { placementsOf, type Head } from '../../shared/article/head.ts';
import type { DriftKind, JobMode } from '../../shared/job.ts';
import { keyOf } from '../../shared/feed/placement.ts';
import type { FeedRow, FeedRows } from '../../shared/feed/ports.ts';
import type { ReconcilePorts } from './ports.ts';
import { nothing, type Outcome } from './attempt.ts';

/** Changes of the last five minutes are still being processed by other functions. */
const quietMilliseconds = 5 * 60_000;

/** Writes the entries that `project` would write, where the stored rows differ. */
export async function compareEntries(ports: ReconcilePorts, mode: JobMode, articleId: string): Promise<Outcome> {
  const head = await ports.articles.head(articleId);
  if (!head) return nothing;
  const places = await Promise.all(
    placementsOf(head).map(async (placement) => {
      const row = await ports.feedRows.row(placement);
      return { placement, row, drift: driftKindOf(row, head) };
    }),
  );
  const toWrite = mode === 'rebuild' ? places : places.filter(({ drift }) => drift !== undefined);
  // Rows are written after their head. If the head has not changed since the rows were read, the differences are drift.
  if (toWrite.length === 0 || (await ports.articles.head(articleId))?.seq !== head.seq) return nothing;
  return write(
    ports,
    mode,
    toWrite.map(({ placement, row, drift }) => ({
      entry: { ...placement, seq: head.seq, card: head.card },
      storedSeq: row?.seq,
      articleId,
      drift,
    })),
  );
}

function driftKindOf(row: FeedRow | undefined, { seq, card }: Head): DriftKind | undefined {
  if (row?.card === undefined) return 'missing';
  return row.seq === seq && saySame(row.card, card) ? undefined : 'stale';
}

/** Replaces the entries in feeds that do not list their article by tombstones. */
export async function removeExtras(
  ports: ReconcilePorts,
  mode: JobMode,
  articleId: string,
  rows: readonly FeedRow[],
): Promise<Outcome> {
  const quietSince = quietSinceOf(ports, mode);
  const head = await ports.articles.head(articleId);
  if (head && head.settledAt > quietSince) return nothing;
  const places = new Set(placementsOf(head).map(keyOf));
  const extras = rows.filter((row) => !places.has(keyOf(row)) && (row.seq ?? 0) <= quietSince);
  return write(
    ports,
    mode,
    extras.map(({ feed, place, seq }) => ({
      entry: { feed, place, seq: Math.max(seq ?? 0, head?.seq ?? 0) },
      storedSeq: seq,
      articleId,
      drift: 'extra',
    })),
  );
}

/**
 * Replaces rows that are unchanged since they were read. A changed row was written by `project` in between, from a
 * newer head.
 */
async function write(
  { feedRows }: ReconcilePorts,
  mode: JobMode,
  rows: readonly {
    readonly entry: Parameters<FeedRows['replace']>[0];
    readonly storedSeq: number | undefined;
    readonly articleId: string;
    readonly drift: DriftKind | undefined;
  }[],
): Promise<Outcome> {
  const outcomes = await Promise.all(
    rows.map(async ({ entry, storedSeq, articleId, drift }): Promise<Outcome> => {
      const repaired = mode !== 'verify' && (await feedRows.replace(entry, storedSeq));
      if (mode !== 'verify' && !repaired) return nothing;
      return {
        findings: drift === undefined ? [] : [{ kind: drift, articleId, feed: entry.feed, mended: repaired }],
        written: repaired ? [entry.feed] : [],
      };
    }),
  );
  return {
    findings: outcomes.flatMap(({ findings }) => findings),
    written: outcomes.flatMap(({ written }) => written),
  };
}

/**
 * Returns the instant (epoch ms) after which changes are not checked. A rebuild may follow the loss of a table, so it
 * includes recent changes.
 */
export function quietSinceOf({ clock }: ReconcilePorts, mode: JobMode): number {
  return clock.now() - (mode === 'rebuild' ? 0 : quietMilliseconds);
}
