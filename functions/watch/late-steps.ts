import { saySame } from '../../shared/canonical.ts';
import type { Card } from '../../shared/article/card.ts';
import { hasOwnPage, isListed, type Head } from '../../shared/article/head.ts';
import type { Reader } from '../../shared/trace/ports.ts';
import { shownIn, type LateStep } from '../../shared/trace/publish-trace.ts';
import { parsedJson } from '../../shared/json.ts';

/** The state of a change that readers should see by now. */
export interface Expected {
  readonly articleId: string;
  readonly seq: number;
  readonly uri: string;
  /** The article's path, or its last one. */
  readonly path: string | undefined;
  /** The feeds that changed. */
  readonly feeds: readonly string[];
  /** The present head: a newer state is fresh as well. */
  readonly head: Head | undefined;
}

/** The maximum number of lists that are requested. Further ones add requests and no information. */
const maxLists = 20;

/**
 * Requests pages as a reader does, and returns the steps that do not show the change yet. Requests that have shown this
 * head (`seen`) are not repeated.
 */
export async function lateSteps(reader: Reader, expected: Expected, seen: Set<string>): Promise<LateStep[]> {
  const { head, feeds } = expected;
  // A post or a profile has no page. If an article became one, its page is gone.
  const isLive = head?.visibility === 'live' && hasOwnPage(head);
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

/**
 * Returns whether the page answers 410 if it was public, else 404. Another article may own its path by now, or may
 * continue it.
 */
async function isGone(reader: Reader, { articleId, path, head }: Expected): Promise<boolean> {
  const wanted = head?.visibility === 'gone' ? 410 : 404;
  const [json, page] = await Promise.all([
    reader.read(`/articles/${articleId}.json`),
    path === undefined ? undefined : reader.read(path),
  ]);
  const isContinued = head?.continuedBy !== undefined && json.status === 301;
  if (json.status !== wanted && !isContinued) return false;
  if (page === undefined || page.status === wanted) return true;
  const other = shownIn(page.shown);
  return (page.status === 200 && other !== undefined && other.articleId !== articleId) || page.status === 301;
}

interface List {
  readonly next_url?: string;
  readonly items: readonly { readonly id: string; readonly _pressrun: Card & { readonly seq: number } }[];
}

/** Returns whether the first page of a list shows the article as it should. */
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
    // A new text, new audio, or `updated` alone purges no list.
    return shown >= seq || saySame(apartFromUpdated(card), apartFromUpdated(head.card));
  }
  // The article is older than all entries, so it is on a later page.
  const last = items.at(-1)?._pressrun;
  return more !== undefined && last !== undefined && `${last.firstPublished}#${last.articleId}` > head.place;
}

function apartFromUpdated({ updated, audio, ...card }: Card): Omit<Card, 'updated' | 'audio'> {
  return card;
}

/** Returns the list in a response of `deliver`, whose shape is known. Any other response counts as an empty list. */
function listIn(body: string): List {
  return (parsedJson(body) ?? { items: [] }) as List;
}
