import { Command } from 'commander';
import type { PublishTrace } from '../../../shared/trace/publish-trace.ts';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { kindOf, wayOf } from '../status.ts';
import { lateText, rejectionLines, stepLines } from '../text.ts';

export function trace(cli: Cli): Command {
  const changeLines = (change: PublishTrace): string[] => [
    '',
    `${kindOf(change)}, seq ${change.seq}${change.correlationId === undefined ? '' : `, caused by ${change.correlationId}`}${lateText(change)}`,
    ...stepLines(change, cli.timeOf),
    ...warningLines(change.warnings),
  ];

  return new Command('trace')
    .argument('<uri>', 'the uri that the CMS gave the article or the picture, or front:<name>')
    .description(
      'one article, front or picture: its visibility and the reason, every event received, the steps of each publish with their times, and the feeds that list it',
    )
    .addHelpText('after', exampleOf('trace https://newsroom.example/2026/harbour'))
    .action(async (uri: string) => {
      const found = await wayOf(cli.connect(), uri, cli.timeOf);
      cli.print(found, [
        `${uri}  (${found.articleId})`,
        found.standing,
        ...found.changes.flatMap(changeLines),
        '',
        ...found.entries.map(
          ({ feed, seq }) => `  ${feed.padEnd(40)} ${seq === undefined ? 'NO ENTRY' : `seq ${seq}`}`,
        ),
        '',
        ...found.history.flatMap(({ number, receivedAt, event, shown, headline, warnings }) => [
          `${shown ? '▶' : ' '}${String(number ?? '·').padStart(4)}  ${cli.timeOf(receivedAt)}  ${event.padEnd(20)}  ${headline ?? ''}`,
          ...warningLines(warnings),
        ]),
        ...(found.rejections.length > 0 ? ['', 'Rejected:'] : []),
        ...found.rejections.flatMap((rejection) => rejectionLines(rejection, cli.timeOf)),
      ]);
    });
}

function warningLines(warnings: PublishTrace['warnings'] = []): string[] {
  return warnings.map(({ path, message }) => `  warning    ${path || 'event'}: ${message}`);
}
