import { Command } from 'commander';
import { exportFolder } from '../backup-folder.ts';
import { exportRows, rowsOf } from '../backup.ts';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';

export function exportCommand(cli: Cli): Command {
  return new Command('export')
    .argument('<path>', 'the file to write, such as articles.json.gz; with --ninjs, the folder')
    .option('--ninjs', 'write a folder with one JSON file for each article and front: its whole history in ninjs 3.1')
    .description(
      "write every version, hold, head and path into one file, in the format of DynamoDB's own export: keep it in another region",
    )
    .addHelpText('after', exampleOf('--stage prod export articles.json.gz'))
    .action(async (path: string, { ninjs }: { readonly ninjs?: boolean }) => {
      const { tableNamed, articlesTable } = cli.connect();
      const stored = rowsOf(tableNamed(articlesTable));
      if (ninjs === true) {
        const { articles, fronts, rows } = await exportFolder(stored, path, Date.now());
        cli.print({ articles, fronts, rows, folder: path }, [
          `${articles} articles and ${fronts} fronts written to ${path}, with ${rows} rows in all.`,
        ]);
        return;
      }
      const rows = await exportRows(stored, path);
      cli.print({ rows, file: path }, [`${rows} rows written to ${path}.`]);
    });
}
