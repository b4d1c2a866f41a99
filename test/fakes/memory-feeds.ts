import type { FeedEntry, FeedPage, RemovedEntry } from '../../shared/feed/feed.ts';
import type { Placement } from '../../shared/feed/placement.ts';
import type { FeedRow, FeedRows, Feeds } from '../../shared/feed/ports.ts';

/** Small, so that readers need several pages. */
const sweepLength = 7;

/** The feeds table in memory. */
export class MemoryFeeds implements Feeds, FeedRows {
  readonly rows = new Map<string, Map<string, FeedEntry>>();

  put(entry: FeedEntry): Promise<void> {
    const rows = this.rows.get(entry.feed) ?? new Map<string, FeedEntry>();
    this.rows.set(entry.feed, rows);
    if ((rows.get(entry.place)?.seq ?? -1) <= entry.seq) rows.set(entry.place, structuredClone(entry));
    return Promise.resolve();
  }

  page(feed: string, limit: number, after: string | undefined): Promise<FeedPage> {
    const rows = [...(this.rows.get(feed)?.values() ?? [])]
      .filter(({ place }) => after === undefined || place < after)
      .sort((a, b) => (a.place < b.place ? 1 : -1));
    const entries: FeedPage['entries'][number][] = [];
    const removed: RemovedEntry[] = [];
    let seq = 0;
    for (const row of rows) {
      if (entries.length === limit && row.card) return Promise.resolve({ entries, more: true, seq, removed });
      seq = Math.max(seq, row.seq);
      if (row.card) entries.push({ ...row, card: row.card });
      else if (row.uri !== undefined) removed.push({ uri: row.uri, seq: row.seq });
    }
    return Promise.resolve({ entries, more: false, seq, removed });
  }

  row({ feed, place }: Placement): Promise<FeedRow | undefined> {
    return Promise.resolve(this.rows.get(feed)?.get(place));
  }

  sweep(after: string | undefined): Promise<{ readonly rows: readonly FeedRow[]; readonly next: string | undefined }> {
    const left = [...this.rows.values()]
      .flatMap((rows) => [...rows.values()])
      .map((row) => ({ key: `${row.feed} ${row.place}`, row }))
      .filter(({ key }) => after === undefined || key > after)
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const page = left.slice(0, sweepLength);
    return Promise.resolve({
      rows: page.map(({ row }) => row),
      next: left.length > sweepLength ? page.at(-1)?.key : undefined,
    });
  }

  replace(entry: FeedEntry, visibility: number | undefined): Promise<boolean> {
    const rows = this.rows.get(entry.feed) ?? new Map<string, FeedEntry>();
    this.rows.set(entry.feed, rows);
    if (rows.get(entry.place)?.seq !== visibility) return Promise.resolve(false);
    rows.set(entry.place, structuredClone(entry));
    return Promise.resolve(true);
  }
}
