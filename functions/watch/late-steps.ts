import { saySame } from '../../shared/canonical.ts';
import type { Card } from '../../shared/article/card.ts';
import { isListed, type Head } from '../../shared/article/head.ts';
import type { Reader } from '../../shared/ports.ts';
import { shownIn, type LateStep } from '../../shared/trace/publish-trace.ts';

/** What readers should see of a change by now. */
export interface Expected {
  readonly articleId: string;
  readonly seq: number;
  readonly uri: string;
  /** Where the story stands, or stood. */
  readonly path: string | undefined;
  /** The lists that look otherwise since. */
  readonly feeds: readonly string[];
  /** The head as it is now: a newer state is as good. */
  readonly head: Head | undefined;
}

/** More lists than these say nothing new, and each costs a request. */
const maxLists = 20;

/** Asks as readers do, and says what they do not see yet. What was `seen` of a head is not asked for again. */
export async function lateSteps(reader: Reader, expected: Expected, seen: Set<string>): Promise<LateStep[]> {
  const { head, feeds } = expected;
  const isLive = head?.visibility === 'live';
  const once = async (what: string, shows: () => Promise<boolean>): Promise<boolean> => {
    const key = `${head?.seq ?? 0} ${what}`;
    if (!seen.has(key) && (await shows())) seen.add(key);
    return seen.has(key);
  };
  const [page, lists] = await Promise.all([
    once('page', async () => (isLive ? showsPage(reader, expected, head) : isGone(reader, expected))),
    Promise.all(
      feeds.slice(0, maxLists).map(async (feed) => once(feed, async () => showsList(reader, expected, feed))),
    ),
  ]);
  const late = new Set<LateStep>();
  if (!page) late.add(isLive ? 'page' : 'withdrawal');
  if (lists.includes(false)) late.add(isLive ? 'lists' : 'withdrawal');
  return [...late];
}

async function showsPage(reader: Reader, { articleId, seq }: Expected, head: Head): Promise<boolean> {
  const answers = await Promise.all(
    [`/articles/${articleId}.json`, ...(head.path === undefined ? [] : [head.path])].map((path) => reader.read(path)),
  );
  return answers.every(({ status, shown }) => {
    const said = shownIn(shown);
    return status === 200 && said?.articleId === articleId && said.seq >= seq;
  });
}

/** 410 when it had been public, else 404. Its path may be another story's by now. */
async function isGone(reader: Reader, { articleId, path, head }: Expected): Promise<boolean> {
  const wanted = head?.visibility === 'gone' ? 410 : 404;
  const [json, page] = await Promise.all([
    reader.read(`/articles/${articleId}.json`),
    path === undefined ? undefined : reader.read(path),
  ]);
  if (json.status !== wanted) return false;
  if (page === undefined || page.status === wanted) return true;
  const other = shownIn(page.shown);
  return (page.status === 200 && other !== undefined && other.articleId !== articleId) || page.status === 301;
}

interface List {
  readonly next_url?: string;
  readonly items: readonly { readonly id: string; readonly _pressrun: Card & { readonly seq: number } }[];
}

/** Whether the first page of a list, as readers get it, shows what it should of the article. */
async function showsList(reader: Reader, { seq, uri, head }: Expected, feed: string): Promise<boolean> {
  const { status, body } = await reader.read(`/feeds/${feed}.json`);
  const belongs = isListed(head) && head.feeds?.includes(feed) === true;
  if (status === 404) return !belongs;
  if (status !== 200) return false;
  const { items, next_url: more } = listIn(body);
  const item = items.find(({ id }) => id === uri);
  if (!belongs) return item === undefined;
  if (item) {
    const { seq: shown, ...card } = item._pressrun;
    // A new text, a recording, or `updated` alone, purges no list.
    return shown >= seq || saySame(apartFromUpdated(card), apartFromUpdated(head.card));
  }
  // Older than all that stands there: on a later page, which few ever ask for.
  const last = items.at(-1)?._pressrun;
  return more !== undefined && last !== undefined && `${last.firstPublished}#${last.articleId}` > head.place;
}

function apartFromUpdated({ updated, audio, ...card }: Card): Omit<Card, 'updated' | 'audio'> {
  return card;
}

/** Written by deliver, so its shape is known; whatever else answers in its place shows nothing. */
function listIn(body: string): List {
  try {
    return JSON.parse(body) as List;
  } catch {
    return { items: [] };
  }
}
