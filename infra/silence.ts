import { Duration } from 'aws-cdk-lib';

/** The period of the alarm on the watcher's silence. */
export const SILENCE_PERIOD = Duration.minutes(5);

/** CloudWatch's limit for all periods of an alarm together, if each is shorter than an hour. */
const LONGEST_ALARM = Duration.days(1);

/** The schedule runs twice per canary interval, so data is missing for at most one and a half intervals. */
const SILENT_INTERVALS = 1.5;

/** Returns the number of periods without data after which the watcher is silent. */
export function silentPeriods(canaryMinutes: number): number {
  return Math.ceil((canaryMinutes * SILENT_INTERVALS) / SILENCE_PERIOD.toMinutes()) + 1;
}

/** The longest interval whose silence an alarm can detect. */
export const LONGEST_CANARY_MINUTES = Math.floor(
  (LONGEST_ALARM.toMinutes() - SILENCE_PERIOD.toMinutes()) / SILENT_INTERVALS,
);
