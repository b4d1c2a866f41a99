import { Command } from 'commander';
import { lagOf } from '../../../shared/trace/publish-trace.ts';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { kindOf, statusOf, type NamedPublishTrace } from '../status.ts';
import { lateText, rejectionLines, secondsText } from '../text.ts';

export function status(cli: Cli): Command {
  const changeLine = (change: NamedPublishTrace): string => {
    const name = change.headline ?? change.uri ?? change.articleId;
    const why = change.standing === undefined ? '' : `  (${change.standing})`;
    const lag = secondsText(lagOf(change)).padStart(7);
    return `${cli.timeOf(change.seq)}  ${kindOf(change).padEnd(9)}  ${lag}  ${name}${why}${lateText(change)}${warningCountText(change)}`;
  };

  return new Command('status')
    .description(
      'the last hundred changes and their time to the reader, rejected events with their errors, messages in queues',
    )
    .addHelpText('after', exampleOf('--stage prod status'))
    .action(async () => {
      const found = await statusOf(cli.connect(), cli.timeOf);
      const { changes, rejections, fronts, queues, lag, late } = found;
      cli.print(found, [
        `${changes.length} changes; from the event to the reader: p50 ${secondsText(lag.p50)}, p95 ${secondsText(lag.p95)}, p99 ${secondsText(lag.p99)}${late > 0 ? `; ${late} NOT FRESH` : ''}`,
        ...changes.map(changeLine),
        ...(fronts.length > 0 ? ['', 'Fronts:'] : []),
        ...fronts.map(
          ({ name, live, changedAt, refusedAt }) =>
            `${cli.timeOf(changedAt)}  ${live ? 'live     ' : 'withdrawn'}  front:${name}${refusedAt === undefined ? '' : `  (an event of it was rejected on ${cli.timeOf(refusedAt)})`}`,
        ),
        ...(rejections.length > 0 ? ['', 'Rejected:'] : []),
        ...rejections.flatMap((rejection) => rejectionLines(rejection, cli.timeOf)),
        ...(queues.length > 0 ? ['', 'In queues:'] : []),
        ...queues.map(
          ({ name, messages, putOff }) =>
            `${String(messages).padStart(6)}  ${name}${putOff === 0 ? '' : `  (and ${putOff} in progress or delayed)`}`,
        ),
      ]);
    });
}

function warningCountText({ warnings = [] }: NamedPublishTrace): string {
  return warnings.length === 0 ? '' : `  ${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}`;
}
