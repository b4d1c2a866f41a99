import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Returns the time zone of the theme that cdk.json names, or of the default theme. Does not load the CDK, which is
 * slow.
 */
export function newsroomZone(): string {
  const read = (file: string | URL): unknown => JSON.parse(readFileSync(file, 'utf8'));
  const { context } = read(new URL('../../cdk.json', import.meta.url)) as { context?: { theme?: string } };
  const { timeZone } = read(context?.theme ?? fileURLToPath(new URL('../../infra/theme.json', import.meta.url))) as {
    timeZone: string;
  };
  return timeZone;
}

/** Writes instants as the clock of a zone has them, to the second. */
export function clockOf(timeZone: string): (instant: number) => string {
  return (instant) => new Date(instant).toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone });
}

/** Writes instants in UTC, to the millisecond, for programs. */
export function inUtc(instant: number): string {
  return new Date(instant).toISOString();
}
