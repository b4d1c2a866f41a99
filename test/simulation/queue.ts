import type { Chance } from './chance.ts';
import type { Machine } from './machine.ts';
import type { Happening, Scheduler } from './scheduler.ts';

/** A message as a function is handed it. */
export interface Received {
  readonly id: string;
  readonly body: string;
  /** When the queue took it, epoch ms. */
  readonly sentAt: number;
  /** How often by now. */
  readonly receives: number;
}

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  receives: number;
  done: boolean;
  comesBack?: Happening;
}

export interface QueueOptions {
  readonly name: string;
  readonly windowMilliseconds: number;
  readonly maxInABatch: number;
  readonly maxReceives: number;
}

const visibilityMilliseconds = 60_000;

/**
 * SQS: at least once, in no order, in batches of any size. Failed messages return, and end in the dead-letter queue.
 */
export class SimulatedQueue {
  readonly deadLetters: string[] = [];
  readonly #scheduler: Scheduler;
  readonly #machine: Machine;
  readonly #chance: Chance;
  readonly #options: QueueOptions;
  readonly #consume: (batch: readonly Received[], name: string, ended: (done: readonly string[]) => void) => void;
  readonly #ready: Message[] = [];
  #polling = false;
  #sent = 0;

  constructor(
    scheduler: Scheduler,
    machine: Machine,
    chance: Chance,
    options: QueueOptions,
    consume: (batch: readonly Received[], name: string, ended: (done: readonly string[]) => void) => void,
  ) {
    this.#scheduler = scheduler;
    this.#machine = machine;
    this.#chance = chance;
    this.#options = options;
    this.#consume = consume;
  }

  /** `awaited` is false for a message whose delay is intended. */
  send(body: string, delayMilliseconds = 0, awaited = true): void {
    this.#sent += 1;
    const message: Message = {
      id: `${this.#options.name}-${this.#sent}`,
      body,
      sentAt: this.#scheduler.now,
      receives: 0,
      done: false,
    };
    const chance = this.#chance.of(message.id);
    this.#scheduler.after(
      delayMilliseconds + chance.between(1, 40),
      () => {
        this.#show(message);
      },
      awaited,
    );
    // At least once: the same message again, however the first delivery ends.
    if (this.#machine.fails('double', chance)) {
      const again = { ...message, receives: 0 };
      this.#scheduler.after(
        delayMilliseconds + chance.between(1, chance.one([50, 3000, 90_000])),
        () => {
          this.#show(again);
        },
        awaited,
      );
    }
  }

  redrive(): void {
    for (const body of this.deadLetters.splice(0)) this.send(body);
  }

  #show(message: Message): void {
    if (message.done) return;
    this.#ready.push(message);
    this.#poll(this.#options.windowMilliseconds);
  }

  #poll(windowMilliseconds: number): void {
    if (this.#polling) return;
    this.#polling = true;
    this.#scheduler.after(windowMilliseconds + this.#chance.between(0, 20), () => {
      this.#polling = false;
      const count = this.#chance.between(1, this.#options.maxInABatch);
      const batch: Message[] = [];
      while (batch.length < count && this.#ready.length > 0)
        batch.push(...this.#ready.splice(this.#chance.between(0, this.#ready.length - 1), 1));
      this.#hand(batch);
      if (this.#ready.length > 0) this.#poll(0);
    });
  }

  #hand(batch: readonly Message[]): void {
    for (const message of batch) {
      message.receives += 1;
      message.comesBack = this.#scheduler.after(visibilityMilliseconds, () => {
        if (message.receives >= this.#options.maxReceives) this.deadLetters.push(message.body);
        else this.#show(message);
      });
    }
    const name = `${this.#options.name}[${batch.map(({ id, receives }) => id.slice(this.#options.name.length + 1) + (receives > 1 ? `×${receives}` : '')).join(',')}]`;
    this.#consume(batch, name, (done) => {
      for (const message of batch) {
        if (!done.includes(message.id)) continue;
        message.done = true;
        if (message.comesBack) this.#scheduler.cancel(message.comesBack);
      }
    });
  }
}
