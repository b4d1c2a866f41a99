import type { Clock } from '../../shared/clock.ts';
import type { Chance } from './chance.ts';
import type { FaultKind, Plan } from './plan.ts';
import type { Happening, Scheduler } from './scheduler.ts';

/** A fault that a call of a port may meet. */
type CallFault = Extract<FaultKind, 'kill' | 'throttle' | 'lost answer' | 'retried' | 'stall'>;
const callFaults: readonly CallFault[] = ['kill', 'throttle', 'lost answer', 'retried', 'stall'];

const composed = new Set(['open', 'now']);

/** One run of a function on some machine: its clock, its chance, and its end. */
export class Invocation {
  readonly name: string;
  readonly chance: Chance;
  readonly skew: number;
  dead = false;

  constructor(name: string, chance: Chance, skew: number) {
    this.name = name;
    this.chance = chance;
    this.skew = skew;
  }
}

/**
 * Runs functions. Every call of a port is a point at which anybody else may come first, and at which the call, its answer
 * or the whole invocation may be lost.
 */
export class Machine {
  readonly #scheduler: Scheduler;
  readonly #plan: Plan;
  readonly #chance: Chance;
  readonly #trace: (line: () => string) => void;
  readonly #landed: () => void;
  #faultsLeft: number;
  /** No faults, so that the dust settles. */
  calm = false;

  constructor(
    scheduler: Scheduler,
    plan: Plan,
    chance: Chance,
    trace: (line: () => string) => void,
    landed: () => void,
  ) {
    this.#scheduler = scheduler;
    this.#plan = plan;
    this.#chance = chance;
    this.#trace = trace;
    this.#landed = landed;
    this.#faultsLeft = plan.maxFaults;
  }

  /** Whether a fault of this kind happens now. */
  fails(kind: FaultKind, chance: Chance, probability = this.#plan.faultProbability): boolean {
    if (this.calm || this.#faultsLeft <= 0 || !this.#plan.faults.includes(kind) || !chance.happens(probability))
      return false;
    this.#faultsLeft -= 1;
    return true;
  }

  /** Runs a function until it is done, fails, is killed or times out; `ended` is called for the first two only. */
  invoke(
    name: string,
    timeoutMilliseconds: number,
    work: (invocation: Invocation) => Promise<void>,
    ended: (failure: unknown) => void,
    died: () => void,
  ): void {
    const chance = this.#chance.of(name);
    const skewed = this.#plan.faults.includes('skew') && !this.calm;
    const invocation = new Invocation(name, chance, skewed ? chance.between(-2500, 2500) : 0);
    const timeout: Happening = this.#scheduler.after(timeoutMilliseconds, () => {
      this.#trace(() => `${name} timed out`);
      invocation.dead = true;
      died();
    });
    const end = (failure: unknown): void => {
      if (invocation.dead) return;
      invocation.dead = true;
      this.#scheduler.cancel(timeout);
      if (failure !== undefined)
        this.#trace(() => `${name} failed: ${failure instanceof Error ? failure.message : 'no error'}`);
      ended(failure);
    };
    this.#onKill.set(invocation, () => {
      this.#scheduler.cancel(timeout);
      died();
    });
    work(invocation).then(
      () => {
        end(undefined);
      },
      (failure: unknown) => {
        end(failure ?? new Error('failed'));
      },
    );
  }

  readonly #onKill = new WeakMap<Invocation, () => void>();

  #kill(invocation: Invocation): void {
    if (invocation.dead) return;
    invocation.dead = true;
    this.#onKill.get(invocation)?.();
  }

  clock(invocation: Invocation): Clock {
    return { now: () => this.#scheduler.now + invocation.skew };
  }

  /** A port as an invocation has it. */
  port<T extends object>(target: T, label: string, invocation: Invocation): T {
    const proxy: T = new Proxy(target, {
      get: (_, name) => {
        const held: unknown = Reflect.get(target, name);
        if (typeof held !== 'function' || typeof name !== 'string') return held;
        // Composed methods are passed through, so that each inner call can fail by itself.
        if (composed.has(name)) return (...given: unknown[]): unknown => Reflect.apply(held, proxy, given);
        return async (...given: unknown[]) =>
          this.#call(
            invocation,
            `${label}.${name}`,
            given,
            async () => Reflect.apply(held, target, given) as Promise<unknown>,
          );
      },
    });
    return proxy;
  }

  #call(
    invocation: Invocation,
    name: string,
    given: readonly unknown[],
    run: () => Promise<unknown>,
  ): Promise<unknown> {
    const { chance } = invocation;
    return new Promise((resolve, reject) => {
      if (invocation.dead) return;
      const fault = this.#faultOf(name, chance);
      // A stalled write is later than any timeout, and before the message is received again.
      const delay = fault === 'stall' ? chance.between(11_000, 45_000) : this.#latency(invocation);
      this.#scheduler.after(delay, () => {
        if (invocation.dead && !(fault === 'stall' || chance.happens(0.5))) return;
        const says = (outcome: string): void => {
          this.#trace(
            () => `${invocation.name}  ${name}(${brief(given)})${invocation.dead ? ' [zombie]' : ''}${outcome}`,
          );
        };
        if (fault === 'throttle') {
          says(' ✗ throttled');
          reject(new Error('throttled'));
          return;
        }
        const killedBefore = fault === 'kill' && chance.happens(0.5);
        if (killedBefore) {
          says(' ✗ killed before');
          this.#kill(invocation);
          return;
        }
        void run().then(async (first) => {
          const answer = fault === 'retried' ? await run() : first;
          this.#landed();
          says(
            `${typeof answer === 'string' || typeof answer === 'boolean' ? ` = ${answer}` : ''}${fault ? ` ✗ ${fault}` : ''}`,
          );
          if (fault === 'kill') this.#kill(invocation);
          if (invocation.dead) return;
          if (fault === 'lost answer') reject(new Error('answer lost'));
          else resolve(answer);
        }, reject);
      });
    });
  }

  #faultOf(name: string, chance: Chance): CallFault | undefined {
    const kinds = callFaults.filter((kind) => this.#plan.faults.includes(kind));
    // Late writes of timed-out invocations are more frequent than their share: they meet newer state.
    const isWrite = name === 'feeds.put' || name === 'articles.writeHead';
    const kind =
      isWrite && kinds.includes('stall') && chance.happens(0.5)
        ? 'stall'
        : kinds[chance.between(0, Math.max(0, kinds.length - 1))];
    const probability = this.#plan.faultProbability * kinds.length * (name === this.#plan.weakSpot ? 4 : 1);
    return kind !== undefined && this.fails(kind, chance, probability) ? kind : undefined;
  }

  #latency({ name, chance }: Invocation): number {
    return chance.between(
      1,
      name.startsWith('deliver') ? chance.one([20, 3000, 8000]) : chance.one([5, 5, 20, 20, 100, 3000]),
    );
  }
}

/** Arguments for a person who follows a trace. */
function brief(given: readonly unknown[]): string {
  const text = JSON.stringify(given, (name, value: unknown) =>
    name === 'content' || name === 'card' || name === 'errors' ? '…' : value,
  );
  return text.length > 260 ? `${text.slice(0, 260)}…` : text;
}
