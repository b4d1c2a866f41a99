import type { Announcement } from '../contracts/announcements.ts';
import { announcementIn } from './announcement-in.ts';

/** The announcements handled so far: the highest number for each key. */
export interface Seen {
  /** Returns 0 if there is none. */
  highest(key: string): Promise<number>;
  /** Never lowers the stored number. */
  note(key: string, seq: number): Promise<void>;
}

export interface Consumer {
  readonly seen: Seen;
  /** Handles the announcement. If it throws, the announcement counts as unhandled and can be delivered again. */
  readonly handle: (announcement: Announcement) => Promise<void>;
  /**
   * `every`: each change once, in any order (for logs, statistics, the audio of a story). `newest`: the latest state of
   * each article, without those that arrive late (for search, apps, copies).
   */
  readonly want?: 'every' | 'newest';
}

/**
 * Hands an announcement to `handle` unless it was handled before. It is noted afterwards, so a crash in between repeats
 * it and loses nothing. A consumer that cannot tolerate the repeat writes its effect under the announcement's `id`.
 */
export async function consume(
  given: unknown,
  { seen, handle, want = 'every' }: Consumer,
): Promise<'handled' | 'seen' | 'unknown'> {
  const announcement = announcementIn(given);
  if (!announcement) return 'unknown';
  const { key, seq } = want === 'newest' ? stateOf(announcement) : { key: announcement.detail.id, seq: 1 };
  return inTurn(seen, key, async () => {
    if ((await seen.highest(key)) >= seq) return 'seen';
    await handle(announcement);
    await seen.note(key, seq);
    return 'handled';
  });
}

const turns = new WeakMap<Seen, Map<string, Promise<unknown>>>();

/**
 * Handles announcements with the same key one after the other within this process: a repeat may arrive while the first
 * is being handled.
 */
async function inTurn<Result>(seen: Seen, key: string, work: () => Promise<Result>): Promise<Result> {
  const waiting = turns.get(seen) ?? new Map<string, Promise<unknown>>();
  turns.set(seen, waiting);
  const turn = (waiting.get(key) ?? Promise.resolve()).then(work, work);
  waiting.set(key, turn);
  try {
    return await turn;
  } finally {
    if (waiting.get(key) === turn) waiting.delete(key);
  }
}

/**
 * Returns the key of the announcements that replace each other: those of one type about the same article or front. An
 * announcement about neither has a key of its own.
 */
function stateOf({ type, detail }: Announcement): { readonly key: string; readonly seq: number } {
  switch (type) {
    case 'article.live':
    case 'article.revised':
    case 'article.withdrawn':
      return { key: `article ${detail.articleId}`, seq: detail.seq };
    case 'front.changed':
      return { key: `front ${detail.name}`, seq: detail.seq };
    case 'article.fresh':
    case 'feed.changed':
      return { key: `${type} ${detail.articleId}`, seq: detail.seq };
    case 'article.rejected':
    case 'cdn.purged':
      return { key: detail.id, seq: 1 };
  }
}
