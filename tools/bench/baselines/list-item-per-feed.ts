import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { Card } from '../../../shared/article/card.ts';
import { packContent, type Content } from '../../../shared/article/version.ts';
import type { Rows } from './rows.ts';

/** The longest page that a reader may ask for: a shorter list could not answer it, a longer one would cost more. */
const longestList = 100;

export interface Story {
  readonly articleId: string;
  readonly seq: number;
  readonly content: Content;
  readonly card: Card;
  readonly feeds: readonly string[];
}

/**
 * The nearest way to build it: a feed is one item, rewritten on each publish. Built as well as it can be: versions and
 * lists are compressed, a list holds no more than the longest page, writes are conditional, and a lost race is run again.
 */
export class ListItemPerFeed {
  readonly rows: Rows;

  constructor(rows: Rows) {
    this.rows = rows;
  }

  async publish(story: Story): Promise<void> {
    await putStory(this.rows, story);
    await Promise.all(story.feeds.map(async (feed) => this.#insert(feed, story)));
  }

  async #insert(feed: string, { card }: Story): Promise<void> {
    for (;;) {
      const row = await this.rows.get({ id: { S: `list#${feed}` }, sk: { S: 'list' } });
      const cards = [card, ...(row ? listIn(row).filter(({ articleId }) => articleId !== card.articleId) : [])];
      const list = cards.toSorted((a, b) => (a.firstPublished < b.firstPublished ? 1 : -1)).slice(0, longestList);
      const revision = Number(row?.['revision']?.['N'] ?? 0);
      if (
        await this.rows.put(
          { ...listRow(feed, list), revision: { N: String(revision + 1) } },
          revision === 0 ? 'attribute_not_exists(id)' : `revision = :read`,
          { ':read': { N: String(revision) } },
        )
      )
        return;
    }
  }
}

/** Writes the version and the row that names the version shown. Every alternative needs both. */
export async function putStory(rows: Rows, { articleId, seq, content, card, feeds }: Story): Promise<void> {
  await rows.put(
    {
      id: { S: articleId },
      sk: { S: `v#${seq}` },
      content: { B: Buffer.from(packContent(content)).toString('base64') },
    },
    'attribute_not_exists(id)',
  );
  await rows.put(
    {
      id: { S: articleId },
      sk: { S: 'current' },
      seq: { N: String(seq) },
      card: { S: JSON.stringify(card) },
      feeds: { L: feeds.map((feed) => ({ S: feed })) },
    },
    'attribute_not_exists(id) OR seq < :seq',
    { ':seq': { N: String(seq) } },
  );
}

export function listRow(feed: string, cards: readonly Card[]): Parameters<Rows['put']>[0] {
  const packed = brotliCompressSync(JSON.stringify(cards), { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
  return { id: { S: `list#${feed}` }, sk: { S: 'list' }, cards: { B: packed.toString('base64') } };
}

function listIn(row: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Card[] {
  return JSON.parse(brotliDecompressSync(Buffer.from(String(row['cards']?.['B']), 'base64')).toString()) as Card[];
}
