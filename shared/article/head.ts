import { saySame } from '../canonical.ts';
import type { Origin } from './origin.ts';
import { cardOf, type Card } from './card.ts';
import { defaultPath } from './path.ts';
import { feedsOf, placeOf, type Placement } from '../feed/placement.ts';
import { readableAt } from './readable.ts';
import { audioFor, type AudioRendition } from '../audio/audio-rendition.ts';
import { expiryOf, type Outcome } from './settle.ts';
import { headlineOf } from './article.ts';
import { versionKey, type FrontContent } from './version.ts';
import type { Warning } from './warning.ts';

/** What the last change of a head was, for the reader and for whoever is told. */
export type Change = 'live' | 'revised' | 'withdrawn';

/** What readers see of an article now, and where it stands. Two heads with the same state look the same to everybody. */
export interface HeadState {
  readonly uri: string;
  readonly visibility: Outcome['visibility'];
  /** Sort key of the version shown. */
  readonly version?: string;
  /** Of the version shown, UTC. */
  readonly versionCreated?: string;
  readonly path?: string;
  /** The path it claimed and another article owns. */
  readonly pathClash?: string;
  /** The article that owned `path` before: its pages there are purged with this one's. */
  readonly pathTakenFrom?: string;
  readonly card?: Card;
  readonly feeds?: readonly string[];
  readonly place?: string;
  readonly urgency?: number;
  /** Which of the associations are not shown now (see `readableAt`); absent where all are. */
  readonly leftOut?: string;
  /** What the version shown does without, and who sent it. They follow from the version, so they never change alone, and readers see none of it. */
  readonly warnings?: readonly Warning[];
  readonly source?: string;
}

/** What settle keeps of every head, whatever it is the head of. */
export interface Settlement {
  readonly articleId: string;
  /** Rises with each change: max(previous + 1, epoch ms). */
  readonly seq: number;
  readonly change: Change;
  /** When settle last looked, epoch ms: no later settle may believe an earlier clock. */
  readonly settledAt: number;
  /** What brought about the last change. It is no part of the state: what changes nothing for readers changes no head. */
  readonly origin?: Origin | undefined;
}

/** The one mutable row of an article, written only by settle. */
export interface Head extends HeadState, Settlement {}

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

/** The path that an article claims, and whether it owns it. */
export type Claim = { readonly path: string } & (
  | { readonly owned: true; readonly takenFrom?: string | undefined }
  | { readonly owned: false }
);

/** The state of an article that stands so at `now`, given what became of the path it claims (none: `undefined`) and what was recorded of it. */
export function headStateOf(
  uri: string,
  articleId: string,
  outcome: Outcome,
  claim: Claim | undefined,
  now: number,
  reading?: AudioRendition,
): HeadState {
  const version = outcome.version && {
    version: versionKey(outcome.version),
    versionCreated: outcome.version.content.article.versionCreated,
  };
  if (outcome.visibility !== 'live') return { uri, visibility: outcome.visibility, ...version };

  const { warnings, source } = outcome.version.content;
  const { article, leftOut } = readableAt(outcome.version.content.article, now);
  const ownPath = claim?.owned === true ? claim.path : undefined;
  // The first headline: a changed one does not move the address.
  const path = ownPath ?? defaultPath(articleId, headlineOf(outcome.first.content.article) ?? '');
  const expiry = expiryOf(outcome.version);
  const listed = expiry === undefined || expiry > now;
  return {
    uri,
    visibility: 'live',
    ...version,
    path,
    ...(claim?.owned === false && { pathClash: claim.path }),
    ...(claim?.owned === true && claim.takenFrom !== undefined && { pathTakenFrom: claim.takenFrom }),
    card: cardOf(article, path, outcome.firstPublished, audioFor(article, reading)),
    feeds: listed ? feedsOf(article) : [],
    place: placeOf(articleId, outcome.firstPublished),
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

/** Whether readers see the very same of both, but for what can be listened to. */
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

/** Whether lists show the article: live, and not expired. */
export function isListed(
  head: HeadState | undefined,
): head is HeadState & { readonly card: Card; readonly place: string } {
  return head?.card !== undefined && head.place !== undefined && (head.feeds ?? []).length > 0;
}

/** Where lists show the article. */
export function placementsOf(head: HeadState | undefined): Placement[] {
  return isListed(head) ? (head.feeds ?? []).map((feed) => ({ feed, place: head.place })) : [];
}

/** What changed for readers between two states of a head; none and dark are alike. */
export function changeOf(
  before: Pick<HeadState, 'visibility'> | undefined,
  after: Pick<HeadState, 'visibility'>,
): Change {
  if (after.visibility !== 'live') return 'withdrawn';
  return before?.visibility === 'live' ? 'revised' : 'live';
}
