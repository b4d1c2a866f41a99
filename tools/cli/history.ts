import { articleIdOf, headlineOf } from '../../shared/article/article.ts';
import { captionOf } from '../../shared/article/media.ts';
import type { Head } from '../../shared/article/head.ts';
import { pictureIdNamed, picturePartition, pictureUriOf, pullableOf } from '../../shared/picture/picture.ts';
import type { Articles } from '../../shared/article/ports.ts';
import type { PublishTraces } from '../../shared/trace/ports.ts';
import type { Pictures } from '../../shared/picture/ports.ts';
import type { Rejection } from '../../shared/trace/publish-trace.ts';
import type { Warning } from '../../shared/article/warning.ts';
import { inOrder, versionKey, type Hold, type Version } from '../../shared/article/version.ts';
import { WrongUse } from './exits.ts';
import { whyOf, whyOfPicture } from './why.ts';

/** Everything that was ever received of an article (of a picture: its holds), oldest first. */
export interface History {
  readonly articleId: string;
  readonly uri: string;
  readonly head: Head | undefined;
  readonly versions: readonly Version[];
  readonly holds: readonly Hold[];
}

export async function historyOf(articles: Articles, uri: string): Promise<History> {
  const history = await receivedOf(articles, uri);
  if (history.versions.length === 0 && history.holds.length === 0) throw nothingReceived(uri);
  return history;
}

/** A story or picture with everything that decides its visibility. */
export interface Story extends History {
  readonly isPicture: boolean;
  readonly rejections: readonly Rejection[];
  readonly pathOwner?: string;
}

/** How many events that were rejected are looked through for those of one story or front. */
export const maxRejections = 500;

/** @throws {WrongUse} No event of this uri was ever received or rejected. */
export async function storyOf(
  { articles, publishTraces }: { readonly articles: Articles; readonly publishTraces: PublishTraces },
  uri: string,
): Promise<Story> {
  const [history, rejected] = await Promise.all([receivedOf(articles, uri), publishTraces.rejections(maxRejections)]);
  const rejections = rejected.filter((rejection) => rejection.uri === uri);
  const { head, versions, holds } = history;
  if (versions.length === 0 && holds.length === 0 && rejections.length === 0) throw nothingReceived(uri);
  const clash = head?.pathClash;
  const owner = clash === undefined ? undefined : await articles.pathOwner(clash);
  const pathOwner = owner === undefined ? undefined : ((await articles.head(owner.articleId))?.uri ?? owner.articleId);
  const isPicture =
    versions.length === 0 &&
    head === undefined &&
    holds.some(({ articleId }) => articleId.startsWith(picturePartition('')));
  return { ...history, isPicture, rejections, ...(pathOwner !== undefined && { pathOwner }) };
}

/** Returns the visibility of a story or picture with its reason, as a sentence. */
export function reasonOf(story: Story, now: number, when: (instant: number) => string): string {
  return story.isPicture ? whyOfPicture(story.holds, when) : whyOf(story, now, when);
}

async function receivedOf(articles: Articles, uri: string): Promise<History> {
  const articleId = articleIdOf(uri);
  const { head, holds, oldestFirst } = await articles.open(articleId);
  const versions: Version[] = [];
  for await (const version of inOrder(oldestFirst, 'oldest')) versions.push(version);
  if (versions.length > 0 || holds.length > 0) return { articleId, uri, head, versions, holds };
  const picture = await articles.open(picturePartition(pictureIdNamed(uri)));
  return { articleId, uri, head: undefined, versions, holds: picture.holds };
}

export function nothingReceived(uri: string): WrongUse {
  return new WrongUse(
    `nothing was ever received of ${uri}: is --stage right, and the uri (of a front, the name) as it was sent?${/^(?:\/|https?:)/.test(uri) ? " The uri of the story at an address is the field uri of the page's JSON, /articles/….json, which the page links" : ''}`,
  );
}

/** Returns the pictures of the version that readers see, each by the uri that pulls it. */
export async function picturesIn(
  articles: Articles,
  pictures: Pick<Pictures, 'pulled'>,
  uri: string,
): Promise<{ uri: string; type: string; pulled: boolean; caption?: string; credit?: string }[]> {
  const { head, versions } = await historyOf(articles, uri);
  const shown = versions.find((version) => versionKey(version) === head?.version) ?? versions.at(-1);
  const { ids } = await pictures.pulled();
  return (shown === undefined ? [] : pullableOf(shown.content.article)).flatMap((association) => {
    const named = pictureUriOf(association);
    if (named === undefined) return [];
    const caption = captionOf(association);
    return [
      {
        uri: named,
        type: association.type ?? 'picture',
        pulled: ids.has(pictureIdNamed(named)),
        ...(caption !== undefined && { caption }),
        ...(association.by !== undefined && { credit: association.by }),
      },
    ];
  });
}

/** The version a person means: its number in the history (1 is the oldest), or its key. */
export function versionIn<C>({ versions }: { readonly versions: readonly Version<C>[] }, named: string): Version<C> {
  const found = /^\d+$/.test(named)
    ? versions[Number(named) - 1]
    : versions.find((version) => versionKey(version) === named);
  if (!found)
    throw new WrongUse(
      `there is no version ${named}: ${versions.length === 0 ? 'none was accepted' : `history lists 1 to ${versions.length}`}`,
    );
  return found;
}

export interface HistoryLine {
  /** The number of a version; absent for holds. */
  readonly number?: number;
  readonly key?: string;
  readonly receivedAt: number;
  readonly event: string;
  readonly shown: boolean;
  readonly headline?: string;
  /** Of the event that brought the version. */
  readonly correlationId?: string;
  readonly actor?: string;
  readonly reason?: string;
  /** Fields that the version was accepted without. */
  readonly warnings?: readonly Warning[];
}

/** Returns all versions in order, with holds among them by receipt. */
export function historyLines({ versions, holds, head }: History): HistoryLine[] {
  const lines: HistoryLine[] = versions.map((version, index) => {
    const { event, article, actor, reason, warnings } = version.content;
    const key = versionKey(version);
    const headline = headlineOf(article);
    return {
      number: index + 1,
      key,
      receivedAt: version.receivedAt,
      event: version.status === 'withheld' ? `${event} (withheld)` : event,
      shown: head?.version === key && head.visibility === 'live',
      ...(headline !== undefined && { headline }),
      ...(version.origin?.correlationId !== undefined && { correlationId: version.origin.correlationId }),
      ...(actor !== undefined && { actor }),
      ...(reason !== undefined && { reason }),
      ...(warnings && { warnings }),
    };
  });
  for (const { kind, receivedAt, actor, reason } of holds) {
    const line = {
      receivedAt,
      event: `article.${kind}`,
      shown: false,
      ...(actor !== undefined && { actor }),
      ...(reason !== undefined && { reason }),
    };
    const after = lines.findIndex((other) => other.receivedAt > receivedAt);
    lines.splice(after === -1 ? lines.length : after, 0, line);
  }
  return lines;
}
