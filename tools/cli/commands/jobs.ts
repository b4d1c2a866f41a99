import { Command } from 'commander';
import { driftOf } from '../../../shared/job.ts';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { WrongUse } from '../exits.ts';
import { listJobs } from '../job-list.ts';
import { followJob, outcomeOf } from '../jobs.ts';
import { endOf } from '../replay.ts';

export function jobs(cli: Cli): Command {
  const list = async (): Promise<void> => {
    const found = await listJobs(cli.connect(), Date.now());
    const lines = found.map(
      ({ id, kind, state, startedAt, progress }) =>
        `${state.padEnd(10)}  ${kind.padEnd(7)}  ${cli.timeOf(startedAt)}  ${id}\n            ${progress}`,
    );
    cli.print(
      found.map((job) => ({ ...job, startedAt: new Date(job.startedAt).toISOString() })),
      lines.length === 0 ? ['No job was started in the last 30 days.'] : lines,
    );
    if (found.some(({ state }) => state === 'stuck' || state === 'failed')) cli.found();
  };

  const follow = async (id: string): Promise<void> => {
    const connection = cli.connect();
    if (id.startsWith('replay-')) {
      const replayed = await endOf(connection.eventBridge, id);
      cli.print(replayed, [`Replay ${id}: ${replayed.state.toLowerCase()}.`]);
      return;
    }
    if ((await connection.job(id)) === undefined) throw new WrongUse(`there is no job ${id}: "jobs" lists them`);
    const job = await followJob(connection, id, ({ articles, entries, drift }) => {
      if (!cli.json) cli.note(`${articles} articles, ${entries} entries seen; ${driftOf({ drift })} wrong`);
    });
    cli.print(job, outcomeOf(job));
  };

  return new Command('jobs')
    .argument('[id]', 'follow this job or replay to its end')
    .description(
      'list the latest jobs (verify, reconcile, rebuild), replays, and unfinished imports, newest first; exit code 1 if one is stuck or failed',
    )
    .addHelpText('after', exampleOf('--stage prod jobs'))
    .action(async (id: string | undefined) => {
      await (id === undefined ? list() : follow(id));
    });
}
