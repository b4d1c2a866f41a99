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

/** The time in epoch milliseconds. It is passed in, so that tests control it. */
export interface Clock {
  now(): number;
}

/**
 * Everything stored about an article. The head is read before the versions, so that a head can be written if no other
 * writer was faster.
 */
export interface StoredState<C = Content, H = Head> {
  readonly head: H | undefined;
  readonly holds: readonly Hold[];
  /** The latest audio rendition, of whichever version it was made. */
  readonly reading?: AudioRendition | undefined;
  /** In key order, read on demand. `inOrder` turns it into version order. */
  readonly newestFirst: AsyncIterable<Version<C>>;
  readonly oldestFirst: AsyncIterable<Version<C>>;
}

/** The owner of a path, and the owner before it took the path over. */
export interface PathOwner {
  readonly path: string;
  readonly articleId: string;
  readonly takenFrom?: string | undefined;
  /** The source of the version that claimed the path; absent in rows of earlier releases. */
  readonly source?: string | undefined;
  /** Articles that claimed the path and did not get it. */
  readonly rivals?: readonly string[] | undefined;
}

/** Versions and heads of articles or of fronts. Reads are strongly consistent; writes are idempotent. */
export interface VersionStore<C, H extends Settlement> {
  /** Puts a version if it is absent. */
  putVersion(version: Version<C>): Promise<void>;
  open(articleId: string): Promise<StoredState<C, H>>;
  head(articleId: string): Promise<H | undefined>;
  version(articleId: string, key: string): Promise<Version<C> | undefined>;
  /**
   * Writes the head if its `seq` still equals `previousSeq` (`undefined`: if there is no head). Returns false if
   * another writer was faster.
   */
  writeHead(head: H, previousSeq: number | undefined): Promise<boolean>;
}

/** Fronts, stored in the articles table with the same versions, order and heads. */
export type Fronts = VersionStore<FrontContent, FrontHead>;

/** The articles table. */
export interface Articles extends VersionStore<Content, Head> {
  /** Puts a hold, the end of a hold or an erasure if it is absent. */
  putHold(hold: Hold): Promise<void>;
  /**
   * Returns the path of the highest usable version below this one that names a path and whose embargo had passed when
   * this one was received; undefined if there is none.
   */
  pathBefore(version: Version): Promise<string | undefined>;
  /** Removes every path that versions of the article have named, for `pathBefore`. */
  forgetPaths(articleId: string): Promise<void>;
  /** Removes everything that a person wrote from a stored version. Its key and order remain. */
  strip(version: Version): Promise<void>;
  pathOwner(path: string): Promise<PathOwner | undefined>;
  /**
   * Sets the owner of a path if owner and rivals are still those of `previous` (`undefined`: if there is no owner).
   * Returns false if another writer was faster.
   */
  claimPath(owner: PathOwner, previous: PathOwner | undefined): Promise<boolean>;
}

/** Synthesis jobs, stored in the articles table. */
export interface SynthesisJobs {
  synthesisJob(articleId: string): Promise<SynthesisJob | undefined>;
  /**
   * Writes the job if the stored `seq` is one less (for 1: if there is none). Returns false if another writer was
   * faster.
   */
  writeSynthesisJob(articleId: string, synthesisJob: SynthesisJob): Promise<boolean>;
}

/** A text-to-speech service with asynchronous tasks. */
export interface Speech {
  /**
   * Starts the synthesis of a text and returns the id of its task. The result will be a file in the folder, with a name
   * that begins with the take's.
   */
  start(take: string, folder: string, text: string, voice: Voice): Promise<string>;
  progress(task: string): Promise<'under way' | 'done' | 'failed'>;
}

/** The storage of audio files. Keys are paths without a leading slash. */
export interface SoundFiles {
  list(folder: string): Promise<string[]>;
  /** Returns undefined if there is no such file. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** Stores a file for readers, with the cache tags by which the CDN purges it. */
  publish(key: string, bytes: Uint8Array, tags: readonly string[]): Promise<void>;
  /** Idempotent: removing a missing file has no effect. */
  remove(key: string): Promise<void>;
}

/** The queue of further checks of synthesis jobs. */
export interface NarrationQueue {
  enqueue(look: Look, delaySeconds: number): Promise<void>;
}

/** The next check of one article's synthesis job; `looks` counts the checks so far. */
export interface Look {
  readonly articleId: string;
  readonly looks: number;
  readonly correlationId?: string | undefined;
}

/** The list of pulled pictures: one row of the articles table, which every response to a reader is checked against. */
export interface Pictures {
  pulled(): Promise<PulledPictures>;
  /**
   * Writes the list if its `seq` still equals `previousSeq` (0: if there is none). Returns false if another writer was
   * faster.
   */
  writePulled(pulled: PulledPictures, previousSeq: number): Promise<boolean>;
}

/** The feeds table. */
export interface Feeds {
  /** Puts an entry or a tombstone unless the stored row has a higher `seq`. */
  put(entry: FeedEntry): Promise<void>;
  /** Returns one page, newest first, without tombstones. `after` is the place of the previous page's last entry. */
  page(feed: string, limit: number, after: string | undefined): Promise<FeedPage>;
}

/** The list of changes, for consumers that poll. */
export interface Changes {
  /** Lists a change at the instant of the call. Not idempotent: a second call lists it a second time. */
  list(change: ListedChange): Promise<void>;
  /**
   * Returns a page of changes in the order of their positions, behind `after`. Days after that of `until` (epoch ms)
   * are not read.
   */
  page(after: string, until: number, limit: number): Promise<ChangePage>;
}

/** Puts announcements on the bus. Throws unless the bus took every one. */
export interface Announcer {
  announce(announcements: readonly Announcement[]): Promise<void>;
}

/** Schedules a settle of an article at an instant (epoch ms). It may run early, and then schedules itself again. */
export interface SettleSchedule {
  settleAt(articleId: string, instant: number): Promise<void>;
}

/** An article that must be settled at an instant (epoch ms). */
export interface ScheduledSettle {
  readonly articleId: string;
  readonly instant: number;
}

/** The index of scheduled settles. An entry stays until its settle ran, so a settle that never ran is found. */
export interface ScheduleIndex {
  /** Idempotent: writing the same entry again has no effect. */
  keep(due: ScheduledSettle): Promise<void>;
  has(due: ScheduledSettle): Promise<boolean>;
  /** Yields the entries with an instant from `from` to `to`, both included, earliest first. */
  between(from: number, to: number): AsyncIterable<ScheduledSettle>;
  remove(due: ScheduledSettle): Promise<void>;
}

/** The ids of all articles and fronts. */
export interface Archive {
  /**
   * Returns a page of ids (`front#<name>` for a front). No id is on two pages; `next` is the cursor of the next page,
   * undefined on the last.
   */
  page(after: string | undefined): Promise<{ readonly ids: readonly string[]; readonly next: string | undefined }>;
}

/** A row of the feeds table as it was read. A row without `seq` was not written by Pressrun. */
export interface FeedRow extends Placement {
  readonly seq: number | undefined;
  readonly card?: Card | undefined;
}

/** The rows of the feeds table, tombstones included. */
export interface FeedRows {
  row(placement: Placement): Promise<FeedRow | undefined>;
  /**
   * Returns a page of rows of all feeds, in no particular order; `next` is the cursor of the next page, undefined on
   * the last.
   */
  sweep(after: string | undefined): Promise<{ readonly rows: readonly FeedRow[]; readonly next: string | undefined }>;
  /**
   * Replaces a row if its `seq` still equals `previousSeq` (`undefined`: if there is no row, or it has no `seq`).
   * Returns false if another writer was faster.
   */
  replace(entry: FeedEntry, previousSeq: number | undefined): Promise<boolean>;
}

/** The stored progress of the jobs of `reconcile`. */
export interface Jobs {
  read(jobId: string): Promise<Job | undefined>;
  /**
   * Writes the job if its `step` still equals `previousStep` (`undefined`: if there is none). Returns false if another
   * writer was faster.
   */
  write(job: Job, previousStep: number | undefined): Promise<boolean>;
  /** Requests another invocation that continues the job. */
  continueJob(jobId: string): Promise<void>;
}

/** Counts drift as a metric and logs each finding. */
export interface DriftMeter {
  count(findings: readonly Finding[]): void;
}

/** A change of an article that a purge makes visible, and its origin. */
export interface PurgedArticle extends Partial<Origin> {
  readonly articleId: string;
  readonly seq: number;
}

/** A purge: cache tags, and the changes that it makes visible. */
export interface PurgeRequest {
  readonly tags: readonly string[];
  readonly articles: readonly PurgedArticle[];
  /** The origin of the latest event that led to it. */
  readonly origin?: Origin | undefined;
  /** Since when (epoch ms) it has been held because the budget is used up. */
  readonly heldSince?: number;
}

/** The number of paths invalidated in each month (`2026-11`, UTC). */
export interface PurgeLedger {
  used(month: string): Promise<number>;
  /** Returns the new total. A repeated flush may be counted twice. */
  add(month: string, paths: number): Promise<number>;
}

/** The queue of purge requests. `urgent` skips the collecting window. */
export interface PurgeRequests {
  ask(request: PurgeRequest, options: { readonly urgent: boolean; readonly delaySeconds: number }): Promise<void>;
}

/** A purge request as a message, until it is removed. */
export interface QueuedPurge {
  readonly messageId: string;
  readonly body: string;
  /** Names this delivery of the message. */
  readonly receipt: string;
}

/** The queue of purge requests, for a function that receives messages by itself. */
export interface PurgeQueue {
  /** Returns up to ten messages. Waits for the first one as many seconds, but not longer than SQS's 20. */
  receive(waitSeconds: number): Promise<readonly QueuedPurge[]>;
  remove(messages: readonly QueuedPurge[]): Promise<void>;
}

/** A CDN that can purge by tag. */
export interface Cdn {
  /**
   * Purges tags. Returns the CDN's id of the invalidation, and when the CDN took it (epoch ms). `reference` makes it
   * idempotent: a repeated call purges nothing and returns the same.
   */
  purge(
    reference: string,
    tags: readonly string[],
  ): Promise<{ readonly invalidationId: string; readonly takenAt: number }>;
}

/** A WebSub hub (W3C Recommendation), which notifies the subscribers of feeds. */
export interface Hub {
  /** Publishes that these feeds changed, by their absolute URLs. Throws unless the hub took all of them. */
  notify(topics: readonly string[]): Promise<void>;
}

/** A subscriber's webhook. */
export interface Webhook {
  /** Returns the status of the response, whichever it is. Throws if there was no response. */
  post(headers: Readonly<Record<string, string>>, body: string): Promise<number>;
}

/** The queue of rejected events, stored as received. */
export interface RejectionQueue {
  keep(body: string): Promise<void>;
}

/** An event for the bus, made by a webhook endpoint or a sweep. */
export interface BusEvent {
  /** `cms.<name>`. */
  readonly source: string;
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Puts events on the bus. Throws unless the bus took every one. */
export interface Bus {
  put(events: readonly BusEvent[]): Promise<void>;
}

/** The storage of details that are too large for the bus. */
export interface PayloadStore {
  /** Idempotent: a key always has the same text. */
  put(key: string, text: string): Promise<void>;
  /** Returns undefined if there is no such payload. */
  fetch(key: string): Promise<string | undefined>;
}

/** The secrets that a CMS shares with its webhook endpoint. */
export interface Secrets {
  /** Returns the secret as stored (see `secretsIn`); undefined if none was ever set. */
  secretOf(source: string): Promise<string | undefined>;
}

/** The API of a CMS. Returns every response, whatever its status; throws if there was none. */
export interface CmsApi {
  ask(request: ApiRequest): Promise<ApiAnswer>;
}

/** The progress of a source's sweep. Times are ISO 8601. */
export interface SweepMark {
  /** When the last complete walk through the list began. */
  readonly sweptAt?: string | undefined;
  /** The walk in progress: since when changes are requested, and the next page. */
  readonly walk?:
    | {
        readonly since: string;
        readonly startedAt: string;
        readonly page: number;
        readonly seen: number;
        readonly total: number;
      }
    | undefined;
  /** Short digests of the names that stories carry (tags, authors), by id. */
  readonly names?: Readonly<Record<string, string>> | undefined;
  /** The place in Latest News after which live stories are checked next. */
  readonly checkedAfter?: string | undefined;
}

export interface SweepMarks {
  read(source: string): Promise<SweepMark | undefined>;
  write(source: string, mark: SweepMark): Promise<void>;
}

/** Publish traces, kept for two weeks. */
export interface PublishTraces {
  /** Adds steps to a change's trace; a step that is already there stays. Returns the whole trace. */
  note(articleId: string, seq: number, update: TraceUpdate): Promise<PublishTrace>;
  /** Idempotent: writing the same rejection again has no effect. */
  noteRejection(rejection: Rejection): Promise<void>;
  /** Has no effect if a later change is stored. */
  noteFront(front: FrontTrace): Promise<void>;
  /** Returns the last change of each front, by name. They never expire, because there are few. */
  fronts(): Promise<readonly FrontTrace[]>;
  /** Returns the latest changes, newest first. */
  latest(limit: number): Promise<readonly PublishTrace[]>;
  /** Returns the changes of one article, newest first. */
  of(articleId: string): Promise<readonly PublishTrace[]>;
  /** Returns the latest rejections, newest first. */
  rejections(limit: number): Promise<readonly Rejection[]>;
}

/** Sends requests to the edge as a reader does. */
export interface Reader {
  /**
   * Returns status 0 if there was no response. `shown` is the article and `seq` that the response states (see
   * `shownIn`).
   */
  read(path: string): Promise<{ readonly status: number; readonly shown?: string | undefined; readonly body: string }>;
}

/** A clock that can also wait. */
export interface Timer extends Clock {
  pause(milliseconds: number): Promise<void>;
}

/** The metrics of watch. */
export interface WatchMeter {
  /** Adds one to each counter. */
  count(...names: readonly string[]): void;
  milliseconds(values: Readonly<Record<string, number>>): void;
}
