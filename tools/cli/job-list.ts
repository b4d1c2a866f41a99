import { ListReplaysCommand } from '@aws-sdk/client-eventbridge';
import { dynamoDbSweepMarks } from '../../shared/aws/dynamodb-sweep-marks.ts';
import { driftOf, type Job } from '../../shared/job.ts';
import type { Connection } from './connection.ts';
import { sweepable } from './webhooks.ts';

/** A job of reconcile, a replay of an archive, or an import of a CMS's archive that has not ended. */
export interface ListedJob {
  /** A replay's name, or the source of an import. */
  readonly id: string;
  readonly kind: 'verify' | 'repair' | 'rebuild' | 'replay' | 'import';
  readonly state: 'running' | 'done' | 'failed' | 'stuck' | 'unfinished';
  /** Epoch ms. */
  readonly startedAt: number;
  readonly progress: string;
}

/** A job of reconcile that made no progress for this long: a crashed invocation is retried after six minutes. */
const stuckAfterMs = 10 * 60_000;
const maxListed = 20;

/** Returns the latest jobs, newest first. Replays are listed for 90 days, by EventBridge. */
export async function listJobs(connection: Connection, now: number): Promise<ListedJob[]> {
  const lists = await Promise.all([reconcileJobs(connection, now), replays(connection), imports(connection)]);
  return lists
    .flat()
    .sort((a, b) => b.startedAt - a.startedAt)
    .slice(0, maxListed);
}

export function stateOf({ phase, advancedAt }: Job, now: number): ListedJob['state'] {
  if (phase === 'done') return 'done';
  return now - advancedAt > stuckAfterMs ? 'stuck' : 'running';
}

async function reconcileJobs({ latestJobs }: Connection, now: number): Promise<ListedJob[]> {
  return (await latestJobs(maxListed)).map((job) => {
    const { passId, mode, startedAt, articles, entries } = job;
    return {
      id: passId,
      kind: mode,
      state: stateOf(job, now),
      startedAt,
      progress: `${articles} articles, ${entries} entries seen; ${driftOf(job)} wrong`,
    };
  });
}

async function replays({ eventBridge, stage }: Connection): Promise<ListedJob[]> {
  const { Replays = [] } = await eventBridge.send(new ListReplaysCommand({ NamePrefix: 'replay-' }));
  const archive = new RegExp(`/pressrun-${stage}(?:-announced)?$`);
  return Replays.filter(({ EventSourceArn = '' }) => archive.test(EventSourceArn)).map(
    ({ ReplayName = '', State = '', ReplayStartTime, EventLastReplayedTime }) => ({
      id: ReplayName,
      kind: 'replay',
      state: State === 'COMPLETED' ? 'done' : /^(?:FAILED|CANCELL)/.test(State) ? 'failed' : 'running',
      startedAt: ReplayStartTime?.getTime() ?? 0,
      progress: EventLastReplayedTime === undefined ? 'no event yet' : `up to ${EventLastReplayedTime.toISOString()}`,
    }),
  );
}

/** An import is driven by its command, so one that has not ended is running or was interrupted. */
async function imports({ tableNamed, articlesTable }: Connection): Promise<ListedJob[]> {
  const marks = dynamoDbSweepMarks(tableNamed(articlesTable));
  const found = await Promise.all(
    sweepable.map(async (source): Promise<ListedJob[]> => {
      const walk = (await marks.read(source))?.walk;
      // Only an import asks for everything since the beginning.
      if (!walk?.since.startsWith('1970')) return [];
      const { startedAt, seen, total } = walk;
      return [
        {
          id: source,
          kind: 'import',
          state: 'unfinished',
          startedAt: Date.parse(startedAt),
          progress: `${seen} of ${total} read; "import ${source}" continues`,
        },
      ];
    }),
  );
  return found.flat();
}
