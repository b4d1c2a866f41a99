import { Command } from 'commander';
import { keepsData } from '../../../infra/stage-name.ts';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { WrongUse } from '../exits.ts';
import { parseInstantOf } from '../parsers.ts';
import { prepareTable, type PreparedTable, type SwitchStep } from '../switch-table.ts';

interface Options {
  readonly restoreTo?: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

const marks: Readonly<Record<SwitchStep['state'], string>> = { already: '✔', done: '✔', 'to do': '·' };

export function switchTable(cli: Cli): Command {
  return new Command('switch-table')
    .argument('<table>', 'the table that the stage will use; DynamoDB has restored it or will')
    .option(
      '--restore-to <time>',
      'restore the table in use to this instant, such as 2026-11-24T18:00:00Z',
      parseInstantOf('--restore-to'),
    )
    .option('--dry-run', 'print the steps, and change nothing')
    .option('--yes', 'do not ask first')
    .description(
      'prepare a restored articles table to replace the one in use, and print the commands that switch the stage to it; the stage is not changed',
    )
    .addHelpText(
      'after',
      exampleOf('--stage prod switch-table pressrun-prod-articles-2 --restore-to 2026-11-24T18:00:00Z --dry-run'),
    )
    .action(async (table: string, options: Options) => {
      const { restoreTo, dryRun = false } = options;
      const { stage, dynamoDb, articlesTable } = cli.connect();
      if (stage === 'local')
        throw new WrongUse('a laptop has no point-in-time recovery: "restore FILE" puts rows back there');
      if (!dryRun) await cli.confirm(options, `Prepare ${table} to replace ${articlesTable}?`);
      const prepared = await prepareTable(dynamoDb, {
        from: articlesTable,
        to: table,
        restoreTo,
        keepsData: keepsData(stage),
        isDryRun: dryRun,
      });
      const next = commandsAfter(stage, prepared, restoreTo);
      cli.print({ ...prepared, next }, [
        ...prepared.steps.map(({ step, state }) => `${marks[state]}  ${step.padEnd(60)}  ${state}`),
        '',
        `${dryRun ? 'Nothing was changed. Then come,' : 'Now,'} if rows are missing from ${articlesTable}:`,
        ...restoreCommands(stage, table).map((command) => `  ${command}`),
        `If ${articlesTable} cannot be repaired, switch to ${table}:`,
        ...next.map((command) => `  ${command}`),
      ]);
    });
}

/** Commands that put missing rows back, without a switch. */
function restoreCommands(stage: string, table: string): string[] {
  return [
    `npm run pressrun -- --stage ${stage} restore --table ${table}`,
    `npm run pressrun -- --stage ${stage} reconcile`,
  ];
}

function commandsAfter(stage: string, { table, streamArn }: PreparedTable, restoreTo?: number): string[] {
  const since = restoreTo === undefined ? 'THE_RESTORED_MOMENT' : new Date(restoreTo).toISOString();
  return [
    `npm run deploy -- --stage ${stage} -c articlesTable=${table} -c articlesStream=${streamArn ?? 'ARN_OF_ITS_STREAM'}`,
    `npm run pressrun -- --stage ${stage} replay --from ${since}`,
    `npm run pressrun -- --stage ${stage} --articles-table ${table} rebuild`,
    `npm run pressrun -- --stage ${stage} --articles-table ${table} verify`,
  ];
}
