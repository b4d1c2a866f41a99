import { Command } from 'commander';
import { driftOf, type Job, type JobMode } from '../../../shared/job.ts';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { outcomeOf, runJob } from '../jobs.ts';

export function verify(cli: Cli): Command {
  return new Command('verify')
    .description(
      'compare heads, paths and feeds with the stored versions, and change nothing; exit code 1 if they differ',
    )
    .addHelpText('after', exampleOf('--stage prod verify'))
    .action(async () => {
      const job = await run(cli, 'verify');
      if (driftOf(job) > 0) cli.found();
    });
}

export function reconcile(cli: Cli): Command {
  return new Command('reconcile')
    .description(
      'compare heads, paths and feeds with the stored versions, and repair differences, as a schedule of the stage does',
    )
    .addHelpText('after', exampleOf('--stage prod reconcile'))
    .action(async () => {
      await run(cli, 'repair');
    });
}

interface RebuildOptions {
  readonly announce?: boolean;
  readonly yes?: boolean;
}

export function rebuild(cli: Cli): Command {
  return new Command('rebuild')
    .option('--announce', 'announce every live story again, as at its last change; without it, nothing is announced')
    .description('write every entry of every feed anew; readers see the feeds meanwhile')
    .option('--yes', 'do not ask first')
    .addHelpText('after', exampleOf('--stage prod rebuild'))
    .action(async (options: RebuildOptions) => {
      await cli.confirm(
        options,
        options.announce === true
          ? 'Write all feeds anew, and announce every live story again?'
          : 'Write all feeds anew?',
      );
      await run(cli, 'rebuild', options.announce);
    });
}

async function run(cli: Cli, mode: JobMode, announce?: boolean): Promise<Job> {
  const progress = ({ articles, entries, drift }: Job): void => {
    if (!cli.json) cli.note(`${articles} articles, ${entries} entries seen; ${driftOf({ drift })} wrong`);
  };
  const job = await runJob(cli.connect(), mode, progress, announce);
  cli.print(job, outcomeOf(job));
  return job;
}
