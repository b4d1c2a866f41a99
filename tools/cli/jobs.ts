import { setTimeout as pause } from 'node:timers/promises';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { driftKinds, driftOf, type DriftKind, type Job, type JobMode } from '../../shared/job.ts';
import type { Connection } from './connection.ts';
import { queueUrl } from './rejected.ts';

/** A job without progress for this long has failed. A crashed invocation is retried after six minutes. */
const timeoutMs = 10 * 60_000;
const pollIntervalMs = 250;
const sayEveryMilliseconds = 5000;

/**
 * Starts a job of `reconcile`, reports its progress, and waits for its end. The job continues if this process stops.
 */
export async function runJob(
  connection: Connection,
  mode: JobMode,
  progress: (job: Job) => void,
  announce = false,
): Promise<Job> {
  const { sqs, stage } = connection;
  const { MessageId: jobId = '' } = await sqs.send(
    new SendMessageCommand({
      QueueUrl: await queueUrl(sqs, `pressrun-${stage}-reconcile`),
      MessageBody: JSON.stringify({ start: mode, ...(announce && { announce }) }),
    }),
  );
  return followJob(connection, jobId, progress);
}

/** Reports a job's progress, and waits for its end. */
export async function followJob(
  { stage, job }: Pick<Connection, 'stage' | 'job'>,
  jobId: string,
  progress: (job: Job) => void,
): Promise<Job> {
  let step = -1;
  let [moved, said] = [Date.now(), Date.now()];
  for (;;) {
    const record = await job(jobId);
    if (record?.phase === 'done') return record;
    if (record && record.step > step) [step, moved] = [record.step, Date.now()];
    if (record && Date.now() - said > sayEveryMilliseconds) {
      said = Date.now();
      progress(record);
    }
    if (Date.now() - moved > timeoutMs) {
      throw new Error(
        `the job ${jobId} makes no progress: look at the log of reconcile, and at the queue pressrun-${stage}-reconcile-dlq`,
      );
    }
    await pause(pollIntervalMs);
  }
}

const words: Readonly<Record<DriftKind, string>> = {
  head: 'heads that did not say what their versions do',
  path: 'paths without their owner',
  erasure: 'erased texts that were still stored',
  wakeUp: 'embargoes or expiries that nobody would have been called for',
  audio: 'recordings of stories that are not live, or of other words than theirs',
  missing: 'entries missing from a feed',
  stale: 'stale entries',
  extra: 'entries in feeds where their article does not stand',
  failed: 'articles that could not be looked at (see the log of reconcile)',
};

/** Returns what the job found and did, as sentences. */
export function outcomeOf(job: Job): string[] {
  const { mode, announcedAs, articles, entries, written, drift, examples } = job;
  const looked = `Looked at ${articles} articles and fronts and at ${entries} entries`;
  const found = driftOf(job);
  const end = {
    verify: found === 0 ? 'nothing is wrong.' : `found ${found} wrong, and changed nothing. To repair: reconcile`,
    repair: found === 0 ? 'nothing was wrong.' : `found ${found} wrong, and repaired ${repairedRows(job)}.`,
    rebuild: `wrote ${written} entries anew${announcedAs === undefined ? '' : `, and announced every live story again as ${announcedAs}`}.`,
  }[mode];
  return [
    `${looked}: ${end}`,
    ...driftKinds.flatMap((kind) =>
      drift[kind] === undefined ? [] : [`  ${String(drift[kind]).padStart(6)}  ${words[kind]}`],
    ),
    ...examples.map(({ kind, articleId, feed }) => `  ${kind}: ${articleId}${feed === undefined ? '' : ` in ${feed}`}`),
  ];
}

/** Every finding is repaired, except articles that could not be read. */
function repairedRows(job: Job): number {
  return driftOf(job) - (job.drift.failed ?? 0);
}
