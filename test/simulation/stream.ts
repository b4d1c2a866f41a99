import type { FrontHead } from '../../shared/article/head.ts';
import type { HeadImages } from '../fakes/memory-articles.ts';
import type { Chance } from './chance.ts';
import type { Invocation, Machine } from './machine.ts';
import type { Scheduler } from './scheduler.ts';

/** A record of the articles table's stream: of an article, or of a front. */
export interface HeadRecord {
  readonly articleId: string;
  readonly images?: HeadImages;
  readonly front?: HeadImages<FrontHead>;
}

/** The table's stream: in order for each article, at least once, in batches that are cut differently each time. */
export class SimulatedStream {
  readonly #scheduler: Scheduler;
  readonly #machine: Machine;
  readonly #chance: Chance;
  readonly #timeoutMilliseconds: number;
  readonly #consume: (invocation: Invocation, records: readonly HeadRecord[]) => Promise<readonly HeadRecord[]>;
  readonly #lanes: { readonly records: HeadRecord[]; busy: boolean }[] = [
    { records: [], busy: false },
    { records: [], busy: false },
  ];
  #batches = 0;

  constructor(
    scheduler: Scheduler,
    machine: Machine,
    chance: Chance,
    timeoutMilliseconds: number,
    consume: (invocation: Invocation, records: readonly HeadRecord[]) => Promise<readonly HeadRecord[]>,
  ) {
    this.#scheduler = scheduler;
    this.#machine = machine;
    this.#chance = chance;
    this.#timeoutMilliseconds = timeoutMilliseconds;
    this.#consume = consume;
  }

  put(record: HeadRecord): void {
    const lane = record.articleId.charCodeAt(record.articleId.length - 1) % this.#lanes.length;
    this.#lanes[lane]?.records.push(record);
    this.#poll(
      lane,
      this.#machine.fails('slow stream', this.#chance, 0.2)
        ? this.#chance.between(1000, 90_000)
        : this.#chance.between(5, 400),
    );
  }

  #poll(index: number, delay: number): void {
    const lane = this.#lanes[index];
    if (!lane || lane.busy || lane.records.length === 0) return;
    lane.busy = true;
    this.#scheduler.after(delay, () => {
      const batch = lane.records.slice(0, this.#chance.between(1, 8));
      this.#batches += 1;
      let failed: readonly HeadRecord[] = batch;
      const over = (): void => {
        lane.busy = false;
        // A failure restarts at the lowest record that failed; a repeated batch comes whole, or cut elsewhere.
        const first = failed.length > 0 ? Math.min(...failed.map((record) => batch.indexOf(record))) : batch.length;
        lane.records.splice(
          0,
          this.#machine.fails('repeated batch', this.#chance, 0.1) ? this.#chance.between(0, first) : first,
        );
        this.#poll(index, failed.length > 0 ? this.#chance.between(100, 5000) : this.#chance.between(1, 50));
      };
      this.#machine.invoke(
        `project#${this.#batches}[${batch.length}]`,
        this.#timeoutMilliseconds,
        async (invocation) => {
          failed = await this.#consume(invocation, batch);
        },
        over,
        () => {
          failed = batch;
          over();
        },
      );
    });
  }
}
