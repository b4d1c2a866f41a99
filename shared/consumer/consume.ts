import type { Announcement } from '../events/announcement.ts';
import { announcementIn } from './announcement-in.ts';

/** What was handled already: of each key, the highest number. */
export interface Seen {
  /** 0 where nothing was. */
  highest(key: string): Promise<number>;
  /** Never lowers what stands there. */
  note(key: string, seq: number): Promise<void>;
}

export interface Consumer {
  readonly seen: Seen;
  /** Does the work. What it throws leaves the announcement unseen, so that it can come again. */
  readonly handle: (announcement: Announcement) => Promise<void>;
  /**
   * `every` change once, in whatever order they come (for logs, statistics, the audio of a story); or the `newest`
   * state of each article, dropping what comes late (for search, apps, copies).
   */
  readonly want?: 'every' | 'newest';
}

/**
 * Hands an announcement on, unless it was seen. It is noted after it was handled: a crash between the two repeats it,
 * and loses nothing. Whoever cannot bear the repeat either writes its effect under the announcement's `id`.
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

/** In one process, what has the same key is handled one after the other: a repeat may come while the first is still being handled. */
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

/** What an announcement replaces: anything else of its kind about the same article or front. One about no single article stands for itself. */
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
