import type { Article } from './article.ts';
import { isTold, type Cause } from './cause.ts';
import { readableAt } from './readable.ts';
import { compareVersions, versionKey, type Content, type FrontContent, type Hold, type Version } from './version.ts';

/** How far a CMS's clock may run ahead: the door refuses a `versionCreated` later than this after `receivedAt`. */
export const clockSkewMilliseconds = 15 * 60_000;

type Settleable = Content | FrontContent;

/** What readers see of an article: a live version, a 410 where it had been public, or nothing (404). */
export type Standing<C = Content> =
  | { readonly standing: 'live'; readonly version: Version<C>; readonly firstPublished: number }
  | { readonly standing: 'gone' | 'dark'; readonly version: Version<C> | undefined };

export interface Settled<C = Content> {
  readonly standing: Standing<C>;
  /** What silent replays have no part in. */
  readonly news: News;
  /** The hold that keeps it dark, else the version shown, else the newest, which superseded what had been; whoever brought it. */
  readonly reason: Cause | undefined;
  /** One of those that silent replays brought, where any did. */
  readonly silent: Cause | undefined;
  /** The next instant (epoch ms) at which the answer would differ, if no new version comes. */
  readonly wakeAt: number | undefined;
}

/** What the article would be without all that silent replays alone have brought: whenever this changes, consumers are told how it stands. */
export interface News {
  /** Unknown: below more of what silent replays brought than is worth reading. */
  readonly standing: 'live' | 'held' | 'dark' | 'unknown';
  /** Sort key. */
  readonly version: string | undefined;
  /** The hold that keeps it dark, else the version, or the last end of a hold where that was received later. */
  readonly cause: Cause | undefined;
}

/** What settle reads: the holds, and the versions from both ends, in the order of versions, read only as far as needed. */
export interface Evidence<C = Content> {
  readonly holds: readonly Hold[];
  readonly newestFirst: AsyncIterable<Version<C>>;
  readonly oldestFirst: AsyncIterable<Version<C>>;
}

/** Decides what readers see of an article at `now` (epoch ms), from its versions and holds alone. */
export async function settle<C extends Settleable>(evidence: Evidence<C>, now: number): Promise<Settled<C>> {
  const { read, walk } = remembered(evidence.newestFirst);
  const { shown, newest, pendingUntil } = await versionToShow(walk(), now);
  const first = await firstCounted(evidence.oldestFirst);
  const wasPublic = shown !== undefined && first !== undefined && compareVersions(first, shown) <= 0;
  const { wakeAt: newsAt, ...news } = await newsOf(evidence.holds, walk(), now);
  const darkening = keptDarkBy(evidence.holds);
  const silent = [darkening, shown, ...evidence.holds, ...read].find((row) => row && !isTold(row.cause))?.cause;
  const rest = { news, silent, reason: (darkening ?? shown ?? newest)?.cause, wakeAt: earliest(pendingUntil, newsAt) };

  const since = darkSince(evidence.holds);
  if (since !== undefined) {
    // What could first have been shown in the dark was never public: nobody must learn that it is there.
    const sawLight = wasPublic && Math.max(first.receivedAt, first.embargoedUntil ?? -Infinity) <= since;
    return { ...rest, standing: { standing: sawLight ? 'gone' : 'dark', version: shown } };
  }
  if (shown === undefined || first === undefined) return { ...rest, standing: { standing: 'dark', version: shown } };
  if (shown.status !== 'usable') {
    const standing = shown.status === 'canceled' && wasPublic ? 'gone' : 'dark';
    return { ...rest, standing: { standing, version: shown } };
  }
  const expires = expiryOf(shown);
  return {
    ...rest,
    standing: { standing: 'live', version: shown, firstPublished: firstPublishedOf(first) },
    wakeAt: [expires !== undefined && expires > now ? expires : undefined, associationsChangeAt(shown, now)].reduce(earliest, rest.wakeAt),
  };
}

async function newsOf<C extends Settleable>(
  holds: readonly Hold[],
  newestFirst: AsyncIterable<Version<C>>,
  now: number,
): Promise<News & { readonly wakeAt: number | undefined }> {
  const told = holds.filter(({ cause }) => isTold(cause));
  const search = { gaveUp: false };
  const { shown, newest, pendingUntil } = await versionToShow(toldOf(newestFirst, now, search), now);
  const version = shown && versionKey(shown);
  const darkening = keptDarkBy(told);
  if (darkening) return { standing: 'held', version, cause: darkening.cause, wakeAt: pendingUntil };
  const lastHold = lastOf(told);
  const cause = lastHold && !(shown && shown.receivedAt > lastHold.receivedAt) ? lastHold.cause : causeOf(shown ?? newest);
  const standing = shown?.status === 'usable' ? 'live' : 'dark';
  return { standing: search.gaveUp && !shown ? 'unknown' : standing, version, cause, wakeAt: pendingUntil };
}

/** What comes of a version at the end of its embargo comes of the clock: no replay has a part in it. */
function causeOf({ cause }: Partial<Pick<Version<unknown>, 'cause'>> = {}): Cause | undefined {
  return cause && !isTold(cause) ? { correlationId: cause.correlationId } : cause;
}

/** So many versions in a row may be a silent replay's before nothing is looked for below them. */
const mostSilent = 50;

/** The versions that consumers may hear of: all that not only a silent replay brought, and of its own those that it brought under an embargo which has ended since. */
async function* toldOf<C>(newestFirst: AsyncIterable<Version<C>>, now: number, search: { gaveUp: boolean }): AsyncGenerator<Version<C>> {
  let above: Version<C> | undefined;
  let earliestReceivedAbove = Infinity;
  let silent = 0;
  for await (const version of newestFirst) {
    if (above && above.digest !== version.digest) earliestReceivedAbove = Math.min(earliestReceivedAbove, above.receivedAt);
    above = version;
    const { embargoedUntil = -Infinity, cause } = version;
    const isReleased = embargoedUntil <= now && embargoedUntil > (cause?.replayedAt ?? Infinity) && earliestReceivedAbove >= embargoedUntil;
    if (isTold(cause) || isReleased) yield version;
    else if ((silent += 1) >= mostSilent) {
      search.gaveUp = true;
      return;
    }
  }
}

/** What was read once is not read again, however often it is walked through. */
function remembered<T>(source: AsyncIterable<T>): { readonly read: readonly T[]; readonly walk: () => AsyncGenerator<T> } {
  const read: T[] = [];
  const rest = source[Symbol.asyncIterator]();
  async function* walk(): AsyncGenerator<T> {
    for (let at = 0; ; at += 1) {
      if (at === read.length) {
        const next = await rest.next();
        if (next.done === true) return;
        read.push(next.value);
      }
      yield* read.slice(at, at + 1);
    }
  }
  return { read, walk };
}

/** When a version leaves every list, epoch ms. */
export function expiryOf({ content }: Version<Settleable>): number | undefined {
  const expires = 'article' in content ? content.article.expires : undefined;
  return expires === undefined ? undefined : Date.parse(expires);
}

/** When readers next see more or less of what goes with a version, epoch ms. */
function associationsChangeAt({ content }: Version<Settleable>, now: number): number | undefined {
  return 'article' in content ? readableAt(content.article, now).changesAt : undefined;
}

/**
 * The highest version that may be shown. A usable one waits for its embargo, and is never shown when a higher one was
 * received while that embargo still lay ahead: the later one says what the desk means now.
 */
async function versionToShow<C>(
  newestFirst: AsyncIterable<Version<C>>,
  now: number,
): Promise<{ shown?: Version<C>; newest?: Version<C>; pendingUntil?: number }> {
  // Where none may be shown, the newest says why: it was received before the embargo of what had been public.
  let newest: Version<C> | undefined;
  let pendingUntil: number | undefined;
  let earliestReceivedAbove = Infinity;
  for await (const version of distinctDescending(newestFirst)) {
    newest ??= version;
    const embargo = version.embargoedUntil ?? -Infinity;
    const superseded = version.status === 'usable' && earliestReceivedAbove < embargo;
    if (!superseded) {
      if (version.status !== 'usable' || embargo <= now) return { shown: version, ...(pendingUntil !== undefined && { pendingUntil }) };
      pendingUntil = earliest(pendingUntil, embargo);
    }
    earliestReceivedAbove = Math.min(earliestReceivedAbove, version.receivedAt);
  }
  return { ...(newest && { newest }), ...(pendingUntil !== undefined && { pendingUntil }) };
}

/**
 * The lowest usable version that was not superseded. Nothing with a `versionCreated` a clock's skew after an embargo
 * can have been received before it, so the versions of a live blog are not read through to find that out.
 */
async function firstCounted<C>(oldestFirst: AsyncIterable<Version<C>>): Promise<Version<C> | undefined> {
  let candidates: Version<C>[] = [];
  for await (const version of distinctAscending(oldestFirst)) {
    candidates = candidates.filter((candidate) => (candidate.embargoedUntil ?? -Infinity) <= version.receivedAt);
    if (version.status === 'usable') candidates.push(version);
    const [lowest] = candidates;
    if (lowest && version.versionCreated >= (lowest.embargoedUntil ?? -Infinity) + clockSkewMilliseconds) return lowest;
  }
  return candidates[0];
}

/**
 * The later of the publication time that the version names and its embargo, epoch ms. A version stored before `firstPublished`
 * was kept names it as `firstCreated`: its article would move in every feed if that counted no more.
 */
function firstPublishedOf(first: Version<Settleable>): number {
  const { firstPublished, firstCreated }: Partial<Article> = 'article' in first.content ? first.content.article : {};
  const named = firstPublished ?? firstCreated;
  return Math.max(named === undefined ? first.versionCreated : Date.parse(named), first.embargoedUntil ?? -Infinity);
}

/** Since when an article is dark without a break, epoch ms. Erasure is sticky; of a hold and an end received at once, the hold counts. */
export function darkSince(holds: readonly Hold[]): number | undefined {
  let held: number | undefined;
  let erased: number | undefined;
  for (const { kind, receivedAt } of byReceipt(holds)) {
    if (kind === 'unheld') held = undefined;
    else if (kind === 'held') held ??= receivedAt;
    else erased ??= held ?? receivedAt;
  }
  return earliest(held, erased);
}

/** The last of the holds and erasures that an article is dark by. */
export function keptDarkBy(holds: readonly Hold[]): Hold | undefined {
  let last: Hold | undefined;
  let erasure: Hold | undefined;
  for (const hold of byReceipt(holds)) {
    if (hold.kind === 'erased') erasure = hold;
    last = hold.kind === 'unheld' ? erasure : hold;
  }
  return last;
}

export function lastOf(holds: readonly Hold[]): Hold | undefined {
  return byReceipt(holds).at(-1);
}

function byReceipt(holds: readonly Hold[]): Hold[] {
  return [...holds].sort((a, b) => a.receivedAt - b.receivedAt || Number(b.kind === 'unheld') - Number(a.kind === 'unheld'));
}

/** Neighbours of one digest are one version, the first of them: a message sent twice changes nothing that anyone can see. */
async function* distinctAscending<C>(oldestFirst: AsyncIterable<Version<C>>): AsyncGenerator<Version<C>> {
  let previous: Version<C> | undefined;
  for await (const version of oldestFirst) {
    if (version.digest !== previous?.digest) yield version;
    previous = version;
  }
}

async function* distinctDescending<C>(newestFirst: AsyncIterable<Version<C>>): AsyncGenerator<Version<C>> {
  let previous: Version<C> | undefined;
  for await (const version of newestFirst) {
    if (previous && version.digest !== previous.digest) yield previous;
    previous = version;
  }
  if (previous) yield previous;
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
