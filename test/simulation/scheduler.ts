/** Something that will happen. */
export interface Happening {
  readonly at: number;
  cancelled: boolean;
  readonly awaited: boolean;
  readonly run: () => void;
}

/** No history needs this many steps. One that exceeds it does not come to rest. */
const maxSteps = 60_000;

/**
 * Owns time and order: one thing happens at a time, and everything that follows from it has happened before the next.
 * The clock jumps from one happening to the next and never looks at a real one.
 */
export class Scheduler {
  now: number;
  #steps = 0;
  /** The next one last. */
  readonly #coming: Happening[] = [];
  #awaited = 0;

  constructor(now: number) {
    this.now = now;
  }

  /** `awaited`: there is no rest before it has happened. Of two at one instant, the one that was planned first comes first. */
  after(milliseconds: number, run: () => void, awaited = true): Happening {
    const happening: Happening = { at: this.now + milliseconds, cancelled: false, awaited, run };
    let low = 0;
    let high = this.#coming.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#coming[middle]?.at ?? 0) > happening.at) low = middle + 1;
      else high = middle;
    }
    this.#coming.splice(low, 0, happening);
    if (awaited) this.#awaited += 1;
    return happening;
  }

  cancel(happening: Happening): void {
    const index = this.#coming.indexOf(happening);
    if (index === -1) return;
    this.#coming.splice(index, 1);
    happening.cancelled = true;
    if (happening.awaited) this.#awaited -= 1;
  }

  /** Everything until `instant`. */
  async runTo(instant: number): Promise<void> {
    while ((this.#coming.at(-1)?.at ?? Infinity) <= instant) await this.#step();
    this.now = Math.max(this.now, instant);
  }

  /** Runs everything until no step is awaited or due. */
  async runToRest(): Promise<void> {
    while (this.#awaited > 0 || (this.#coming.at(-1)?.at ?? Infinity) <= this.now) await this.#step();
  }

  async #step(): Promise<void> {
    this.#steps += 1;
    if (this.#steps > maxSteps) throw new Violation('rest', 'it never comes to rest');
    const happening = this.#coming.pop();
    if (!happening) return;
    if (happening.awaited) this.#awaited -= 1;
    this.now = Math.max(this.now, happening.at);
    happening.run();
    // Every microtask that this set off, and those that they set off.
    await new Promise(setImmediate);
  }
}

/** A broken guarantee. `rule` names it, so that shrinking keeps to the same one. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly rule: string;

  constructor(rule: string, message: string) {
    super(message);
    this.rule = rule;
  }
}
