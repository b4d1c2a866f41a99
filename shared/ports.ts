import type { Announcement } from './events/announcement.ts';
import type { Card } from './article/card.ts';
import type { Origin } from './article/origin.ts';
import type { FeedEntry, FeedPage } from './feed/feed.ts';
import type { FrontHead, Head, Settlement } from './article/head.ts';
import type { ChangePage, ListedChange } from './feed/listed-change.ts';
import type { Finding, Job } from './job.ts';
import type { PulledPictures } from './picture/pulled-pictures.ts';
import type { Placement } from './feed/placement.ts';
import type { SynthesisJob, AudioRendition } from './audio/audio-rendition.ts';
import type { ApiAnswer, ApiRequest } from './cms/source-api.ts';
import type { Voice } from './audio/speech.ts';
import type { FrontTrace, Rejection, TraceUpdate, PublishTrace } from './trace/publish-trace.ts';
import type { Content, FrontContent, Hold, Version } from './article/version.ts';

/** Epoch milliseconds. Passed in, so that time is an input like any other. */
export interface Clock {
  now(): number;
}

/** What is known of an article: the head first, then everything else, so that a head can be written on condition that it was not overtaken. */
export interface StoredState<C = Content, H = Head> {
  readonly head: H | undefined;
  readonly holds: readonly Hold[];
  /** The article read aloud, whatever state of it was read. */
  readonly reading?: AudioRendition | undefined;
  /** In key order, read on demand; put in order by `inOrder`. */
  readonly newestFirst: AsyncIterable<Version<C>>;
  readonly oldestFirst: AsyncIterable<Version<C>>;
}

/** Who owns a path, and who did before a takeover. */
export interface PathOwner {
  readonly path: string;
  readonly articleId: string;
  readonly takenFrom?: string | undefined;
}

/** Versions of one kind of thing, and its heads. Every read is strongly consistent; every write can be repeated. */
export interface VersionStore<C, H extends Settlement> {
  /** Puts a version if it is absent. */
  putVersion(version: Version<C>): Promise<void>;
  open(articleId: string): Promise<StoredState<C, H>>;
  head(articleId: string): Promise<H | undefined>;
  version(articleId: string, key: string): Promise<Version<C> | undefined>;
  /** Whether the head was written: only when `seq` is still `previousSeq` (`undefined`: there is none yet). */
  writeHead(head: H, previousSeq: number | undefined): Promise<boolean>;
}

/** Fronts, in the articles table: the same versions, order and heads. */
export type Fronts = VersionStore<FrontContent, FrontHead>;

/** The articles table. */
export interface Articles extends VersionStore<Content, Head> {
  /** Puts a hold, an end of a hold or an erasure if it is absent. */
  putHold(hold: Hold): Promise<void>;
  /**
   * The path of the highest usable version below this one that names a path and whose embargo was over when this one was received;
   * undefined if there is none.
   */
  pathBefore(version: Version): Promise<string | undefined>;
  /** Forgets every path that versions of the article have named, for `pathBefore`. */
  forgetPaths(articleId: string): Promise<void>;
  /** Strips a stored version of everything that was written by a person; its key and order stay. */
  strip(version: Version): Promise<void>;
  pathOwner(path: string): Promise<PathOwner | undefined>;
  /** Whether the path was claimed: only when its owner is still `previousOwner` (`undefined`: there is none yet). */
  claimPath(owner: PathOwner, previousOwner: string | undefined): Promise<boolean>;
}

/** How far recordings have come, in the articles table. */
export interface SynthesisJobs {
  synthesisJob(articleId: string): Promise<SynthesisJob | undefined>;
  /** Whether it was written: only when its `seq` is still one less (1: there is none yet). */
  writeSynthesisJob(articleId: string, synthesisJob: SynthesisJob): Promise<boolean>;
}

/** Somebody who reads aloud, and takes their time. */
export interface Speech {
  /** Begins to read a text; what comes of it will lie in the folder, under a name that begins with that of the take. Returns the task. */
  start(take: string, folder: string, text: string, voice: Voice): Promise<string>;
  progress(task: string): Promise<'under way' | 'done' | 'failed'>;
}

/** Where sound lies. Keys are paths without a leading slash. */
export interface SoundFiles {
  list(folder: string): Promise<string[]>;
  /** Undefined when there is none. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** A file that readers may have, with the tags by which the CDN forgets it. */
  publish(key: string, bytes: Uint8Array, tags: readonly string[]): Promise<void>;
  /** Removed twice is removed once. */
  remove(key: string): Promise<void>;
}

/** Has an article's recording looked at again. */
export interface NarrationQueue {
  enqueue(look: Look, delaySeconds: number): Promise<void>;
}

/** At which article, for the how-manieth time; and whose change it was. */
export interface Look {
  readonly articleId: string;
  readonly looks: number;
  readonly correlationId?: string | undefined;
}

/** The list of pulled pictures, in the articles table: one row that every answer to a reader is checked against. */
export interface Pictures {
  pulled(): Promise<PulledPictures>;
  /** Whether the list was written: only when its `seq` is still `previousSeq` (0: there is none yet). */
  writePulled(pulled: PulledPictures, previousSeq: number): Promise<boolean>;
}

/** The feeds table. */
export interface Feeds {
  /** Puts an entry or a tombstone unless a higher `seq` stands there. */
  put(entry: FeedEntry): Promise<void>;
  /** One page, newest first; `after` is the place of the last entry of the page before. Tombstones are not entries. */
  page(feed: string, limit: number, after: string | undefined): Promise<FeedPage>;
}

/** The list of changes, for whoever cannot be told. */
export interface Changes {
  /** Lists a change at the instant of the call. Listed twice, it stands there twice. */
  list(change: ListedChange): Promise<void>;
  /** Some changes in the order of their positions, behind `after`; nothing is looked for that was listed after the day of `until` (epoch ms). */
  page(after: string, until: number, limit: number): Promise<ChangePage>;
}

/** Puts announcements on the bus; throws unless every one was taken. */
export interface Announcer {
  announce(announcements: readonly Announcement[]): Promise<void>;
}

/** Makes sure that an article is settled at an instant (epoch ms), early rather than late; a call that comes early is made again. */
export interface SettleSchedule {
  settleAt(articleId: string, instant: number): Promise<void>;
}

/** An article that must be settled at an instant (epoch ms). */
export interface ScheduledSettle {
  readonly articleId: string;
  readonly instant: number;
}

/** Every wake-up call that was asked for, on record until it was answered: a call that never comes is found out. */
export interface ScheduleIndex {
  /** Kept twice is kept once. */
  keep(due: ScheduledSettle): Promise<void>;
  has(due: ScheduledSettle): Promise<boolean>;
  /** Those of an instant from `from` to `to`, both included, earliest first. */
  between(from: number, to: number): AsyncIterable<ScheduledSettle>;
  remove(due: ScheduledSettle): Promise<void>;
}

/** Which articles and fronts there are. */
export interface Archive {
  /** Some of their ids (a front's is `front#<name>`), none twice in all pages together; `next` asks for more, if there is more. */
  page(after: string | undefined): Promise<{ readonly ids: readonly string[]; readonly next: string | undefined }>;
}

/** A row of the feeds table as it was found; without a `seq` it was written by foreign hands. */
export interface FeedRow extends Placement {
  readonly seq: number | undefined;
  readonly card?: Card | undefined;
}

/** The feeds table row by row, tombstones too. */
export interface FeedRows {
  row(placement: Placement): Promise<FeedRow | undefined>;
  /** Some rows of all feeds, in no order that means anything; `next` asks for more, if there is more. */
  sweep(after: string | undefined): Promise<{ readonly rows: readonly FeedRow[]; readonly next: string | undefined }>;
  /** Whether the row was replaced: only when its `seq` is still `standing` (`undefined`: there is no row, or none in it). */
  replace(entry: FeedEntry, visibility: number | undefined): Promise<boolean>;
}

/** How far passes of `reconcile` have come. */
export interface Jobs {
  read(passId: string): Promise<Job | undefined>;
  /** Whether it was written: only when its `step` is still `previousStep` (`undefined`: there is none yet). */
  write(job: Job, previousStep: number | undefined): Promise<boolean>;
  /** Asks for another invocation that goes on with it. */
  continueJob(passId: string): Promise<void>;
}

/** Makes what was found a metric, and names it where the log is read. */
export interface DriftMeter {
  count(findings: readonly Finding[]): void;
}

/** A change of an article that a purge makes visible, and what it came of. */
export interface PurgedArticle extends Partial<Origin> {
  readonly articleId: string;
  readonly seq: number;
}

/** What a purge covers: cache tags, and which changes they make visible. */
export interface PurgeRequest {
  readonly tags: readonly string[];
  readonly articles: readonly PurgedArticle[];
  /** The last event that it comes of. */
  readonly origin?: Origin | undefined;
  /** Since when (epoch ms) it is held because the budget is used up. */
  readonly heldSince?: number;
}

/** How many paths were invalidated in a month (`2026-11`, UTC). */
export interface PurgeLedger {
  used(month: string): Promise<number>;
  /** Returns how many they are then; a flush that comes back may be counted twice. */
  add(month: string, paths: number): Promise<number>;
}

/** Asks for a purge. `urgent` skips the collecting window. */
export interface PurgeRequests {
  ask(request: PurgeRequest, options: { readonly urgent: boolean; readonly delaySeconds: number }): Promise<void>;
}

/** A CDN that can purge by tag. */
export interface Cdn {
  /** Purges tags; returns the CDN's id of it, and when it took it (epoch ms). A `reference` names one purge: repeating it must not purge again, and is answered alike. */
  purge(
    reference: string,
    tags: readonly string[],
  ): Promise<{ readonly invalidationId: string; readonly takenAt: number }>;
}

/** A WebSub hub, which tells whoever subscribed to a feed. */
export interface Hub {
  /** Tells it that these feeds changed, by their absolute URLs; throws unless it took all of them. */
  notify(topics: readonly string[]): Promise<void>;
}

/** A subscriber's webhook. */
export interface Webhook {
  /** Returns the status of the answer, whichever it is; throws when there was none. */
  post(headers: Readonly<Record<string, string>>, body: string): Promise<number>;
}

/** Where what was refused is kept as it came. */
export interface RejectionQueue {
  keep(body: string): Promise<void>;
}

/** An event for the bus, as whoever speaks for a CMS puts it there. */
export interface BusEvent {
  /** `cms.<name>`. */
  readonly source: string;
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Puts events on the bus; throws unless every one was taken. */
export interface Bus {
  put(events: readonly BusEvent[]): Promise<void>;
}

/** Where a detail waits that is too large for the bus. */
export interface PayloadStore {
  /** Repeatable: one key always has one text. */
  put(key: string, text: string): Promise<void>;
  /** Undefined when there is none. */
  fetch(key: string): Promise<string | undefined>;
}

/** What only the CMS and its door know. */
export interface Secrets {
  /** As it is kept, see `secretsIn`; undefined when none was ever set. */
  secretOf(source: string): Promise<string | undefined>;
}

/** The API of a CMS. Throws when nobody answers; any answer is one. */
export interface CmsApi {
  ask(request: ApiRequest): Promise<ApiAnswer>;
}

/** Where the sweep of a source stands. Times are ISO 8601. */
export interface SweepMark {
  /** When the last complete walk through the list began. */
  readonly sweptAt?: string | undefined;
  /** The walk under way: since when changes are asked for, and the page to ask for next. */
  readonly walk?:
    | {
        readonly since: string;
        readonly startedAt: string;
        readonly page: number;
        readonly seen: number;
        readonly total: number;
      }
    | undefined;
  /** Short digests of the names that stories carry (tags, authors), by their ids. */
  readonly names?: Readonly<Record<string, string>> | undefined;
  /** The place in Latest News after which live stories are checked next. */
  readonly checkedAfter?: string | undefined;
}

export interface SweepMarks {
  read(source: string): Promise<SweepMark | undefined>;
  write(source: string, mark: SweepMark): Promise<void>;
}

/** What was seen of changes on their way to the readers, for two weeks. */
export interface PublishTraces {
  /** Adds what was seen of a change; what was seen first stays. Returns all that is known of it by then. */
  note(articleId: string, seq: number, sighting: TraceUpdate): Promise<PublishTrace>;
  /** Noted twice is noted once. */
  noteRejection(rejection: Rejection): Promise<void>;
  /** An earlier change than the one that is noted has no effect. */
  noteFront(front: FrontTrace): Promise<void>;
  /** The last change of each front that ever changed, by name. Kept for ever: there are few. */
  fronts(): Promise<readonly FrontTrace[]>;
  /** The last changes up to now, newest first. */
  latest(limit: number): Promise<readonly PublishTrace[]>;
  /** The changes of one article, newest first. */
  of(articleId: string): Promise<readonly PublishTrace[]>;
  /** The last refusals up to now, newest first. */
  rejections(limit: number): Promise<readonly Rejection[]>;
}

/** Asks the edge as a reader does. */
export interface Reader {
  /** Status 0 when nobody answered. `shown` is what the answer says it shows, see `shownIn`. */
  read(path: string): Promise<{ readonly status: number; readonly shown?: string | undefined; readonly body: string }>;
}

/** Time that can be waited for. */
export interface Timer extends Clock {
  pause(milliseconds: number): Promise<void>;
}

/** Counts what watch saw. */
export interface WatchMeter {
  /** One of each. */
  count(...names: readonly string[]): void;
  milliseconds(values: Readonly<Record<string, number>>): void;
}
