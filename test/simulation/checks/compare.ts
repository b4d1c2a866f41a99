import { Violation } from '../scheduler.ts';

/** Throws a violation of the rule if two values differ, in whatever order their fields are. */
export function same(rule: string, what: string, found: unknown, expected: unknown): void {
  if (sorted(found) !== sorted(expected))
    throw new Violation(rule, `${what} should be ${sorted(expected)} and is ${sorted(found)}`);
}

/** Returns JSON with fields in one order. */
export function sorted(value: unknown): string {
  if (value === undefined) return 'absent';
  return JSON.stringify(value, (_, held: unknown) =>
    typeof held === 'object' && held !== null && !Array.isArray(held)
      ? Object.fromEntries(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1)))
      : held,
  );
}

/** Says where two long texts part. */
export function difference(kept: string, fresh: string): string {
  let at = 0;
  while (at < kept.length && kept[at] === fresh[at]) at += 1;
  const around = (text: string): string => `${text.slice(0, 16)} … ${text.slice(Math.max(16, at - 60), at + 120)}`;
  return `kept ${around(kept)}, while the origin says ${around(fresh)}`;
}
