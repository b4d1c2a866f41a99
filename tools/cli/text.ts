import { beganAt, type PublishTrace, type Rejection } from '../../shared/trace/publish-trace.ts';
import { stepsOf } from './status.ts';
import { printable } from '../laptop/printable.ts';

/** Parts of the lines that several commands print. */

export function secondsText(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '–' : `${(milliseconds / 1000).toFixed(1)} s`;
}

export function lateText({ late, freshAt }: PublishTrace): string {
  return late === undefined ? '' : `  ${freshAt === undefined ? 'NOT FRESH' : 'was late'}: ${late.join(', ')}`;
}

/** The steps of a change, with the milliseconds since it began. */
export function stepLines(change: PublishTrace, timeOf: (instant: number) => string): string[] {
  return stepsOf(change).map(
    ({ step, at }) => `  ${step.padEnd(10)} ${timeOf(at)}  ${String(at - beganAt(change)).padStart(8)} ms`,
  );
}

/** The path of a field, with the positions in lists written as `*`. */
export function pathWithoutPositions(path: string): string {
  return path.replaceAll(/(?<=^|\.)\d+(?=\.|$)/g, '*');
}

export function requesterText(actor: string | undefined, reason: string | undefined): string {
  if (actor === undefined && reason === undefined) return '';
  return `  [${[actor, reason].filter((part) => part !== undefined).join(': ')}]`;
}

export function rejectionLines(
  { refusedAt, uri, front, file, source, eventId, errors }: Rejection,
  timeOf: (instant: number) => string,
): string[] {
  return [
    `${timeOf(refusedAt)}  ${subjectText({ uri, front, file })}  from ${source || '?'}  (event ${eventId})`,
    ...issueLines(errors),
  ];
}

export function issueLines(issues: Rejection['errors']): string[] {
  return issues.map(({ path, message }) => `    ${path || 'event'}: ${message}`);
}

/** The article or front that an event is about, as commands take it; else the file. */
export function subjectText({
  uri,
  front,
  file,
}: {
  readonly uri?: string | undefined;
  readonly front?: string | undefined;
  readonly file?: string | undefined;
}): string {
  if (uri === undefined && front === undefined) return file === undefined ? '(no uri)' : printable(file);
  return uri ?? `front:${front}`;
}

/** The number with its noun: `1 event`, `2 events`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
