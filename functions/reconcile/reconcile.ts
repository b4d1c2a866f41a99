import pLimit from 'p-limit';
import { articleChanged } from '../../shared/events/announcement.ts';
import { saySame } from '../../shared/canonical.ts';
import { rebuildPrefix } from '../../shared/article/origin.ts';
import { hasOwnPage, placementsOf, type Head } from '../../shared/article/head.ts';
import { advanced, newJob, jobModes, type DriftKind, type Finding, type Job, type JobMode } from '../../shared/job.ts';
import { keyOf, type Placement } from '../../shared/feed/placement.ts';
import type { Announcer } from '../../shared/events/ports.ts';
import type { Archive, ScheduledSettle, ScheduleIndex } from '../../shared/article/ports.ts';
import type { DriftMeter, Jobs } from '../../shared/job.ts';
import type { FeedRow, FeedRows } from '../../shared/feed/ports.ts';
import type { NarrationQueue } from '../../shared/audio/ports.ts';
import type { PurgeRequests } from '../../shared/purge/ports.ts';
import { settleAny, settleArticle, type SettlePorts } from '../../shared/article/settle-article.ts';
import { allFeedsTag, collapseTags, feedTag } from '../../shared/purge/tags.ts';
import { dryRun, type DryRunPorts } from './dry-run.ts';

export interface ReconcilePorts extends SettlePorts, DryRunPorts {
  readonly archive: Archive;
  readonly feedRows: FeedRows;
  readonly scheduleIndex: ScheduleIndex;
  readonly jobs: Jobs;
  readonly purgeRequests: PurgeRequests;
  readonly driftMeter: DriftMeter;
  readonly announcer: Announcer;
  /** Absent if there is no text-to-speech. */
  readonly looks?: NarrationQueue | undefined;
  /** Called for each article that could not be checked. */
  readonly report: (error: unknown, articleId: string) => void;
}

/** The message's id, and whether an earlier delivery ended with an error. */
export interface Delivery {
  readonly messageId: string;
  readonly again: boolean;
}

/** The number of articles processed at the same time. It is small, so that jobs leave capacity to the newsroom. */
const maxAtOnce = 8;
/** Changes of the last five minutes are still being processed by other functions. */
const quietMilliseconds = 5 * 60_000;
/** The time that a scheduled settle has to run after its instant. */
const graceMilliseconds = 60_000;
/** The number of ids that fit into the record of a job. */
const maxUnannounced = 5000;
/** The age of the oldest instant that is read from the schedule index. A job over the archive finds older ones. */
const dueMilliseconds = 26 * 3_600_000;

/**
 * Processes one message: `{"start": "due"}` settles articles whose scheduled settle did not run. `{"start": "verify" |
 * "repair" | "rebuild"}` begins a job over the archive with the message's id (`"announce": true` makes a rebuild
 * announce every live article again). `{"passId": …}` continues a job. Works until `until` (epoch ms), then requests
 * another invocation.
 */
export async function reconcile(ports: ReconcilePorts, body: string, delivery: Delivery, until: number): Promise<void> {
  const {
    start,
    passId: jobId = delivery.messageId,
    announce,
  } = JSON.parse(body) as { start?: unknown; passId?: string; announce?: unknown };
  if (start === 'due') return settleDue(ports, until);
  const mode = jobModes.find((known) => known === start);
  const job = (await ports.jobs.read(jobId)) ?? (mode && (await begin(ports, jobId, mode, announce === true)));
  if (!job)
    throw new Error(
      `there is no job ${jobId}: a message must name a job by passId, or start one of due, ${jobModes.join(', ')}`,
    );
  return advance(ports, job, delivery.again, until);
}

/** Settles every article whose instant in the schedule index passed more than a minute ago. */
export async function settleDue(ports: ReconcilePorts, until: number): Promise<void> {
  const now = ports.clock.now();
  let batch: ScheduledSettle[] = [];
  for await (const due of ports.scheduleIndex.between(now - dueMilliseconds, now - graceMilliseconds)) {
    batch.push(due);
    if (batch.length < maxAtOnce) continue;
    await settleBatch(ports, batch);
    batch = [];
    if (ports.clock.now() >= until) return;
  }
  await settleBatch(ports, batch);
}

async function begin(
  { jobs, clock }: ReconcilePorts,
  jobId: string,
  mode: JobMode,
  announce: boolean,
): Promise<Job | undefined> {
  const now = clock.now();
  const job = newJob(
    jobId,
    mode,
    now,
    mode === 'rebuild' && announce
      ? `${rebuildPrefix}${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`
      : undefined,
  );
  return (await jobs.write(job, undefined)) ? job : jobs.read(jobId);
}

/** Works page by page. If another invocation has written the job's next step, this one stops. */
async function advance(ports: ReconcilePorts, begun: Job, again: boolean, until: number): Promise<void> {
  let job = begun;
  let unpurged = again;
  while (job.phase !== 'done') {
    const next = await onePage(ports, job, unpurged);
    if (!(await ports.jobs.write(next, job.step))) return;
    job = next;
    unpurged = false;
    if (job.phase !== 'done' && ports.clock.now() >= until) return ports.jobs.continueJob(job.passId);
  }
}

/** The result of a page: its findings, and the feeds in which rows were written. */
interface Outcome {
  readonly findings: readonly Finding[];
  readonly written: readonly string[];
  /** Articles that could not be announced again. */
  readonly unannounced?: readonly string[];
}

const nothing: Outcome = { findings: [], written: [] };

/**
 * Processes one page of a job, and returns the job after it. `unpurged`: an earlier attempt may have written rows and
 * failed before it requested their purge.
 */
async function onePage(ports: ReconcilePorts, job: Job, unpurged: boolean): Promise<Job> {
  const { mode } = job;
  const { outcomes, seen, next } =
    job.phase === 'articles' ? await pageOfArticles(ports, job) : await pageOfEntries(ports, job);
  const findings = outcomes.flatMap((outcome) => outcome.findings);
  const written = outcomes.flatMap((outcome) => outcome.written);
  const isLast = job.phase === 'entries' && next === undefined;
  if (mode === 'repair') await purge(ports, [...written.map(feedTag), ...(unpurged ? [allFeedsTag] : [])]);
  // The purge waits for the end of the job: lists expire after ten seconds anyway, and a purge for each page would cost
  // more than it gains.
  if (mode === 'rebuild' && isLast) await purge(ports, [allFeedsTag]);
  if (mode === 'repair') ports.driftMeter.count(findings);
  const failed = [...(job.unannounced ?? []), ...outcomes.flatMap(({ unannounced = [] }) => unannounced)];
  const unannounced = isLast || failed.length > maxUnannounced ? await announceFailedOnes(ports, job, failed) : failed;
  return advanced(job, { seen, written: written.length, findings, next, now: ports.clock.now(), unannounced });
}

interface PageOutcome {
  readonly outcomes: readonly Outcome[];
  readonly seen: number;
  readonly next: string | undefined;
}

async function pageOfArticles(ports: ReconcilePorts, { mode, cursor, announcedAs }: Job): Promise<PageOutcome> {
  const { ids, next } = await ports.archive.page(cursor);
  const outcomes = await pLimit(maxAtOnce).map(ids, async (id) =>
    attempt(ports, id, async () => reconcileArticle(ports, mode, id, announcedAs)),
  );
  return { outcomes, seen: ids.length, next };
}

async function pageOfEntries(ports: ReconcilePorts, { mode, cursor }: Job): Promise<PageOutcome> {
  const { rows, next } = await ports.feedRows.sweep(cursor);
  const byArticle = [
    ...Map.groupBy(
      rows.filter(({ card }) => card !== undefined),
      articleOf,
    ),
  ];
  const outcomes = await pLimit(maxAtOnce).map(byArticle, async ([articleId, own]) =>
    attempt(ports, articleId, async () => removeExtras(ports, mode, articleId, own)),
  );
  return { outcomes, seen: rows.length, next };
}

/**
 * Checks one article. If that fails, the article is counted and logged, the job continues, and the next job checks it
 * again.
 */
async function attempt({ report }: ReconcilePorts, articleId: string, work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    report(error, articleId);
    return { ...nothing, findings: [{ kind: 'failed', articleId, mended: false }] };
  }
}

async function reconcileArticle(
  ports: ReconcilePorts,
  mode: JobMode,
  id: string,
  announcedAs: string | undefined,
): Promise<Outcome> {
  const quietSince = quietSinceOf(ports, mode);
  const { drift: found, touchedAt } = await dryRun(ports, id, quietSince);
  if (touchedAt > quietSince) return nothing;
  const drift = new Set([...found].filter((kind) => kind !== 'audio' || ports.looks));
  if (drift.size > 0 && mode !== 'verify') await settleAny(ports, id);
  if (drift.has('audio') && mode !== 'verify') await ports.looks?.enqueue({ articleId: id, looks: 0 }, 0);
  const settled = [...drift].map((kind) => ({ kind, articleId: id, mended: mode !== 'verify' }));
  if (/^(?:front|picture)#/.test(id)) return { ...nothing, findings: settled };
  // If the head changes, `project` brings its entries in line. If the article is announced again, its entries must be
  // written first.
  const { findings, written } =
    drift.has('head') && announcedAs === undefined ? nothing : await compareEntries(ports, mode, id);
  let unannounced: readonly string[] = [];
  if (announcedAs !== undefined)
    await announceAgain(ports, id, announcedAs).catch((error: unknown) => {
      ports.report(error, id);
      unannounced = [id];
    });
  return { findings: [...settled, ...findings], written, unannounced };
}

/**
 * Announces the articles whose announcement failed. Throws if one fails again: the message is then delivered again, or
 * waits in the dead-letter queue until the cause is removed.
 */
async function announceFailedOnes(ports: ReconcilePorts, { announcedAs }: Job, ids: readonly string[]): Promise<[]> {
  if (announcedAs !== undefined)
    await pLimit(maxAtOnce).map(ids, async (articleId) => announceAgain(ports, articleId, announcedAs));
  return [];
}

/** Repeats the announcement of the last change, with the same id and `seq`, so that subscribers can drop it. */
async function announceAgain(
  { articles, announcer }: ReconcilePorts,
  articleId: string,
  replay: string,
): Promise<void> {
  const head = await articles.head(articleId);
  if (head?.visibility === 'live' && hasOwnPage(head))
    await announcer.announce([articleChanged(head, undefined, { ...head.origin, replay })]);
}

/** Writes the entries that `project` would write, where the stored rows differ. */
async function compareEntries(ports: ReconcilePorts, mode: JobMode, articleId: string): Promise<Outcome> {
  const head = await ports.articles.head(articleId);
  if (!head) return nothing;
  const places = await Promise.all(
    placementsOf(head).map(async (placement) => {
      const row = await ports.feedRows.row(placement);
      return { placement, row, drift: driftKindOf(row, head) };
    }),
  );
  const toWrite = mode === 'rebuild' ? places : places.filter(({ drift }) => drift !== undefined);
  // Rows are written after their head. If the head has not changed since the rows were read, the differences are drift.
  if (toWrite.length === 0 || (await ports.articles.head(articleId))?.seq !== head.seq) return nothing;
  return write(
    ports,
    mode,
    toWrite.map(({ placement, row, drift }) => ({
      entry: { ...placement, seq: head.seq, card: head.card },
      storedSeq: row?.seq,
      articleId,
      drift,
    })),
  );
}

function driftKindOf(row: FeedRow | undefined, { seq, card }: Head): DriftKind | undefined {
  if (row?.card === undefined) return 'missing';
  return row.seq === seq && saySame(row.card, card) ? undefined : 'stale';
}

/** Replaces the entries in feeds that do not list their article by tombstones. */
async function removeExtras(
  ports: ReconcilePorts,
  mode: JobMode,
  articleId: string,
  rows: readonly FeedRow[],
): Promise<Outcome> {
  const quietSince = quietSinceOf(ports, mode);
  const head = await ports.articles.head(articleId);
  if (head && head.settledAt > quietSince) return nothing;
  const places = new Set(placementsOf(head).map(keyOf));
  const extras = rows.filter((row) => !places.has(keyOf(row)) && (row.seq ?? 0) <= quietSince);
  return write(
    ports,
    mode,
    extras.map(({ feed, place, seq }) => ({
      entry: { feed, place, seq: Math.max(seq ?? 0, head?.seq ?? 0) },
      storedSeq: seq,
      articleId,
      drift: 'extra',
    })),
  );
}

/**
 * Replaces rows that are unchanged since they were read. A changed row was written by `project` in between, from a
 * newer head.
 */
async function write(
  { feedRows }: ReconcilePorts,
  mode: JobMode,
  rows: readonly {
    readonly entry: Parameters<FeedRows['replace']>[0];
    readonly storedSeq: number | undefined;
    readonly articleId: string;
    readonly drift: DriftKind | undefined;
  }[],
): Promise<Outcome> {
  const outcomes = await Promise.all(
    rows.map(async ({ entry, storedSeq, articleId, drift }): Promise<Outcome> => {
      const repaired = mode !== 'verify' && (await feedRows.replace(entry, storedSeq));
      if (mode !== 'verify' && !repaired) return nothing;
      return {
        findings: drift === undefined ? [] : [{ kind: drift, articleId, feed: entry.feed, mended: repaired }],
        written: repaired ? [entry.feed] : [],
      };
    }),
  );
  return {
    findings: outcomes.flatMap(({ findings }) => findings),
    written: outcomes.flatMap(({ written }) => written),
  };
}

async function settleBatch(ports: ReconcilePorts, batch: readonly ScheduledSettle[]): Promise<void> {
  const outcomes = await pLimit(maxAtOnce).map(batch, async (due) =>
    attempt(ports, due.articleId, async () => settleOneDue(ports, due)),
  );
  ports.driftMeter.count(outcomes.flatMap(({ findings }) => findings));
}

async function settleOneDue(ports: ReconcilePorts, due: ScheduledSettle): Promise<Outcome> {
  const { articleId, instant } = due;
  const { drift, touchedAt } = await dryRun(ports, articleId, ports.clock.now());
  if (drift.size > 0) await settleArticle(ports, articleId);
  await ports.scheduleIndex.remove(due);
  // If a version was received or settled since, the scheduled settle was not lost, and another function is about to
  // settle.
  return drift.has('head') && touchedAt <= instant
    ? { ...nothing, findings: [{ kind: 'wakeUp', articleId, mended: true }] }
    : nothing;
}

async function purge({ purgeRequests }: ReconcilePorts, tags: readonly string[]): Promise<void> {
  if (tags.length > 0)
    await purgeRequests.send({ tags: collapseTags(tags), articles: [] }, { urgent: false, delaySeconds: 0 });
}

/**
 * Returns the instant (epoch ms) after which changes are not checked. A rebuild may follow the loss of a table, so it
 * includes recent changes.
 */
function quietSinceOf({ clock }: ReconcilePorts, mode: JobMode): number {
  return clock.now() - (mode === 'rebuild' ? 0 : quietMilliseconds);
}

/** Returns the articleId in a place (see `placeOf`). */
function articleOf({ place }: Placement): string {
  return place.slice(place.indexOf('#') + 1);
}
