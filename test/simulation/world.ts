import { deliver } from '../../functions/deliver/deliver.ts';
import type { Response } from '../../functions/deliver/http.ts';
import { MemoryArticles, MemoryFronts, MemoryPictures } from '../fakes/memory-articles.ts';
import { MemoryChanges } from '../fakes/memory-changes.ts';
import { MemoryFeeds } from '../fakes/memory-feeds.ts';
import { MemoryJobs } from '../fakes/memory-reconcile.ts';
import { MemoryPayloadStore } from '../fakes/memory-webhooks.ts';
import { theme } from '../unit/newspaper.ts';
import { previewSecret } from './addresses.ts';
import { backupOf, type Backup, type TableName } from './backup.ts';
import { SimulatedBus } from './bus.ts';
import { SimulatedCdn } from './cdn.ts';
import { Chance } from './chance.ts';
import { Checks } from './checks/checks.ts';
import { eventOf, frontEventOf } from './cms-events.ts';
import { Edge } from './edge.ts';
import { Functions } from './functions.ts';
import { Machine, type Invocation } from './machine.ts';
import { Oracle } from './oracle/oracle.ts';
import { describe, clockTime } from './plan-text.ts';
import { minute, start, type Command, type Plan } from './plan.ts';
import { Reader, type Readable } from './reader.ts';
import { repair } from './repair.ts';
import { Scheduler } from './scheduler.ts';
import { SimulatedSettleSchedule } from './settle-schedule.ts';

/** The pipeline and everything around it, for one run: the functions' real logic between queues, a stream, a clock and a CDN that fail. */
export class World implements Readable {
  readonly articles = new MemoryArticles();
  readonly fronts = new MemoryFronts();
  readonly pictures = new MemoryPictures();
  readonly payloads = new MemoryPayloadStore();
  readonly feeds = new MemoryFeeds();
  readonly jobs = new MemoryJobs();
  readonly changeList = new MemoryChanges({ now: () => this.now });
  readonly oracle = new Oracle();
  readonly edge = new Edge();
  readonly scheduler = new Scheduler(start);
  readonly machine: Machine;
  readonly checks: Checks;
  readonly cdn: SimulatedCdn;
  readonly settleSchedule: SimulatedSettleSchedule;
  readonly functions: Functions;
  readonly trace: string[] = [];
  readonly nonsense = new Map<string, string>();
  readonly rejected: string[] = [];
  readonly hasPosts: boolean;
  readonly hasProfile: boolean;

  readonly #plan: Plan;
  readonly #isTracing: boolean;
  readonly #bus: SimulatedBus;
  readonly #reader: Reader;
  #backups: Backup[] = [];
  /** Only `reconcile` can repair this: a lost schedule, or a restored table. */
  #needsReconcile = false;

  constructor(plan: Plan, isTracing: boolean) {
    this.#plan = plan;
    this.#isTracing = isTracing;
    this.hasPosts = plan.commands.some((command) => command.does === 'send' && command.post !== undefined);
    this.hasProfile = plan.commands.some((command) => command.does === 'send' && command.profileOf !== undefined);
    const chance = new Chance(`run ${plan.seed} ${plan.salt}`);
    this.checks = new Checks(this);
    // After each call of a port, a reader may look.
    this.machine = new Machine(this.scheduler, plan, chance.of('machine'), this.note, () => {
      this.functions.stream();
      this.#reader.lookPerhaps();
    });
    this.#reader = new Reader(this, chance.of('reader'));
    this.cdn = new SimulatedCdn(this, chance, (urls) => {
      this.#reader.comeBack(urls);
    });
    this.settleSchedule = new SimulatedSettleSchedule(
      this,
      chance,
      (...message) => {
        this.functions.queues.release.send(...message);
      },
      () => {
        this.#needsReconcile = true;
      },
    );
    this.functions = new Functions(this, chance);
    this.#bus = new SimulatedBus(this, chance, (body, delayMilliseconds) => {
      this.functions.queues.store.send(body, delayMilliseconds);
    });
  }

  get now(): number {
    return this.scheduler.now;
  }

  readonly note = (line: () => string): void => {
    if (this.#isTracing) this.trace.push(`${clockTime(this.now)}  ${line()}`);
  };

  /** Plays the whole history; throws a `Violation`. */
  async play(): Promise<void> {
    for (const command of this.#plan.commands) {
      await this.scheduler.runTo(start + command.at);
      await this.#obey(command);
      this.checks.throwIfBroken();
    }
    await this.#rest();
    // Everything that a clock can change has changed, or been repeated days later.
    const last = Math.max(this.now, ...this.oracle.instants());
    await this.scheduler.runTo(last + 60 * minute);
    this.#bus.replay(0);
    await this.#rest();
  }

  async #obey(command: Command): Promise<void> {
    this.note(() => `── ${describe(command)}`);
    switch (command.does) {
      case 'send':
        this.#reader.lookSoon(command.article);
        this.#bus.put(...eventOf(command), command.endpoint);
        return;
      case 'again':
        this.#bus.put(...eventOf(command.of), command.of.endpoint);
        return;
      case 'front':
        this.#reader.lookSoon();
        this.#bus.put(...frontEventOf(command), true);
        return;
      case 'nonsense':
        this.#bus.putNonsense(command.article);
        return;
      case 'replay':
        this.#bus.replay(start + command.since);
        return;
      case 'redrive':
        this.functions.redrive();
        for (const body of this.rejected.splice(0)) this.functions.queues.store.send(body);
        return;
      case 'reconcile':
        this.functions.queues.reconcile.send(JSON.stringify({ start: command.mode }));
        return;
      case 'restore':
        return this.#restore(command.table);
      case 'rest':
        return this.#rest();
    }
  }

  async #restore(table: TableName): Promise<void> {
    await this.#rest();
    await this.scheduler.runTo(this.now + 10 * minute);
    await this.#rest();
    const backup = this.#backups.findLast(({ at }) => at <= this.now - 60 * minute);
    if (!backup) return;
    this.note(() => `the ${table} table is as it was at ${clockTime(backup.at)}`);
    backup.restore(table);
    if (table === 'articles') this.checks.heads.restored();
    this.#needsReconcile = true;
    // As the runbook has it: everything at the edge may be newer than the table now.
    this.edge.forgetEverything();
    this.edge.listsRunOut = true;
    if (table === 'feeds') return;
    this.#backups = this.#backups.filter(({ at }) => at <= backup.at);
    this.#bus.replay(backup.at - 10 * minute);
  }

  /** Lets all messages be processed, with faults first and then without, and compares everything. */
  async #rest(): Promise<void> {
    await this.scheduler.runToRest();
    if (this.#bus.replayLost()) await this.scheduler.runToRest();
    this.machine.calm = true;
    this.functions.redrive();
    await this.scheduler.runToRest();
    await this.#leaveInstants(8000);
    while (this.#needsReconcile) {
      this.#needsReconcile = false;
      await repair(this, async () => {
        // Reconcile skips rows that changed in the last five minutes, also by another repair.
        await this.scheduler.runTo(this.now + 6 * minute);
        await this.scheduler.runToRest();
        await this.#leaveInstants(6 * minute);
        this.note(() => 'reconcile');
      });
      // Cached lists have expired since.
      await this.scheduler.runTo(this.now + 20_000);
      await this.scheduler.runToRest();
      this.edge.listsRunOut = false;
      await this.#leaveInstants(8000);
    }
    this.note(() => '── the dust has settled');
    await this.checks.compare(async () => this.#reader.lookAtAll());
    this.#backups.push(backupOf(this));
    this.machine.calm = false;
  }

  /** Nothing is promised within seconds of an embargo or an expiry: machines' clocks differ by as much. */
  async #leaveInstants(milliseconds: number): Promise<void> {
    for (;;) {
      const near = this.oracle
        .instants()
        .filter((instant) => instant > this.now - milliseconds && instant <= this.now + 4000);
      if (near.length === 0) return;
      await this.scheduler.runTo(Math.max(...near) + milliseconds);
      await this.scheduler.runToRest();
    }
  }

  /** Asks the origin: on ports that may fail, if an invocation is named. */
  async see(url: string, invocation?: Invocation): Promise<Response> {
    const [path = '', query = ''] = url.split('?');
    const ports = invocation ? this.functions.ports.of(invocation) : this;
    const { articles, fronts, feeds, pictures, changeList } = ports;
    return deliver(
      {
        articles,
        fronts,
        feeds,
        pictures,
        changeList,
        clock: { now: () => this.now },
        preview: { articles, secrets: async () => Promise.resolve([previewSecret]) },
        theme,
        siteUrl: 'https://www.example.com',
      },
      { method: 'GET', path, query: new URLSearchParams(query), host: 'www.example.com' },
    );
  }
}
