import { Command } from 'commander';
import { exportRows, rowsOf } from '../backup.ts';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';

export function exportCommand(cli: Cli): Command {
  return new Command('export')
    .argument('<file>', 'the file to write, such as articles.json.gz')
    .description(
      "write every version, hold, head and path into one file, in the format of DynamoDB's own export: keep it in another region",
    )
    .addHelpText('after', exampleOf('--stage prod export articles.json.gz'))
    .action(async (file: string) => {
      const { tableNamed, articlesTable } = cli.connect();
      const rows = await exportRows(rowsOf(tableNamed(articlesTable)), file);
      cli.print({ rows, file }, [`${rows} rows written to ${file}.`]);
    });
}
