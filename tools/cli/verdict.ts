import { deadLettersIn, type Status } from './status.ts';
import { counted } from './text.ts';

/** Returns in one sentence whether all is well. */
export function verdictOf({ late, rejections, queues }: Pick<Status, 'late' | 'rejections' | 'queues'>): {
  readonly isWell: boolean;
  readonly text: string;
} {
  const dead = deadLettersIn(queues);
  const faults = [
    ...(late > 0 ? [`${counted(late, 'change')} did not reach the readers in time`] : []),
    ...(rejections.length > 0 ? [`${counted(rejections.length, 'event')} rejected`] : []),
    ...(dead > 0 ? [`${counted(dead, 'message')} in dead-letter queues`] : []),
  ];
  return { isWell: faults.length === 0, text: faults.length > 0 ? `${faults.join(', ')}.` : 'All is well.' };
}
