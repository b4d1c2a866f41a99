const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Older counts are forgotten. */
const [keptMinutesMs, keptDaysMs] = [dayMs, 31 * dayMs];

/** Counts what CloudWatch counts of a distribution: requests, those that an origin answered, and purged paths. */
export class Traffic {
  readonly since: number;
  readonly #now: () => number;
  readonly #minutes = new Map<number, { requests: number; fromOrigin: number }>();
  readonly #days = new Map<number, number>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.since = now();
  }

  noteRequest(): void {
    this.#minute().requests += 1;
  }

  noteOrigin(): void {
    this.#minute().fromOrigin += 1;
  }

  notePurge(paths: number): void {
    const day = Math.floor(this.#now() / dayMs) * dayMs;
    forget(this.#days, day - keptDaysMs);
    this.#days.set(day, (this.#days.get(day) ?? 0) + paths);
  }

  /** Counts by minute, oldest first. */
  get minutes(): { readonly at: number; readonly requests: number; readonly fromOrigin: number }[] {
    return Array.from(this.#minutes, ([at, counts]) => ({ at, ...counts }));
  }

  /** Purged paths by day (UTC), oldest first. */
  get purges(): { readonly at: number; readonly paths: number }[] {
    return Array.from(this.#days, ([at, paths]) => ({ at, paths }));
  }

  #minute(): { requests: number; fromOrigin: number } {
    const at = Math.floor(this.#now() / minuteMs) * minuteMs;
    const found = this.#minutes.get(at);
    if (found) return found;
    forget(this.#minutes, at - keptMinutesMs);
    const counts = { requests: 0, fromOrigin: 0 };
    this.#minutes.set(at, counts);
    return counts;
  }
}

/** A map keeps the order in which its keys were set, which is that of time here. */
function forget(counts: Map<number, unknown>, before: number): void {
  for (const at of counts.keys()) {
    if (at >= before) return;
    counts.delete(at);
  }
}
