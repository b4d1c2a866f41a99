import { saySame } from '../canonical.ts';
import type { Origin } from './origin.ts';
import { cardOf, type Card } from './card.ts';
import { defaultPath } from './path.ts';
import { feedsOf, placeOf, type Placement } from '../feed/placement.ts';
import { liveFeed, postFeeds } from './post.ts';
import { authorFeed, profileFeed } from './profile.ts';
import { readableAt } from './readable.ts';
import { audioFor, type AudioRendition } from '../audio/audio-rendition.ts';
import { expiryOf, type Outcome } from './settle.ts';
import { articleIdOf, headlineOf } from './article.ts';
import { versionKey, type FrontContent } from './version.ts';
import type { Warning } from './warning.ts';

/** The kind of a head's last change, as announced. */
export type Change = 'live' | 'revised' | 'withdrawn';

/**
 * What readers see of an article now, and where it is listed. Readers cannot tell two heads with the same state apart.
 */
export interface HeadState {
  readonly uri: string;
  readonly visibility: Outcome['visibility'];
  /** Sort key of the version shown; while a hold hides the article, of the version that readers saw last. */
  readonly version?: string;
  /** `versionCreated` of that version, UTC. */
  readonly versionCreated?: string;
  readonly path?: string;
  /** The path that the article claimed and another article owns. */
  readonly pathClash?: string;
  /** The article that owned `path` before. Its pages there are purged together with this article's. */
  readonly pathTakenFrom?: string;
  /**
   * The last path that the article had before its present one. Other articles that claimed it may get it now. Readers
   * never see this field.
   */
  readonly pathLeft?: string;
  readonly card?: Card;
  readonly feeds?: readonly string[];
  readonly place?: string;
  /** Only in the head of a post: the id of its live story. Only that story's page shows the post. */
  readonly liveStory?: string;
  /** Only in the head of a profile: the feed of the author. Only that feed's page shows the profile. */
  readonly profileOf?: string;
  readonly urgency?: number;
  /** Only of a withdrawn article: the uri of the article that continues it. */
  readonly continuedBy?: string;
  /** A fingerprint of the associations that are not shown now (see `readableAt`); absent if all are shown. */
  readonly leftOut?: string;
  /**
   * The warnings of the version shown, and the source of its event. Both follow from the version, so they never change
   * alone, and readers see neither.
   */
  readonly warnings?: readonly Warning[];
  readonly source?: string;
}

/** The fields that settle writes to every head, whether of an article or a front. */
export interface Settlement {
  readonly articleId: string;
  /** Rises with each change: max(previous + 1, epoch ms). */
  readonly seq: number;
  readonly change: Change;
  /** When settle wrote the head, epoch ms. No later settle uses an earlier time. */
  readonly settledAt: number;
  /** The origin of the last change. It is not part of the state: a new origin alone changes no head. */
  readonly origin?: Origin | undefined;
}

/** The one mutable row of an article, written only by settle. */
export interface Head extends HeadState, Settlement {}

/** One change of a head: the old and new image of one stream record. */
export interface HeadChange {
  readonly before: Head | undefined;
  readonly after: Head | undefined;
}

/** What readers see of a front now. */
export interface FrontHeadState {
  readonly name: string;
  readonly visibility: Outcome['visibility'];
  /** Sort key of the version shown. */
  readonly version?: string;
  readonly versionCreated?: string;
}

/** The one mutable row of a front, written only by settle. */
export interface FrontHead extends FrontHeadState, Settlement {}

/** The path that an article claims, and whether the article owns it. */
export type PathClaim = { readonly path: string } & (
  | { readonly owned: true; readonly takenFrom?: string | undefined }
  | { readonly owned: false }
);

/**
 * Returns the state of an article at `now` (epoch ms). `claim` is undefined if the article claims no path; `audioRendition` is
 * its latest audio rendition.
 */
export function headStateOf(
  uri: string,
  articleId: string,
  outcome: Outcome,
  claim: PathClaim | undefined,
  now: number,
  audioRendition?: AudioRendition,
): HeadState {
  const version = outcome.version && {
    version: versionKey(outcome.version),
    versionCreated: outcome.version.content.article.versionCreated,
  };
  if (outcome.visibility !== 'live') {
    const continuedBy = outcome.visibility === 'gone' ? outcome.version?.content.continuedBy : undefined;
    return { uri, visibility: outcome.visibility, ...version, ...(continuedBy !== undefined && { continuedBy }) };
  }

  const { warnings, source, live, post, profile } = outcome.version.content;
  const { article, leftOut } = readableAt(outcome.version.content.article, now);
  const ownPath = claim?.owned === true ? claim.path : undefined;
  // The default path contains the first version's headline, so that a changed headline does not move the page.
  const path = ownPath ?? defaultPath(articleId, headlineOf(outcome.first.content.article) ?? '');
  const expiry = expiryOf(outcome.version);
  const listed = expiry === undefined || expiry > now;
  const author = profile && authorFeed(headlineOf(article) ?? '');
  return {
    uri,
    visibility: 'live',
    ...version,
    path,
    ...(claim?.owned === false && { pathClash: claim.path }),
    ...(claim?.owned === true && claim.takenFrom !== undefined && { pathTakenFrom: claim.takenFrom }),
    card: cardOf(article, path, outcome.firstPublished, { audio: audioFor(article, audioRendition), live }),
    feeds: !listed ? [] : post ? postFeeds(post) : author !== undefined ? [profileFeed(author)] : feedsOf(article),
    place: placeOf(articleId, outcome.firstPublished),
    ...(post && { liveStory: articleIdOf(post.story) }),
    ...(author !== undefined && { profileOf: author }),
    ...(article.urgency !== undefined && { urgency: article.urgency }),
    ...(leftOut !== undefined && { leftOut }),
    ...(warnings && { warnings }),
    ...(source !== undefined && { source }),
  };
}

export function frontHeadStateOf(name: string, { visibility, version }: Outcome<FrontContent>): FrontHeadState {
  return {
    name,
    visibility,
    ...(version && { version: versionKey(version), versionCreated: version.content.front.versionCreated }),
  };
}

/** Returns whether two heads differ for readers in their audio alone. */
export function isOnlyAudio(before: Head, after: Head): boolean {
  const withoutAudio = ({ articleId, seq, change, settledAt, origin, card, ...state }: Head): object => ({
    ...state,
    card: { ...card, audio: undefined },
  });
  return (
    after.visibility === 'live' &&
    !saySame(before.card?.audio, after.card?.audio) &&
    saySame(withoutAudio(before), withoutAudio(after))
  );
}

/** Returns whether lists show the article: it is live and has not expired. */
export function isListed(
  head: HeadState | undefined,
): head is HeadState & { readonly card: Card; readonly place: string } {
  return head?.card !== undefined && head.place !== undefined && (head.feeds ?? []).length > 0;
}

/** Returns the feed whose page shows the item, if it is a post or a profile: it has no page of its own. */
export function hostFeedOf({ liveStory, profileOf }: Pick<HeadState, 'liveStory' | 'profileOf'>): string | undefined {
  return liveStory === undefined ? profileOf : liveFeed(liveStory);
}

/** Returns whether the item has an address of its own: it is neither a post nor a profile. */
export function hasOwnPage(head: Pick<HeadState, 'liveStory' | 'profileOf'>): boolean {
  return hostFeedOf(head) === undefined;
}

/** Returns whether pins and links may show the article: it is listed, and has a page of its own. */
export function isLinkable(head: HeadState | undefined): head is HeadState & { readonly card: Card } {
  return isListed(head) && hasOwnPage(head);
}

/** Returns the placements of the article in lists. */
export function placementsOf(head: HeadState | undefined): Placement[] {
  return isListed(head) ? (head.feeds ?? []).map((feed) => ({ feed, place: head.place })) : [];
}

type Kind = Pick<HeadState, 'visibility' | 'liveStory' | 'profileOf'>;

/**
 * Returns the kind of change between two states of a head. A missing head counts as a hidden one. A post or profile
 * that became an article, or the reverse, is `live` again.
 */
export function changeOf(before: Kind | undefined, after: Kind): Change {
  if (after.visibility !== 'live') return 'withdrawn';
  return before?.visibility === 'live' && hasOwnPage(before) === hasOwnPage(after) ? 'revised' : 'live';
}
