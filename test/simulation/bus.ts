import type { Chance } from './chance.ts';
import type { Checks } from './checks/checks.ts';
import type { Machine } from './machine.ts';
import type { Oracle } from './oracle/oracle.ts';
import { clockTime } from './plan-text.ts';
import { minute, uriOf } from './plan.ts';

interface Surroundings {
  readonly now: number;
  readonly machine: Machine;
  readonly oracle: Oracle;
  readonly checks: Checks;
  /** Bodies that must be rejected, by event id. */
  readonly nonsense: Map<string, string>;
  readonly note: (line: () => string) => void;
}

/** The event bus with its archive: it sends events to the queue of `store`, sometimes late, twice, or not at all. */
export class SimulatedBus {
  readonly #surroundings: Surroundings;
  readonly #chance: Chance;
  readonly #queue: (body: string, delayMilliseconds: number) => void;
  readonly #archive: { readonly at: number; readonly body: string }[] = [];
  #events = 0;
  #replays = 0;
  /** Since when there is an event that the bus archived and did not deliver. */
  #lostSince: number | undefined;

  constructor(surroundings: Surroundings, chance: Chance, queue: (body: string, delayMilliseconds: number) => void) {
    this.#surroundings = surroundings;
    this.#chance = chance;
    this.#queue = queue;
  }

  put(detailType: string, detail: Readonly<Record<string, unknown>>, endpoint: boolean): void {
    const { now, machine, oracle, note } = this.#surroundings;
    const body = this.#event(detailType, { ...detail, ...(endpoint && { receivedAt: now }) });
    oracle.take(body);
    if (!machine.fails('lost event', this.#chance.of(`loss ${this.#events}`), 0.1)) {
      this.#deliver(body);
      return;
    }
    note(() => 'the bus loses it');
    this.#archive.push({ at: now, body });
    this.#lostSince ??= now;
  }

  putNonsense(article: string): void {
    // Some of it comes from another source, which must not own this story.
    const isForeign = this.#chance.of(`nonsense ${this.#events}`).happens(0.5);
    const versionCreated = isForeign ? new Date(this.#surroundings.now).toISOString() : 'yesterday';
    const body = this.#event(
      isForeign ? 'article.deleted' : 'article.published',
      { article: { uri: uriOf(article), versionCreated } },
      isForeign ? 'intruder' : 'newsroom',
    );
    this.#surroundings.nonsense.set((JSON.parse(body) as { id: string }).id, body);
    this.#deliver(body);
  }

  replay(since: number): void {
    const { checks, note } = this.#surroundings;
    this.#replays += 1;
    const chance = this.#chance.of(`replay ${this.#replays}`);
    const name = `replay-${this.#replays}`;
    note(() => `the archive is replayed from ${clockTime(since)} as ${name}`);
    for (const { at, body } of this.#archive) {
      if (at < since) continue;
      const replayed = JSON.stringify({ ...(JSON.parse(body) as object), 'replay-name': name });
      checks.announcements.sent(replayed);
      this.#queue(replayed, chance.between(0, 2000));
    }
  }

  /** Replays from the first event that was lost. Returns whether there was one. */
  replayLost(): boolean {
    if (this.#lostSince === undefined) return false;
    this.replay(this.#lostSince);
    this.#lostSince = undefined;
    return true;
  }

  #event(detailType: string, detail: Readonly<Record<string, unknown>>, source = 'newsroom'): string {
    this.#events += 1;
    const time = new Date(Math.floor(this.#surroundings.now / 1000) * 1000).toISOString();
    return JSON.stringify({ id: `event-${this.#events}`, 'detail-type': detailType, source, time, detail });
  }

  #deliver(body: string): void {
    const { now, machine, checks } = this.#surroundings;
    this.#archive.push({ at: now, body });
    checks.announcements.sent(body);
    const chance = this.#chance.of(`bus ${this.#archive.length}`);
    const delay = (): number =>
      machine.fails('late', chance, 0.3)
        ? chance.between(0, chance.one([2000, 20_000, 4 * minute]))
        : chance.between(5, 60);
    this.#queue(body, delay());
    if (machine.fails('double', chance, 0.1)) this.#queue(body, delay());
  }
}
