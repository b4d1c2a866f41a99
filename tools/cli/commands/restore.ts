import { Command } from 'commander';
import { isExportedFolder, rowsInFolder } from '../backup-folder.ts';
import { restoreRows, rowsIn, rowsOf } from '../backup.ts';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { WrongUse } from '../exits.ts';

interface Options {
  readonly table?: string;
  readonly yes?: boolean;
}

export function restore(cli: Cli): Command {
  return new Command('restore')
    .argument('[path]', "a file or folder of export, or a directory of DynamoDB's own export to S3")
    .option('--table <name>', 'restore from this table, which DynamoDB restored beside the one in use')
    .option('--yes', 'do not ask first')
    .description('put back missing rows, and replace no existing one. Run "pressrun reconcile" afterwards')
    .addHelpText('after', exampleOf('--stage prod restore articles.json.gz'))
    .action(async (path: string | undefined, options: Options) => {
      const { table } = options;
      if ((path === undefined) === (table === undefined))
        throw new WrongUse('give a file or directory to restore from, or --table');
      const { tableNamed, articlesTable } = cli.connect();
      await cli.confirm(options, `Put back into ${articlesTable} what ${path ?? table ?? ''} has and it lacks?`);
      const rowsAt = (place: string) => (isExportedFolder(place) ? rowsInFolder(place) : rowsIn(place));
      const open = () => (table === undefined ? rowsAt(path ?? '') : rowsOf(tableNamed(table)));
      const restored = await restoreRows(tableNamed(articlesTable), open, ({ rows, written }) => {
        if (cli.showsProgress) process.stderr.write(`\r${rows} rows read, ${written} put back`);
      });
      cli.print(restored, [
        `${cli.showsProgress ? '\n' : ''}${restored.rows} rows read, ${restored.written} that were missing put back. Now: pressrun reconcile`,
      ]);
    });
}
