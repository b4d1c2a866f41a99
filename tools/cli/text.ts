import type { PublishTrace, Rejection } from '../../shared/trace/publish-trace.ts';

/** Parts of the lines that several commands print. */

export function secondsText(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '–' : `${(milliseconds / 1000).toFixed(1)} s`;
}

export function lateText({ late, freshAt }: PublishTrace): string {
  return late === undefined ? '' : `  ${freshAt === undefined ? 'NOT FRESH' : 'was late'}: ${late.join(', ')}`;
}

export function requesterText(actor: string | undefined, reason: string | undefined): string {
  if (actor === undefined && reason === undefined) return '';
  return `  [${[actor, reason].filter((part) => part !== undefined).join(': ')}]`;
}

export function rejectionLines(
  { refusedAt, uri, front, source, eventId, errors }: Rejection,
  timeOf: (instant: number) => string,
): string[] {
  return [
    `${timeOf(refusedAt)}  ${subjectText({ uri, front })}  from ${source || '?'}  (event ${eventId})`,
    ...issueLines(errors),
  ];
}

export function issueLines(issues: Rejection['errors']): string[] {
  return issues.map(({ path, message }) => `    ${path || 'event'}: ${message}`);
}

/** The article or front that an event is about, as commands take it. */
export function subjectText({
  uri,
  front,
}: {
  readonly uri?: string | undefined;
  readonly front?: string | undefined;
}): string {
  return uri ?? (front === undefined ? '(no uri)' : `front:${front}`);
}
