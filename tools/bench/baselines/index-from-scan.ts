import type { Card } from '../../../shared/article/card.ts';
import { listRow, putStory, type Story } from './list-item-per-feed.ts';
import type { Rows } from './rows.ts';

const longestList = 100;

/**
 * A common alternative: after each publish, the index is rebuilt from a scan of all rows. Optimised fairly: it rebuilds
 * only the lists that contain the story, reads only heads, compresses lists, and stores no more than the longest page.
 */
export class IndexFromScan {
  readonly rows: Rows;

  constructor(rows: Rows) {
    this.rows = rows;
  }

  async publish(story: Story): Promise<void> {
    await putStory(this.rows, story);
    const lists = new Map(story.feeds.map((feed) => [feed, [] as Card[]]));
    for await (const row of this.rows.scan()) {
      if (row['sk']?.['S'] !== 'current') continue;
      const card = JSON.parse(String(row['card']?.['S'])) as Card;
      for (const { S: feed } of row['feeds']?.['L'] as { S: string }[]) lists.get(feed)?.push(card);
    }
    await Promise.all(
      [...lists].map(async ([feed, cards]) =>
        this.rows.put(
          listRow(feed, cards.toSorted((a, b) => (a.firstPublished < b.firstPublished ? 1 : -1)).slice(0, longestList)),
        ),
      ),
    );
  }
}
