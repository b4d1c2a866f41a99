/** The fields that decide whether and when an item may be shown, not validated yet. */
export interface Terms {
  readonly pubStatus?: unknown;
  readonly embargoedUntil?: unknown;
  readonly expires?: unknown;
}

/**
 * Returns the later of two times. A value that is not a time is returned too, because an embargo that cannot be read
 * must be rejected.
 */
export function laterOf(embargo: unknown, other: unknown): { readonly embargoedUntil?: unknown } {
  const [latest] = present(embargo, other).sort((a, b) => instantOf(b) - instantOf(a));
  return latest === undefined ? {} : { embargoedUntil: latest };
}

/** Returns the earlier of two times. A value that is not a time is returned too. */
export function earlierOf(expiry: unknown, other: unknown): { readonly expires?: unknown } {
  const [first] = present(expiry, other).sort((a, b) => endOf(a) - endOf(b));
  return first === undefined ? {} : { expires: first };
}

/** Returns the terms that hold if two apply to one item: the item may be shown when both allow it. */
export function strictestTerms(terms: Terms, other: Terms): Terms {
  const { pubStatus } = severityOf(other) > severityOf(terms) ? other : terms;
  return {
    ...(pubStatus !== undefined && { pubStatus }),
    ...laterOf(terms.embargoedUntil, other.embargoedUntil),
    ...earlierOf(terms.expires, other.expires),
  };
}

/** Returns whether an item may be shown at every time. */
export function isUnrestricted(terms: Terms): boolean {
  return severityOf(terms) === 0 && present(terms.embargoedUntil, terms.expires).length === 0;
}

/** Returns a number that is higher for the status that hides more. */
export function severityOf({ pubStatus = 'usable' }: Terms): number {
  return pubStatus === 'usable' ? 0 : pubStatus === 'withheld' ? 1 : 2;
}

function present(...times: readonly unknown[]): unknown[] {
  return times.filter((time) => time !== undefined && time !== null && time !== '');
}

/** Returns epoch ms; Infinity if the value is not a time. */
export function instantOf(time: unknown): number {
  const instant = typeof time === 'string' ? Date.parse(time) : NaN;
  return Number.isNaN(instant) ? Infinity : instant;
}

/** Returns epoch ms; -Infinity if the value is not a time. */
export function endOf(time: unknown): number {
  const instant = instantOf(time);
  return instant === Infinity ? -Infinity : instant;
}
