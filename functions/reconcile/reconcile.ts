import pLimit from 'p-limit';
import { articleChanged } from '../../shared/events/announcement.ts';
import { rebuildPrefix } from '../../shared/article/origin.ts';
import { hasOwnPage } from '../../shared/article/head.ts';
import { advanced, newJob, jobModes, type Job, type JobMode } from '../../shared/job.ts';
import type { Placement } from '../../shared/feed/placement.ts';
import { settleAny } from '../../shared/article/settle-article.ts';
import { allFeedsTag, collapseTags, feedTag } from '../../shared/purge/tags.ts';
import { dryRun } from './dry-run.ts';
import type { ReconcilePorts } from './ports.ts';
import { attempt, maxAtOnce, nothing, type Outcome } from './attempt.ts';
import { settleDue } from './due.ts';
import { compareEntries, quietSinceOf, removeExtras } from './entries.ts';

/** The message's id, and whether an earlier delivery ended with an error. */
export interface Delivery {
  readonly messageId: string;
  readonly again: boolean;
}

/** The number of ids that fit into the record of a job. */
const maxUnannounced = 5000;

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

async function reconcileArticle(
  ports: ReconcilePorts,
  mode: JobMode,
  id: string,
  announcedAs: string | undefined,
): Promise<Outcome> {
  const quietSince = quietSinceOf(ports, mode);
  const { drift: found, touchedAt } = await dryRun(ports, id, quietSince);
  if (touchedAt > quietSince) return nothing;
  const drift = new Set([...found].filter((kind) => kind !== 'audio' || ports.narrationQueue));
  if (drift.size > 0 && mode !== 'verify') await settleAny(ports, id);
  if (drift.has('audio') && mode !== 'verify') await ports.narrationQueue?.enqueue({ articleId: id, polls: 0 }, 0);
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

async function purge({ purgeRequests }: ReconcilePorts, tags: readonly string[]): Promise<void> {
  if (tags.length > 0)
    await purgeRequests.send({ tags: collapseTags(tags), articles: [] }, { urgent: false, delaySeconds: 0 });
}

/** Returns the articleId in a place (see `placeOf`). */
function articleOf({ place }: Placement): string {
  return place.slice(place.indexOf('#') + 1);
}
