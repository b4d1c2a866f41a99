import { Command, Help } from 'commander';
import { shortened } from '../../../shared/shortened.ts';
import { lagOf } from '../../../shared/trace/publish-trace.ts';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { kindOf, statusOf, type NamedPublishTrace } from '../status.ts';
import { lateText, rejectionLines, secondsText } from '../text.ts';
import { verdictOf } from '../verdict.ts';

/** The width of a terminal that is not widened. */
const columns = 80;
const indent = '    ';
/** Of a headline, even beside long warnings. */
const minLength = 12;

export function status(cli: Cli): Command {
  const changeLines = (change: NamedPublishTrace): string[] => {
    const lag = secondsText(lagOf(change)).padStart(7);
    const start = `${cli.timeOf(change.seq)}  ${kindOf(change).padEnd(9)}  ${lag}  `;
    const end = `${lateText(change)}${warningCountText(change)}`;
    // A uri stays whole, because other commands take it.
    const name =
      change.headline === undefined
        ? (change.uri ?? change.articleId)
        : shortened(change.headline, { characters: Math.max(columns - start.length - end.length, minLength) });
    return [`${start}${name}${end}`, ...(change.standing === undefined ? [] : wrapped(change.standing))];
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
        verdictOf(found).text,
        `${changes.length} changes; to the reader: p50 ${secondsText(lag.p50)}, p95 ${secondsText(lag.p95)}, p99 ${secondsText(lag.p99)}${late > 0 ? `; ${late} NOT FRESH` : ''}`,
        ...changes.flatMap(changeLines),
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

/** Returns the lines of a text, indented. */
function wrapped(text: string): string[] {
  return new Help()
    .boxWrap(text, columns - indent.length)
    .split('\n')
    .map((line) => `${indent}${line}`);
}

function warningCountText({ warnings = [] }: NamedPublishTrace): string {
  return warnings.length === 0 ? '' : `  ${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}`;
}
