import { printable } from '../laptop/printable.ts';
import type { Observation } from '../laptop/observations.ts';

/** The lines that the terminal shows for a rejected event: its subject, then each issue. */
export function rejectionLines(observation: Observation): string[] {
  if (observation.kind !== 'bus-event') return [];
  const { source, 'detail-type': type, detail } = observation.event;
  if (source !== 'pressrun' || type !== 'article.rejected') return [];
  const { uri, front, file, source: sender = '', eventId = '', errors = [] } = detail as Rejection;
  return [
    `rejected: ${uri ?? (front === undefined ? (file ?? 'an event without a uri') : `front:${front}`)} (from ${sender}, event ${eventId})`,
    ...errors.map(({ path, message }) => `  ${path === '' ? '' : `${path} `}${message}`),
  ].map(printable);
}

/** As much as is read here of `article.rejected`. */
interface Rejection {
  readonly uri?: string;
  readonly front?: string;
  readonly file?: string;
  readonly source?: string;
  readonly eventId?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}
