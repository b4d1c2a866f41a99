import { isoOf } from './payload-schema.ts';

/** The maximum of a version's `revision` in the events' contract. */
const highestRevision = 9_999_999_999;

/**
 * Returns the `revision` of an item by the number of its version. A withdrawal without a number withdraws every
 * version, so it has the highest.
 */
export function revisionOf(version: unknown, isWithdrawal: boolean): number {
  const number = /^\d+$/.test(String(version)) ? Number(version) : 0;
  if (number > 0) return Math.min(number, highestRevision);
  return isWithdrawal ? highestRevision : 0;
}

/**
 * Returns a `revision` that orders states with the same `versionCreated` by another time of the CMS: the milliseconds
 * between the two.
 */
export function revisionBetween(versionCreated: string, instant: string | number | null | undefined): number {
  const later = typeof instant === 'number' ? instant : Date.parse(instant ?? '');
  return Number.isNaN(later) ? 0 : Math.min(Math.max(later - Date.parse(versionCreated), 0), highestRevision);
}

/** Returns the time of a withdrawal, or `receivedAt` if that time is missing or cannot be read. */
export function timeOfWithdrawal(versionCreated: unknown, receivedAt: number): string {
  const time = typeof versionCreated === 'string' ? isoOf(versionCreated) : undefined;
  return time ?? new Date(receivedAt).toISOString();
}
