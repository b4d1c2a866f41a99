import { Violation } from '../scheduler.ts';

/** Keeps the first broken guarantee until the history can stop: an error within a function would only fail its call. */
export class Violations {
  readonly #note: (line: () => string) => void;
  #first: Violation | undefined;

  constructor(note: (line: () => string) => void) {
    this.#note = note;
  }

  broke(rule: string, message: string): void {
    this.#note(() => `✗ ${rule}: ${message}`);
    this.#first ??= new Violation(rule, message);
  }

  throwIfAny(): void {
    if (this.#first) throw this.#first;
  }
}
