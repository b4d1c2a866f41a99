import type { Article } from './article.ts';
import type { Origin } from './origin.ts';
import { readableAt } from './readable.ts';
import { compareVersions, type Content, type FrontContent, type Hold, type Version } from './version.ts';

/**
 * The tolerance for a CMS's clock: an event whose `versionCreated` is more than this after its `receivedAt` is
 * rejected.
 */
export const clockSkewMilliseconds = 15 * 60_000;

type Settleable = Content | FrontContent;

/** The answer for readers: a live version (200); `gone` (410) if the article was public before; else `hidden` (404). */
export type Outcome<C = Content> =
  | {
      readonly visibility: 'live';
      readonly version: Version<C>;
      /** The lowest usable version that was not superseded and whose embargo has passed. */
      readonly first: Version<C>;
      readonly firstPublished: number;
    }
  | { readonly visibility: 'gone' | 'hidden'; readonly version: Version<C> | undefined };

export interface Settled<C = Content> {
  readonly outcome: Outcome<C>;
  /**
   * The origin of the outcome: of the hold that hides the article, else of the version shown, or of the `unheld` that
   * was received after it.
   */
  readonly origin: Origin | undefined;
  /** The next instant (epoch ms) at which the outcome differs if no new version arrives. */
  readonly settleAt: number | undefined;
}

/** The input of settle. Versions are read from both ends, in version order, and only as far as needed. */
export interface Evidence<C = Content> {
  readonly holds: readonly Hold[];
  readonly newestFirst: AsyncIterable<Version<C>>;
  readonly oldestFirst: AsyncIterable<Version<C>>;
}

/** Returns the outcome for an article at `now` (epoch ms), computed from its versions and holds alone. */
export async function settle<C extends Settleable>(
  { holds, newestFirst, oldestFirst }: Evidence<C>,
  now: number,
): Promise<Settled<C>> {
  const { shown, newest, pendingUntil } = await versionToShow(newestFirst, now);
  const first = shown && (await firstCounted(oldestFirst));
  const wasPublic = shown !== undefined && first !== undefined && !isPart(first) && compareVersions(first, shown) <= 0;
  const hidden = { origin: originOf(holds, shown, newest), settleAt: pendingUntil };

  const since = hiddenSince(holds);
  if (since !== undefined) {
    // If the first version arrived after the hold, the article was never public, and a 410 would reveal that it exists.
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
  const last = holdInForce(holds) ?? lastOf(holds);
  const isLater =
    shown !== undefined && last !== undefined && shown.receivedAt > last.receivedAt && last.kind === 'unheld';
  return last && !isLater ? last.origin : (shown ?? newest)?.origin;
}

/**
 * Returns whether the version's embargo is still ahead. The first version can be pending although a later one is shown:
 * the two ends are read in sequence, so a version that only the newest end contains may supersede it.
 */
function isPending({ embargoedUntil = -Infinity }: Version<Settleable>, now: number): boolean {
  return embargoedUntil > now;
}

/** Returns whether the version is a post or a profile. Neither has an address of its own that could answer 410. */
function isPart({ content }: Version<Settleable>): boolean {
  return 'article' in content && (content.post ?? content.profile) !== undefined;
}

/** Returns when a version leaves every list, epoch ms. */
export function expiryOf({ content }: Version<Settleable>): number | undefined {
  const expires = 'article' in content ? content.article.expires : undefined;
  return expires === undefined ? undefined : Date.parse(expires);
}

/** Returns when the set of associations that readers may see changes next, epoch ms. */
function associationsChangeAt({ content }: Version<Settleable>, now: number): number | undefined {
  return 'article' in content ? readableAt(content.article, now).changesAt : undefined;
}

/**
 * Selects the highest version that may be shown. A usable version waits for its embargo. It is never shown if a higher
 * version was received while that embargo was still ahead, because the later version is the desk's current decision.
 */
async function versionToShow<C>(
  newestFirst: AsyncIterable<Version<C>>,
  now: number,
): Promise<{ shown?: Version<C>; newest?: Version<C>; pendingUntil?: number }> {
  // If no version may be shown, the origin is that of the newest version: it arrived while the embargo of the earlier
  // one was still ahead.
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
 * Returns the lowest usable version that was not superseded. Reading stops at the first version whose `versionCreated`
 * is later than the candidate's embargo plus the clock tolerance, because it was received after that embargo. So the
 * versions of a live blog are not all read.
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
 * Returns the later of the version's publication time and its embargo, epoch ms. Versions stored before the field
 * `firstPublished` existed have the publication time in `firstCreated`. Ignoring it would move their articles in every
 * feed.
 */
function firstPublishedOf(first: Version<Settleable>): number {
  const { firstPublished, firstCreated }: Partial<Article> = 'article' in first.content ? first.content.article : {};
  const named = firstPublished ?? firstCreated;
  return Math.max(named === undefined ? first.versionCreated : Date.parse(named), first.embargoedUntil ?? -Infinity);
}

/**
 * Returns since when the article has been hidden by holds without a break, epoch ms. An erasure is permanent. If a hold
 * and an `unheld` were received in the same millisecond, the hold wins.
 */
export function hiddenSince(holds: readonly Hold[]): number | undefined {
  let held: number | undefined;
  let erased: number | undefined;
  for (const { kind, receivedAt } of byReceipt(holds)) {
    if (kind === 'unheld') held = undefined;
    else if (kind === 'held') held ??= receivedAt;
    else erased ??= held ?? receivedAt;
  }
  return earliest(held, erased);
}

/** Returns the latest hold or erasure that hides the article now. */
export function holdInForce(holds: readonly Hold[]): Hold | undefined {
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

/**
 * Yields versions without adjacent repeats: of versions with the same digest, only the first. A repeated message
 * changes nothing for readers.
 */
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
