import { createHash } from 'node:crypto';
import { instantsOf, maySee, shownIn } from './associated.ts';
import { compare, type Fact, type HoldFact } from './fact.ts';
import { feedsOfFact } from './feeds.ts';
import { articleIdOf, digits, sortedJson } from './keys.ts';
import { understood, type BusEvent, type SentItem } from './sent.ts';

/** The expected state of an article. Paths are not part of it, since they also depend on the order of arrival. */
export interface Expected {
  readonly visibility: 'live' | 'gone' | 'hidden';
  readonly shown: Fact | undefined;
  /** The lowest usable version that counts: its headline is in the default path. */
  readonly first: Fact | undefined;
  /** The path that the version shown names, else the last usable version below it whose embargo was over by then. */
  readonly claimed: string | undefined;
  readonly firstPublished: number;
  readonly feeds: readonly string[];
  readonly erased: boolean;
  /** Whether a hold that may end hides it. */
  readonly held: boolean;
  /** The events of which any may be called its cause. */
  readonly origins: readonly string[];
}

/**
 * The expected state, computed from the accepted events and the clock alone. Written from the design, apart from
 * `shared/`, so that a mistake would have to be made twice. Instants are epoch milliseconds.
 */
export class Oracle {
  readonly versions = new Map<string, Map<string, Fact>>();
  readonly holds = new Map<string, Map<string, HoldFact>>();

  /** Takes an event that has to be accepted. */
  take(body: string): void {
    const { id: event, time, 'detail-type': type, detail } = JSON.parse(body) as BusEvent;
    const { receivedAt = Date.parse(time), revision = 0, path, front, live, post, profile } = detail;
    const article = detail.article && understood(detail.article);
    const { receivedAt: _, ...identity } = detail;
    const digest = createHash('sha256')
      .update(sortedJson({ detailType: type, detail: identity }))
      .digest('hex');
    const says = type.split('.')[1];
    const id = article ? articleIdOf(article.uri) : `front#${front?.name ?? ''}`;
    if (says === 'held' || says === 'unheld' || says === 'erased') {
      const key = ['h', digits(receivedAt, 13), digest.slice(0, 12)].join('#');
      const holds = of(this.holds, id);
      holds.set(key, { key, receivedAt, says, events: new Set([...(holds.get(key)?.events ?? []), event]) });
      of(this.versions, id);
      return;
    }
    const versionCreated = Date.parse((article ?? front)?.versionCreated ?? '');
    const withheld = article?.pubStatus === 'withheld';
    const usable = (says === 'published' || says === 'updated') && !withheld && article?.pubStatus !== 'canceled';
    const key = [
      'v',
      digits(versionCreated, 13),
      digits(revision, 10),
      digits(receivedAt, 13),
      digest.slice(0, 12),
    ].join('#');
    const rows = of(this.versions, id);
    rows.get(key)?.events.add(event);
    if (rows.has(key)) return;
    rows.set(key, {
      key,
      digest,
      order: [versionCreated, revision, receivedAt, usable ? 0 : 1, digest],
      receivedAt,
      usable,
      withheld,
      embargo: usable && article?.embargoedUntil !== undefined ? Date.parse(article.embargoedUntil) : -Infinity,
      expires: usable && article?.expires !== undefined ? Date.parse(article.expires) : Infinity,
      article,
      front,
      path,
      isLive: live !== undefined,
      post,
      profile,
      events: new Set([event]),
      instants: usable ? instantsOf(article?.associations) : [],
    });
  }

  ids(): string[] {
    return [...this.versions.keys()].sort();
  }

  /** Instants at which an answer may change by itself. */
  instants(): number[] {
    return [...this.versions.values()]
      .flatMap((rows) =>
        [...rows.values()].flatMap(({ embargo, expires, instants }) => [embargo, expires, ...instants]),
      )
      .filter(Number.isFinite);
  }

  /** Whether any version that claims a path, or says a text, has come out of its embargo by now. */
  mayBeKnown(now: number, says: (fact: Fact) => boolean): boolean {
    return [...this.versions.values()].some((rows) =>
      [...rows.values()].some((fact) => says(fact) && fact.usable && fact.embargo <= now),
    );
  }

  /** Whether any version with a picture lets it be shown by now, or has until it expired. */
  mayHaveBeenShown(picture: string, now: number): boolean {
    const ever = (items: readonly SentItem[] | undefined): boolean =>
      (items ?? []).some(({ expires, ...one }) => maySee(one, now) && (one.uri === picture || ever(one.associations)));
    return [...this.versions.values()].some((rows) =>
      [...rows.values()].some(
        ({ usable, embargo, article }) => usable && embargo <= now && ever(article?.associations),
      ),
    );
  }

  /** The pictures that readers see with a version, each before its own associations. */
  pictures({ article }: Fact, now: number): string[] {
    return shownIn(article?.associations, now).map(({ uri }) => uri);
  }

  /** `knows` limits the accepted events to those that a writer had seen. */
  expect(id: string, now: number, knows: (key: string) => boolean = () => true): Expected {
    // Neighbours that say the same are one, the first of them.
    const versions = [...(this.versions.get(id)?.values() ?? [])]
      .filter(({ key }) => knows(key))
      .sort((a, b) => compare(a.order, b.order))
      .filter((fact, index, all) => all[index - 1]?.digest !== fact.digest);
    const counts = versions.filter(
      (fact, index) => !fact.usable || !versions.slice(index + 1).some(({ receivedAt }) => receivedAt < fact.embargo),
    );
    const shown = counts.findLast((fact) => !fact.usable || fact.embargo <= now);
    const first = counts.find(({ usable }) => usable);
    // A post or a profile has no address of its own that could be gone.
    const wasPublic =
      shown !== undefined &&
      first !== undefined &&
      first.post === undefined &&
      first.profile === undefined &&
      versions.indexOf(first) <= versions.indexOf(shown);

    const holds = [...(this.holds.get(id)?.values() ?? [])]
      .filter(({ key }) => knows(key))
      .sort((a, b) => a.receivedAt - b.receivedAt || (a.says === 'unheld' ? -1 : 0) - (b.says === 'unheld' ? -1 : 0));
    let hidden = Infinity;
    let erasedSince = Infinity;
    for (const { says, receivedAt } of holds) {
      if (says === 'unheld') hidden = Infinity;
      else if (says === 'held') hidden = Math.min(hidden, receivedAt);
      else erasedSince = Math.min(erasedSince, hidden, receivedAt);
    }
    const hiddenSince = Math.min(hidden, erasedSince);
    const erased = erasedSince < Infinity;
    const last = holds.at(-1);
    const lastErased = holds.findLast(({ says }) => says === 'erased');
    // A hold in force hides the article, whatever arrives later.
    const inForce = hiddenSince === Infinity ? undefined : last?.says === 'unheld' ? lastErased : last;
    const order = inForce ?? (last && !(shown && shown.receivedAt > last.receivedAt) ? last : undefined);
    const sources = order
      ? holds.filter(({ receivedAt, says }) => receivedAt === order.receivedAt && says === order.says)
      : // If no version may be shown any more, the newest one has superseded the others.
        [shown ?? versions.at(-1)].filter((fact) => fact !== undefined);
    const origins = sources.flatMap(({ events }) => [...events]);
    const below = versions.slice(0, shown ? versions.indexOf(shown) : 0);
    const claimed =
      shown?.path ??
      below.findLast(
        ({ usable, path, embargo }) => usable && path !== undefined && embargo <= (shown?.receivedAt ?? -Infinity),
      )?.path;
    const none = {
      shown,
      first,
      claimed,
      firstPublished: 0,
      feeds: [],
      erased,
      held: hidden < Infinity && !erased,
      origins,
    };
    if (hiddenSince < Infinity) {
      const wasVisible = wasPublic && Math.max(first.receivedAt, first.embargo) <= hiddenSince;
      return { ...none, visibility: wasVisible ? 'gone' : 'hidden' };
    }
    if (!shown || !first) return { ...none, visibility: 'hidden' };
    if (!shown.usable) return { ...none, visibility: wasPublic && !shown.withheld ? 'gone' : 'hidden' };
    const created = Date.parse(
      first.article?.firstPublished ?? first.article?.versionCreated ?? first.front?.versionCreated ?? '',
    );
    return {
      visibility: 'live',
      shown,
      first,
      claimed,
      firstPublished: Math.max(created, first.embargo),
      feeds: !shown.article || shown.expires <= now ? [] : feedsOfFact(shown, shown.article),
      erased,
      held: false,
      origins,
    };
  }

  /** The expected card of an article at this path. */
  card(id: string, { shown, firstPublished }: Expected, path: string, now: number): Record<string, unknown> {
    const article = shown?.article;
    const picture = article?.associations?.find((item) => maySee(item, now));
    const section = article?.subjects?.find(({ rel }) => rel === 'section')?.literal;
    const topics = (article?.subjects ?? []).flatMap(({ rel, name }) => (rel === 'section' ? [] : (name ?? [])));
    return {
      articleId: id,
      uri: article?.uri,
      path,
      headline: article?.headlines?.[0]?.value,
      ...(article?.by !== undefined && { by: article.by }),
      ...(picture && { picture: { id: articleIdOf(picture.uri), href: picture.renditions?.[0]?.href } }),
      ...(section !== undefined && { section }),
      ...(topics.length > 0 && { topics }),
      firstPublished: new Date(firstPublished).toISOString(),
      updated: article?.versionCreated,
      ...(shown?.isLive === true && shown.post === undefined && shown.profile === undefined && { live: {} }),
    };
  }

  /** Ids of the articles in a feed, newest first. */
  feed(feed: string, now: number): string[] {
    return this.ids()
      .map((id) => ({ id, expected: this.expect(id, now) }))
      .filter(({ expected }) => expected.feeds.includes(feed))
      .sort((a, b) => b.expected.firstPublished - a.expected.firstPublished || (a.id < b.id ? 1 : -1))
      .map(({ id }) => id);
  }

  /** Ids of the posts that readers see of a live story, newest first; `undefined` where there is no such story. */
  posts(id: string, now: number): string[] | undefined {
    const { visibility, shown } = this.expect(id, now);
    return visibility === 'live' && shown?.isLive === true ? this.feed(`live/${id}`, now) : undefined;
  }

  /** Ids in the containers of a front, `undefined` where there is none. */
  front(name: string, now: number): string[][] | undefined {
    const { visibility, shown } = this.expect(`front#${name}`, now);
    if (visibility !== 'live') return undefined;
    const boxes = shown?.front?.containers ?? [];
    const listed = new Set(this.feed('latest', now));
    const taken = new Set<string>();
    const take = (ids: readonly string[], into: string[], limit: number): void => {
      for (const id of ids) {
        if (into.length >= limit || taken.has(id)) continue;
        taken.add(id);
        into.push(id);
      }
    };
    const filled = boxes.map(({ pins, limit }) => {
      const into: string[] = [];
      take(
        pins.map(articleIdOf).filter((id) => listed.has(id)),
        into,
        limit,
      );
      return into;
    });
    for (const [index, { backfill, limit }] of boxes.entries()) {
      if (backfill !== undefined) take(this.feed(backfill, now), filled[index] ?? [], limit);
    }
    return filled;
  }
}

function of<Row>(table: Map<string, Map<string, Row>>, id: string): Map<string, Row> {
  const rows = table.get(id) ?? new Map<string, Row>();
  table.set(id, rows);
  return rows;
}
