import { setTimeout as pause } from 'node:timers/promises';
import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { articleIdOf } from '../../shared/article/article.ts';
import { versionOf } from '../../shared/aws/rows.ts';
import type { Row, Table } from '../../shared/aws/table.ts';
import { pictureIdNamed, pictureIdsOf } from '../../shared/picture/picture.ts';
import { frontIdOf } from '../../shared/front/front.ts';
import type { Articles, Fronts, Pictures } from '../../shared/ports.ts';
import {
  inOrder,
  type ArticleEvent,
  type FrontContent,
  type FrontEvent,
  type Version,
} from '../../shared/article/version.ts';
import type { Connection } from './connection.ts';
import { WrongUse } from './exits.ts';
import { picturesIn } from './history.ts';

/** Who asks for it and why: kept with the version and shown in the history. */
export interface Said {
  readonly actor: string;
  readonly reason?: string;
}

export interface Order {
  readonly uri: string;
  readonly eventId: string;
}

/** PutEvents takes ten entries a call. */
const maxEntries = 10;

/**
 * Puts one event for each article on the bus. The version it makes comes after every one that is stored, also after one
 * whose CMS's clock runs ahead.
 */
export async function order(
  connection: { readonly stage: string; readonly eventBridge: EventBridgeClient; readonly articles: Articles },
  event: ArticleEvent,
  uris: readonly string[],
  said: Said,
  now: number,
): Promise<Order[]> {
  const details = await Promise.all(
    uris.map(async (uri) => ({
      article: { uri, versionCreated: new Date(await nextInstant(connection.articles, uri, now)).toISOString() },
      // The bus has whole seconds; a hold and its end may be closer.
      receivedAt: now,
      ...said,
    })),
  );
  return put(
    connection,
    details.map((detail) => ({ event, uri: detail.article.uri, detail })),
  );
}

/** Takes pictures out of every story and list, or lets them be seen again; a picture is named by its uri, or by its address where it has none. */
export async function orderPictures(
  connection: { readonly stage: string; readonly eventBridge: EventBridgeClient },
  event: 'article.held' | 'article.unheld',
  uris: readonly string[],
  said: Said,
  now: number,
): Promise<Order[]> {
  const versionCreated = new Date(now).toISOString();
  return put(
    connection,
    uris.map((uri) => ({
      event,
      uri,
      detail: { article: { uri, type: 'picture', versionCreated }, receivedAt: now, ...said },
    })),
  );
}

/** Puts the content of an old version on the bus again, as a new one. */
export async function rollback(
  connection: { readonly stage: string; readonly eventBridge: EventBridgeClient; readonly articles: Articles },
  version: Version,
  said: Said,
  now: number,
): Promise<Order[]> {
  const { article, path } = version.content;
  if (version.status !== 'usable')
    throw new WrongUse('that version withdrew the story: there is no content in it to go back to');
  const { embargoedUntil, ...content } = article;
  const versionCreated = new Date(await nextInstant(connection.articles, article.uri, now)).toISOString();
  const detail = {
    article: { ...content, versionCreated },
    ...(path !== undefined && { path }),
    receivedAt: now,
    ...said,
  };
  return put(connection, [{ event: 'article.updated', uri: article.uri, detail }]);
}

/** The same for a front. */
export async function rollbackFront(
  connection: {
    readonly stage: string;
    readonly eventBridge: EventBridgeClient;
    readonly fronts: Pick<Fronts, 'open'>;
  },
  { status, content: { front } }: Version<FrontContent>,
  said: Said,
  now: number,
): Promise<Order[]> {
  if (status !== 'usable') throw new WrongUse('that version withdrew the front: there is nothing in it to go back to');
  const { newestFirst } = await connection.fronts.open(frontIdOf(front.name));
  const versionCreated = new Date(await instantAfter(newestFirst, now)).toISOString();
  return put(connection, [
    {
      event: 'front.published',
      uri: `front:${front.name}`,
      detail: { front: { ...front, versionCreated }, receivedAt: now, ...said },
    },
  ]);
}

async function nextInstant(articles: Articles, uri: string, now: number): Promise<number> {
  return instantAfter((await articles.open(articleIdOf(uri))).newestFirst, now);
}

/** A `versionCreated` that comes after every version there is, also where a clock of the CMS runs ahead. */
async function instantAfter<C>(newestFirst: AsyncIterable<Version<C>>, now: number): Promise<number> {
  const newest = await inOrder(newestFirst, 'newest').next();
  return Math.max(now, (newest.done === true ? 0 : newest.value.versionCreated) + 1);
}

async function put(
  { stage, eventBridge }: { readonly stage: string; readonly eventBridge: EventBridgeClient },
  orders: readonly { readonly event: ArticleEvent | FrontEvent; readonly uri: string; readonly detail: unknown }[],
): Promise<Order[]> {
  const done: Order[] = [];
  for (let start = 0; start < orders.length; start += maxEntries) {
    const batch = orders.slice(start, start + maxEntries);
    const { Entries = [] } = await eventBridge.send(
      new PutEventsCommand({
        Entries: batch.map(({ event, detail }) => ({
          EventBusName: `pressrun-${stage}`,
          Source: 'pressrun-cli',
          DetailType: event,
          Detail: JSON.stringify(detail),
        })),
      }),
    );
    batch.forEach(({ uri }, index) => {
      const entry = Entries[index];
      if (entry?.EventId === undefined)
        throw new Error(
          `the bus refused ${uri}: ${entry?.ErrorMessage ?? entry?.ErrorCode ?? 'no answer'}; ${done.length} before it were taken`,
        );
      done.push({ uri, eventId: entry.EventId });
    });
  }
  return done;
}

/** Those of the uris of which nothing was ever received: mistyped, or not here yet. */
export async function unknownOf(articles: Articles, uris: readonly string[]): Promise<string[]> {
  const known = await Promise.all(
    uris.map(async (uri) => {
      const { head, holds, newestFirst } = await articles.open(articleIdOf(uri));
      return head !== undefined || holds.length > 0 || (await inOrder(newestFirst, 'newest').next()).done !== true;
    }),
  );
  return uris.filter((_, index) => known[index] !== true);
}

/** @throws {WrongUse} one is a story, or (unless said so) no story has such a picture. */
export async function rejectUnseen(
  {
    articles,
    pictures,
    tableNamed,
    articlesTable,
  }: Pick<Connection, 'articles' | 'pictures' | 'tableNamed' | 'articlesTable'>,
  uris: readonly string[],
  { story, notSeenYet }: { readonly story?: string; readonly notSeenYet?: boolean },
): Promise<void> {
  const unknown = await unknownOf(articles, uris);
  const stories = uris.filter((uri) => !unknown.includes(uri));
  if (stories.length > 0)
    throw new WrongUse(
      `${stories.join(', ')} is a story and no picture: nothing was done. To take a story from readers, withdraw or hold it`,
    );
  if (notSeenYet === true) return;
  const seen =
    story === undefined
      ? await picturesSeen(tableNamed(articlesTable), uris)
      : new Set((await picturesIn(articles, pictures, story)).map(({ uri }) => uri));
  const unseen = uris.filter((uri) => !seen.has(uri));
  if (unseen.length > 0) {
    throw new WrongUse(
      `${story === undefined ? 'no story has' : `${story} has not`} the picture ${unseen.join(', ')}: nothing was done. Mend the uri, or say --not-seen-yet to hide it once a story brings it`,
    );
  }
}

/** @throws {WrongUse} one is not pulled. */
export async function rejectUnpulled(pictures: Pick<Pictures, 'pulled'>, uris: readonly string[]): Promise<void> {
  const { ids } = await pictures.pulled();
  const shown = uris.filter((uri) => !ids.has(pictureIdNamed(uri)));
  if (shown.length > 0) throw new WrongUse(`${shown.join(', ')} is not pulled: nothing was done. Mend the uri`);
}

/** In so many parts a table is read side by side. */
const segments = 8;

/** Those of the uris that any stored version has as a picture. No index names pictures, so all versions are read until the last is found. */
async function picturesSeen(table: Table, uris: readonly string[]): Promise<ReadonlySet<string>> {
  const wanted = Map.groupBy(uris, pictureIdNamed);
  const seen = new Set<string>();
  await Promise.all(
    Array.from({ length: segments }, async (_, segment) => {
      let next: Row | undefined;
      do {
        const page = await table.scan({
          Segment: segment,
          TotalSegments: segments,
          FilterExpression: 'begins_with(sk, :version) AND NOT begins_with(articleId, :front)',
          ExpressionAttributeValues: { ':version': 'v#', ':front': 'front#' },
          ...(next && { ExclusiveStartKey: next }),
        });
        for (const row of page.rows) {
          for (const id of pictureIdsOf(versionOf(row).content.article)) {
            for (const uri of wanted.get(id) ?? []) seen.add(uri);
          }
        }
        next = page.next;
      } while (next && seen.size < uris.length);
    }),
  );
  return seen;
}

const timeoutMs = 15_000;
const pollIntervalMs = 250;

/** Waits until none of the uris is left, and returns those that are when patience ends. */
async function leftOf(
  uris: readonly string[],
  now: () => number,
  left: (waiting: readonly string[]) => Promise<readonly string[]>,
): Promise<string[]> {
  const deadline = now() + timeoutMs;
  let waiting = uris;
  for (;;) {
    waiting = await left(waiting);
    if (waiting.length === 0 || now() > deadline) return [...waiting];
    await pause(pollIntervalMs);
  }
}

/** Waits until readers see what was ordered of pictures, and says of which they do not yet. */
export async function picturesNotYet(
  pictures: Pick<Pictures, 'pulled'>,
  uris: readonly string[],
  event: 'article.held' | 'article.unheld',
  now: () => number,
): Promise<string[]> {
  return leftOf(uris, now, async (waiting) => {
    const { ids } = await pictures.pulled();
    return waiting.filter((uri) => ids.has(pictureIdNamed(uri)) !== (event === 'article.held'));
  });
}

/** Waits until readers see what was ordered, and says which articles they do not see so yet. */
export async function notYet(
  articles: Articles,
  uris: readonly string[],
  event: ArticleEvent,
  now: () => number,
): Promise<string[]> {
  return leftOf(uris, now, async (waiting) => {
    const standings = await Promise.all(
      waiting.map(async (uri) => (await articles.head(articleIdOf(uri)))?.visibility),
    );
    // The end of a hold shows whatever the versions say, which may be nothing.
    return waiting.filter((_, index) => event !== 'article.unheld' && standings[index] === 'live');
  });
}
