import type { Chance } from './chance.ts';
import type { Machine } from './machine.ts';
import type { Scheduler } from './scheduler.ts';

const minute = 60_000;
const longestDelaySeconds = 900;

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly machine: Machine;
  readonly note: (line: () => string) => void;
}

/** A message to `release`, after a delay that is awaited or not. */
type Send = (body: string, delayMilliseconds?: number, awaited?: boolean) => void;

/**
 * Schedules settles as the adapter does: by a delayed message for near instants, and by a schedule, early and precise to
 * the minute, for later ones. A schedule may be lost, or fire twice.
 */
export class SimulatedSettleSchedule {
  readonly #surroundings: Surroundings;
  readonly #chance: Chance;
  readonly #send: Send;
  readonly #lost: () => void;
  readonly #schedules = new Set<string>();

  constructor(surroundings: Surroundings, chance: Chance, send: Send, lost: () => void) {
    this.#surroundings = surroundings;
    this.#chance = chance;
    this.#send = send;
    this.#lost = lost;
  }

  settleAt(articleId: string, instant: number, now: number): Promise<void> {
    const { scheduler, machine, note } = this.#surroundings;
    const remainingSeconds = Math.max(0, Math.ceil((instant - now) / 1000));
    const message = JSON.stringify({ articleId });
    if (remainingSeconds <= longestDelaySeconds) {
      this.#send(message, remainingSeconds * 1000, false);
      return Promise.resolve();
    }
    const at = Math.floor((instant - 90_000) / minute) * minute;
    const name = `${articleId}-${at}`;
    if (this.#schedules.has(name)) return Promise.resolve();
    this.#schedules.add(name);
    const chance = this.#chance.of(name);
    const lost = machine.fails('schedules', chance, 0.4);
    const twice = machine.fails('schedules', chance, 0.3);
    scheduler.after(
      at - scheduler.now + chance.between(-30_000, minute),
      () => {
        this.#schedules.delete(name);
        note(() => `schedule ${name}${lost ? ' never fires' : ''}`);
        if (lost) this.#lost();
        else this.#send(message);
        if (twice) this.#send(message, chance.between(0, 60_000));
      },
      false,
    );
    return Promise.resolve();
  }
}
