import type { MemoryArticles, MemoryFronts } from '../fakes/memory-articles.ts';
import type { MemoryFeeds } from '../fakes/memory-feeds.ts';

export type TableName = 'articles' | 'feeds';

/** The tables at an instant. */
export interface Backup {
  readonly at: number;
  readonly restore: (table: TableName) => void;
}

/** Returns a backup of the tables as they are now. */
export function backupOf({
  now,
  articles,
  fronts,
  feeds,
}: {
  readonly now: number;
  readonly articles: MemoryArticles;
  readonly fronts: MemoryFronts;
  readonly feeds: MemoryFeeds;
}): Backup {
  const restores = {
    articles: copyOf([
      articles.versions,
      articles.holds,
      articles.heads,
      articles.owners,
      fronts.versions,
      fronts.heads,
    ]),
    feeds: copyOf([feeds.rows]),
  };
  return {
    at: now,
    restore: (table) => {
      restores[table]();
    },
  };
}

/** Copies the rows of a table. Returns a function that puts them back. */
function copyOf(table: readonly Map<string, unknown>[]): () => void {
  const copies = table.map((map) => structuredClone([...map]));
  return () => {
    for (const [index, map] of table.entries()) {
      map.clear();
      for (const [key, value] of structuredClone(copies[index] ?? [])) map.set(key, value);
    }
  };
}
