import { articleFresh, type Announcement } from '../../shared/events/announcement.ts';
import type { OriginFields } from '../../shared/article/origin.ts';
import type { Change, Head } from '../../shared/article/head.ts';
import type { Announcer } from '../../shared/events/ports.ts';
import type { Articles } from '../../shared/article/ports.ts';
import type { Reader, PublishTraces, WatchMeter } from '../../shared/trace/ports.ts';
import type { Timer } from '../../shared/clock.ts';
import {
  beganAt,
  lagOf,
  type LateStep,
  type TraceUpdate,
  type PublishTrace,
} from '../../shared/trace/publish-trace.ts';
import { receivedAtOf } from '../../shared/article/version.ts';
import { lateSteps } from './late-steps.ts';

export interface WatchPorts {
  readonly articles: Pick<Articles, 'head' | 'open'>;
  readonly publishTraces: PublishTraces;
  readonly reader: Reader;
  readonly announcer: Announcer;
  readonly meter: WatchMeter;
  readonly timer: Timer;
}

/** An announcement as it came from the bus. */
export interface Announced {
  readonly type: string;
  readonly detail: unknown;
  /** When the bus delivered it, epoch ms. */
  readonly at: number;
}

type DetailOf<Type extends Announcement['type']> = Extract<Announcement, { readonly type: Type }>['detail'];

/** The time limit for a change to become fresh. */
export const timeoutMs = 60_000;

/** The time for which a late change is watched, so that people who wait for it can see when it is fresh. */
export const longestWatchMilliseconds = 60 * 60_000;

/** Statuses of a firewall or a rate limit: the watcher did not see the readers' page. */
const blockedStatuses: readonly number[] = [403, 429];

const firstPauseMilliseconds = 400;
const longestPauseMilliseconds = 2000;

/** The log fields of a late change. */
export interface Late {
  readonly articleId: string;
  readonly seq: number;
  readonly late: readonly LateStep[];
}

/**
 * Follows an announced change to the readers. Returns `undefined` if the change is fresh or given up; `again` if it
 * must be checked again after `until`; or its late steps, which must be checked again as `later`.
 */
export async function watch(
  ports: WatchPorts,
  { type, detail, at }: Announced,
  until: number,
): Promise<'again' | 'later' | Late | undefined> {
  switch (type) {
    case 'article.live':
    case 'article.revised':
    case 'article.withdrawn':
      return follow(ports, detail as DetailOf<`article.${Change}`>, type.slice('article.'.length) as Change, at, until);
    case 'cdn.purged':
      await notePurge(ports, detail as DetailOf<'cdn.purged'>, at);
      return undefined;
    case 'article.rejected': {
      const { eventId, source, uri, front, file, errors } = detail as DetailOf<'article.rejected'>;
      await ports.publishTraces.noteRejection({
        eventId,
        source,
        ...(uri !== undefined && { uri }),
        ...(front !== undefined && { front }),
        ...(file !== undefined && { file }),
        errors,
        refusedAt: at,
      });
      return undefined;
    }
    case 'front.changed': {
      const { name, seq, change, occurredAt } = detail as DetailOf<'front.changed'>;
      await ports.publishTraces.noteFront({ name, seq, change, changedAt: Date.parse(occurredAt) });
      return undefined;
    }
    default:
      return undefined;
  }
}

async function notePurge(
  { publishTraces, meter }: WatchPorts,
  { articles }: DetailOf<'cdn.purged'>,
  at: number,
): Promise<void> {
  for (const { articleId, seq } of articles) {
    const publishTrace = await publishTraces.note(articleId, seq, { purgedAt: at });
    // Two announcements lead to the trace, and the later one has both times. A repeated purge adds nothing.
    if (publishTrace.announcedAt !== undefined && publishTrace.purgedAt === at)
      meter.milliseconds({ PublishToPurged: at - beganAt(publishTrace) });
  }
}

async function follow(
  ports: WatchPorts,
  announced: DetailOf<`article.${Change}`>,
  change: Change,
  at: number,
  until: number,
): Promise<'again' | 'later' | Late | undefined> {
  const { articles, publishTraces, meter, timer } = ports;
  const { articleId, seq, uri, path, feeds, leftFeeds = [] } = announced;
  const beganToWatch = timer.now();
  const seen = new Set<string>();
  let known: PublishTrace | undefined;
  const statuses = new Set<number>();
  const reader: Reader = {
    read: async (asked) => {
      const answer = await ports.reader.read(asked);
      statuses.add(answer.status);
      return answer;
    },
  };
  for (let pause = firstPauseMilliseconds; ; pause = Math.min(pause * 1.5, longestPauseMilliseconds)) {
    // The pause also comes before the first check: no purge is immediate, and a check costs the origin as much as a
    // reader of every list.
    if (timer.now() + pause > until) return 'again';
    await timer.pause(pause);
    const head = await articles.head(articleId);
    statuses.clear();
    const missing = await lateSteps(
      reader,
      { articleId, seq, uri, path: head?.path ?? path, feeds: [...feeds, ...leftFeeds], head },
      seen,
    );
    const now = timer.now();
    const fresh: TraceUpdate = missing.length === 0 ? { freshAt: now } : {};
    if (!known) {
      // The step is written together with the result of the first check, because most changes are fresh by then.
      known = await publishTraces.note(articleId, seq, {
        ...(await traceUpdateOf(articles, announced, head)),
        change,
        announcedAt: at,
        ...fresh,
      });
      // Repeated checks come after the time of the announcement.
      if (known.announcedAt === at && known.audio !== true && (known.freshAt === undefined || known.freshAt === now))
        meterWay(meter, known, change, at);
    } else if (fresh.freshAt !== undefined) known = await publishTraces.note(articleId, seq, fresh);
    const { freshAt, announcedAt = at } = known;
    if (freshAt !== undefined) {
      await announceFresh(ports, known, announced);
      // The late change was counted when it became late.
      if (freshAt !== fresh.freshAt || known.lateAt !== undefined) return undefined;
      meter.count('Watched', 'Fresh');
      // A watch that began late would measure its own delay.
      if (beganToWatch - announcedAt <= timeoutMs && known.audio !== true)
        meter.milliseconds({ PublishToFresh: lagOf(known) ?? 0 });
      return undefined;
    }
    if (known.lateAt !== undefined) return now - announcedAt > longestWatchMilliseconds ? undefined : 'later';
    if (now - announcedAt > timeoutMs && blockedStatuses.some((status) => statuses.has(status))) {
      // It does not count as watched, so that the alarm on a silent watcher fires.
      meter.count('Refused');
      return undefined;
    }
    if (now - announcedAt > timeoutMs) return noteLate(ports, known, now, missing);
  }
}

function meterWay(meter: WatchMeter, publishTrace: PublishTrace, change: Change, at: number): void {
  const since = (instant: number): number => Math.max(0, instant - beganAt(publishTrace));
  meter.count(`Went${nameOf(change)}`);
  meter.milliseconds({
    PublishToStored: since(publishTrace.settledAt ?? publishTrace.seq),
    PublishToFeeds: since(at),
    ...(publishTrace.purgedAt !== undefined && { PublishToPurged: since(publishTrace.purgedAt) }),
  });
}

/** A version that was settled this long after its receipt waited on purpose. */
const longestStoringMilliseconds = 10 * 60_000;

/** A version that was settled within this time waited for nothing. */
const usualStoringMilliseconds = 2000;

async function traceUpdateOf(
  articles: WatchPorts['articles'],
  { seq, uri, feeds, correlationId, audio, warnings }: DetailOf<`article.${Change}`>,
  head: Head | undefined,
): Promise<TraceUpdate> {
  const settledAt = head?.seq === seq ? head.settledAt : seq;
  const receivedAt = head?.seq === seq && audio !== true ? await waitedSince(articles, head) : undefined;
  return {
    uri,
    feeds,
    settledAt,
    ...(audio && { audio }),
    ...(correlationId !== undefined && { correlationId }),
    ...(warnings && { warnings }),
    ...(head?.source !== undefined && { source: head.source }),
    ...(receivedAt !== undefined && settledAt - receivedAt <= longestStoringMilliseconds && { receivedAt }),
  };
}

/**
 * Returns the instant (epoch ms) from which a change waited: the receipt of its version or hold; after an embargo, the
 * embargo's end.
 */
async function waitedSince(
  articles: WatchPorts['articles'],
  { articleId, version, card, settledAt }: Head,
): Promise<number | undefined> {
  if (version === undefined) return undefined;
  const receivedAt = receivedAtOf(version);
  const published = card === undefined ? receivedAt : Date.parse(card.firstPublished);
  const since = published > receivedAt && published <= settledAt ? published : receivedAt;
  if (settledAt - since <= usualStoringMilliseconds) return since;
  const { holds } = await articles.open(articleId);
  // The clock of a hold's sender may be ahead.
  return Math.min(settledAt, Math.max(since, ...holds.map((hold) => hold.receivedAt)));
}

function nameOf(change: Change): string {
  return change.slice(0, 1).toUpperCase() + change.slice(1);
}

async function announceFresh(
  { announcer }: WatchPorts,
  publishTrace: PublishTrace,
  origin: OriginFields,
): Promise<void> {
  const { articleId, seq, freshAt = seq } = publishTrace;
  await announcer.announce([
    articleFresh({ articleId, seq, seenAt: freshAt, milliseconds: lagOf(publishTrace) ?? 0, origin }),
  ]);
}

const meterNames: Readonly<Record<LateStep, string>> = {
  purge: 'NotPurged',
  page: 'PageNotFresh',
  lists: 'ListsNotFresh',
  withdrawal: 'StillPublic',
};

async function noteLate(
  { publishTraces, meter }: WatchPorts,
  { articleId, seq }: PublishTrace,
  now: number,
  missing: readonly LateStep[],
): Promise<Late> {
  const { purgedAt } = await publishTraces.note(articleId, seq, {});
  const late: readonly LateStep[] = purgedAt === undefined ? ['purge', ...missing] : missing;
  await publishTraces.note(articleId, seq, { lateAt: now, late });
  meter.count('Watched', 'NotFresh', ...late.map((step) => meterNames[step]));
  return { articleId, seq, late };
}
