import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { articleIdOf } from '../../shared/article/article.ts';
import { frontIdOf } from '../../shared/front/front.ts';
import type { Articles, Fronts } from '../../shared/article/ports.ts';
import {
  inOrder,
  type ArticleEvent,
  type FrontContent,
  type FrontEvent,
  type Version,
} from '../../shared/article/version.ts';
import { WrongUse } from './exits.ts';

/** Who asks for an event and why: stored with the version and shown by `history`. */
export interface Requester {
  readonly actor: string;
  readonly reason?: string;
}

/** An event that the bus took, of the article, picture or front with this uri. */
export interface SentEvent {
  readonly uri: string;
  readonly eventId: string;
}

/** PutEvents takes ten entries a call. */
const maxEntries = 10;

/**
 * Sends one event for each article. Its version comes after every stored one in version order, even if the CMS's clock
 * runs ahead.
 */
export async function sendArticleEvents(
  connection: { readonly stage: string; readonly eventBridge: EventBridgeClient; readonly articles: Articles },
  event: ArticleEvent,
  uris: readonly string[],
  requester: Requester,
  now: number,
): Promise<SentEvent[]> {
  const details = await Promise.all(
    uris.map(async (uri) => ({
      article: { uri, versionCreated: new Date(await nextInstant(connection.articles, uri, now)).toISOString() },
      // The bus has whole seconds; a hold and its end may be closer.
      receivedAt: now,
      ...requester,
    })),
  );
  return putEvents(
    connection,
    details.map((detail) => ({ event, uri: detail.article.uri, detail })),
  );
}

/** Holds pictures in every story and list, or ends their hold. A picture without a uri is named by its address. */
export async function sendPictureEvents(
  connection: { readonly stage: string; readonly eventBridge: EventBridgeClient },
  event: 'article.held' | 'article.unheld',
  uris: readonly string[],
  requester: Requester,
  now: number,
): Promise<SentEvent[]> {
  const versionCreated = new Date(now).toISOString();
  return putEvents(
    connection,
    uris.map((uri) => ({
      event,
      uri,
      detail: { article: { uri, type: 'picture', versionCreated }, receivedAt: now, ...requester },
    })),
  );
}

/** Sends the content of an old version again, as a new version. @throws {WrongUse} The old version is a withdrawal. */
export async function rollbackArticle(
  connection: { readonly stage: string; readonly eventBridge: EventBridgeClient; readonly articles: Articles },
  version: Version,
  requester: Requester,
  now: number,
): Promise<SentEvent[]> {
  const { article, path, live, post, profile } = version.content;
  if (version.status !== 'usable')
    throw new WrongUse('that version withdrew the story: there is no content in it to go back to');
  const { embargoedUntil, ...content } = article;
  const versionCreated = new Date(await nextInstant(connection.articles, article.uri, now)).toISOString();
  const detail = {
    article: { ...content, versionCreated },
    ...(path !== undefined && { path }),
    ...(live && { live }),
    ...(post && { post }),
    ...(profile && { profile }),
    receivedAt: now,
    ...requester,
  };
  return putEvents(connection, [{ event: 'article.updated', uri: article.uri, detail }]);
}

/** Like `rollbackArticle`, for a front. */
export async function rollbackFront(
  connection: {
    readonly stage: string;
    readonly eventBridge: EventBridgeClient;
    readonly fronts: Pick<Fronts, 'open'>;
  },
  { status, content: { front } }: Version<FrontContent>,
  requester: Requester,
  now: number,
): Promise<SentEvent[]> {
  if (status !== 'usable') throw new WrongUse('that version withdrew the front: there is nothing in it to go back to');
  const { newestFirst } = await connection.fronts.open(frontIdOf(front.name));
  const versionCreated = new Date(await instantAfter(newestFirst, now)).toISOString();
  return putEvents(connection, [
    {
      event: 'front.published',
      uri: `front:${front.name}`,
      detail: { front: { ...front, versionCreated }, receivedAt: now, ...requester },
    },
  ]);
}

async function nextInstant(articles: Articles, uri: string, now: number): Promise<number> {
  return instantAfter((await articles.open(articleIdOf(uri))).newestFirst, now);
}

/** A `versionCreated` after that of every stored version, even if the CMS's clock runs ahead. */
async function instantAfter<C>(newestFirst: AsyncIterable<Version<C>>, now: number): Promise<number> {
  const newest = await inOrder(newestFirst, 'newest').next();
  return Math.max(now, (newest.done === true ? 0 : newest.value.versionCreated) + 1);
}

/** Puts events on the bus of the stage, in as few calls as possible. */
export async function putEvents(
  { stage, eventBridge }: { readonly stage: string; readonly eventBridge: EventBridgeClient },
  events: readonly { readonly event: ArticleEvent | FrontEvent; readonly uri: string; readonly detail: unknown }[],
): Promise<SentEvent[]> {
  const done: SentEvent[] = [];
  for (let start = 0; start < events.length; start += maxEntries) {
    const batch = events.slice(start, start + maxEntries);
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

/** The uris for which no event was ever received. */
export async function unknownOf(articles: Articles, uris: readonly string[]): Promise<string[]> {
  const known = await Promise.all(
    uris.map(async (uri) => {
      const { head, holds, newestFirst } = await articles.open(articleIdOf(uri));
      return head !== undefined || holds.length > 0 || (await inOrder(newestFirst, 'newest').next()).done !== true;
    }),
  );
  return uris.filter((_, index) => known[index] !== true);
}
