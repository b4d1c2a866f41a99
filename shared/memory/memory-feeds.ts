import type { FeedEntry, FeedPage } from '../feed.ts';
import type { Feeds } from '../ports.ts';

/** The feeds table in memory. */
export class MemoryFeeds implements Feeds {
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
    let seq = 0;
    for (const row of rows) {
      if (entries.length === limit && row.card) return Promise.resolve({ entries, more: true, seq });
      seq = Math.max(seq, row.seq);
      if (row.card) entries.push({ ...row, card: row.card });
    }
    return Promise.resolve({ entries, more: false, seq });
  }
}
