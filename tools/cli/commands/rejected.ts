import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { exampleOf } from '../example.ts';
import { rejectedEvents, rejectionCounts, type RejectedEvent } from '../rejected.ts';
import { issueLines, subjectText } from '../text.ts';

export function rejected(cli: Cli): Command {
  const linesOf = ({ eventId, source, detailType, uri, front, file, time, errors }: RejectedEvent): string[] => [
    `${time === undefined ? '?' : cli.timeOf(Date.parse(time))}  ${detailType ?? '?'}  ${subjectText({ uri, front, file })}  from ${source || '?'}  (event ${eventId})`,
    ...issueLines(errors),
  ];

  return new Command('rejected')
    .description('events that were rejected or failed too often, with the invalid fields')
    .addHelpText('after', exampleOf('--stage prod rejected'))
    .action(async () => {
      const events = await rejectedEvents(cli.connect());
      const counts = rejectionCounts(events).map(
        ({ source, path, count }) =>
          `${String(count).padStart(6)}  ${source || '?'}  ${path === undefined ? 'failed too often' : path || 'event'}`,
      );
      cli.print(
        events,
        events.length === 0
          ? ['Nothing was rejected.']
          : [...events.flatMap(linesOf), '', 'By source and field:', ...counts],
      );
    });
}
