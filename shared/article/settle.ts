import type { Article } from './article.ts';
import type { Origin } from './origin.ts';
import { readableAt } from './readable.ts';
import { compareVersions, type Content, type FrontContent, type Hold, type Version } from './version.ts';

/** How far a CMS's clock may run ahead: the door refuses a `versionCreated` later than this after `receivedAt`. */
export const clockSkewMilliseconds = 15 * 60_000;

type Settleable = Content | FrontContent;

/** What readers see of an article: a live version, a 410 where it had been public, or nothing (404). */
export type Outcome<C = Content> =
  | {
      readonly visibility: 'live';
      readonly version: Version<C>;
      /** The lowest usable version that was not superseded, and whose embargo is over. */
      readonly first: Version<C>;
      readonly firstPublished: number;
    }
  | { readonly visibility: 'gone' | 'hidden'; readonly version: Version<C> | undefined };

export interface Settled<C = Content> {
  readonly outcome: Outcome<C>;
  /** What brought about the answer: the hold that hides the article, else the version shown or the end of a hold that was received after it. */
  readonly origin: Origin | undefined;
  /** The next instant (epoch ms) at which the answer differs, if no new version comes. */
  readonly settleAt: number | undefined;
}

/** What settle reads: the holds, and the versions from both ends, in the order of versions, read only as far as needed. */
export interface Evidence<C = Content> {
  readonly holds: readonly Hold[];
  readonly newestFirst: AsyncIterable<Version<C>>;
  readonly oldestFirst: AsyncIterable<Version<C>>;
}

/** Decides what readers see of an article at `now` (epoch ms), from its versions and holds alone. */
export async function settle<C extends Settleable>(
  { holds, newestFirst, oldestFirst }: Evidence<C>,
  now: number,
): Promise<Settled<C>> {
  const { shown, newest, pendingUntil } = await versionToShow(newestFirst, now);
  const first = await firstCounted(oldestFirst);
  const wasPublic = shown !== undefined && first !== undefined && compareVersions(first, shown) <= 0;
  const hidden = { origin: originOf(holds, shown, newest), settleAt: pendingUntil };

  const since = darkSince(holds);
  if (since !== undefined) {
    // An article whose first version came after the hold was never public: a 410 would tell that it exists.
    const wasPublicBefore = wasPublic && Math.max(first.receivedAt, first.embargoedUntil ?? -Infinity) <= since;
    return { ...hidden, outcome: { visibility: wasPublicBefore ? 'gone' : 'hidden', version: shown } };
  }
  if (shown === undefined || first === undefined)
    return { ...hidden, outcome: { visibility: 'hidden', version: shown } };
  if (shown.status !== 'usable') {
    const visibility = shown.status === 'canceled' && wasPublic ? 'gone' : 'hidden';
    return { ...hidden, outcome: { visibility, version: shown } };
  }
  const expires = expiryOf(shown);
  return {
    ...hidden,
    outcome: {
      visibility: 'live',
      version: shown,
      first: isPending(first, now) ? shown : first,
      firstPublished: firstPublishedOf(first),
    },
    settleAt: [
      expires !== undefined && expires > now ? expires : undefined,
      associationsChangeAt(shown, now),
      isPending(first, now) ? first.embargoedUntil : undefined,
    ].reduce(earliest, pendingUntil),
  };
}

function originOf<C>(
  holds: readonly Hold[],
  shown: Version<C> | undefined,
  newest: Version<C> | undefined,
): Origin | undefined {
  const last = keptDarkBy(holds) ?? lastOf(holds);
  const isLater =
    shown !== undefined && last !== undefined && shown.receivedAt > last.receivedAt && last.kind === 'unheld';
  return last && !isLater ? last.origin : (shown ?? newest)?.origin;
}

/** The two ends are read one after the other: the lowest version may be superseded by one that only the other end has. */
function isPending({ embargoedUntil = -Infinity }: Version<Settleable>, now: number): boolean {
  return embargoedUntil > now;
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
      if (version.status !== 'usable' || embargo <= now)
        return { shown: version, ...(pendingUntil !== undefined && { pendingUntil }) };
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
  return [...holds].sort(
    (a, b) => a.receivedAt - b.receivedAt || Number(b.kind === 'unheld') - Number(a.kind === 'unheld'),
  );
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
