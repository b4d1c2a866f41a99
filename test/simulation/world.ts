import { deliver } from '../../functions/deliver/deliver.ts';
import type { Response } from '../../functions/deliver/http.ts';
import { project, projectFront } from '../../functions/project/project.ts';
import { purge } from '../../functions/purge/purge.ts';
import { reconcile, type ReconcilePorts } from '../../functions/reconcile/reconcile.ts';
import { release } from '../../functions/release/release.ts';
import { store } from '../../functions/store/store.ts';
import type { Announcement } from '../../shared/events/announcement.ts';
import type { FrontHead } from '../../shared/article/head.ts';
import { MemoryArticles, MemoryFronts, MemoryPictures, type HeadImages } from '../fakes/memory-articles.ts';
import { MemoryPayloadStore } from '../fakes/memory-webhooks.ts';
import { MemoryChanges } from '../fakes/memory-changes.ts';
import { MemoryFeeds } from '../fakes/memory-feeds.ts';
import { MemoryArchive, MemoryDriftMeter, MemoryScheduleIndex, MemoryJobs } from '../fakes/memory-reconcile.ts';
import type { Owners } from '../../shared/article/ownership.ts';
import type { Articles, Fronts, SettleSchedule } from '../../shared/article/ports.ts';
import type { Changes, FeedRows, Feeds } from '../../shared/feed/ports.ts';
import type { Clock } from '../../shared/clock.ts';
import type { PayloadStore } from '../../shared/events/ports.ts';
import type { Jobs } from '../../shared/job.ts';
import type { Pictures } from '../../shared/picture/ports.ts';
import type { PurgeRequest, PurgeRequests } from '../../shared/purge/ports.ts';
import { theme } from '../unit/newspaper.ts';
import { Chance } from './chance.ts';
import { Edge } from './edge.ts';
import { start, uriOf, type Command, type Plan } from './plan.ts';
import { Machine, type Invocation } from './machine.ts';
import { Oracle } from './oracle.ts';
import { SimulatedQueue, type Received } from './queue.ts';
import { originTimeoutSeconds, previewSecret, Reader } from './reader.ts';
import { repair } from './repair.ts';
import { Scheduler } from './scheduler.ts';
import { SimulatedStream } from './stream.ts';
import { Watch } from './watch.ts';
import { eventOf, frontEventOf } from './cms-events.ts';
import { describe, clockTime } from './plan-text.ts';

const functionTimeoutMilliseconds = 10_000;

const longestDelaySeconds = 900;

const minute = 60_000;

interface Snapshot {
  readonly at: number;
  readonly restore: (table: 'articles' | 'feeds') => void;
}

/** The ports of settling and projecting functions, for one invocation. */
export interface Ports {
  readonly articles: Articles;
  readonly fronts: Fronts;
  readonly pictures: Pictures;
  readonly payloads: Pick<PayloadStore, 'fetch'>;
  readonly owners: Owners;
  readonly feeds: Feeds;
  readonly changeList: Changes;
  readonly settleSchedule: SettleSchedule;
  readonly purgeRequests: PurgeRequests;
  readonly announcer: { announce: (announcements: readonly Announcement[]) => Promise<void> };
  readonly rejections: { keep: (body: string) => Promise<void> };
  readonly clock: Clock;
  readonly purgeAgainSeconds: number;
}

/** The pipeline and everything around it, for one run: the functions' real logic between queues, a stream, a clock and a CDN that fail. */
export class World {
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
  readonly watch: Watch;
  readonly trace: string[] = [];
  /** Bodies that must be rejected, by event id. */
  readonly nonsense = new Map<string, string>();
  readonly refused: string[] = [];
  /** Only `reconcile` can repair this: a lost schedule, or a restored table. */
  needsReconcile = false;

  readonly hasPosts: boolean;
  readonly hasProfile: boolean;

  readonly #plan: Plan;
  readonly #chance: Chance;
  readonly #isTracing: boolean;
  readonly #reader: Reader;
  readonly #queues: {
    readonly store: SimulatedQueue;
    readonly release: SimulatedQueue;
    readonly retry: SimulatedQueue;
    readonly purge: SimulatedQueue;
    readonly urgent: SimulatedQueue;
    readonly reconcile: SimulatedQueue;
  };
  readonly #stream: SimulatedStream;
  readonly #archive: { readonly at: number; readonly body: string }[] = [];
  readonly #schedules = new Set<string>();
  readonly #references = new Map<string, { readonly invalidationId: string; readonly takenAt: number }>();
  #snapshots: Snapshot[] = [];
  #streamed = 0;
  #streamedFronts = 0;
  #events = 0;
  #replays = 0;
  /** Since when there is an event that the bus archived and did not deliver. */
  #lostSince: number | undefined;

  constructor(plan: Plan, isTracing: boolean) {
    this.#plan = plan;
    this.hasPosts = plan.commands.some((command) => command.does === 'send' && command.post !== undefined);
    this.hasProfile = plan.commands.some((command) => command.does === 'send' && command.profileOf !== undefined);
    this.#chance = new Chance(`run ${plan.seed} ${plan.salt}`);
    this.#isTracing = isTracing;
    this.watch = new Watch(this);
    this.machine = new Machine(this.scheduler, plan, this.#chance.of('machine'), this.note, () => {
      this.#landed();
    });
    this.#reader = new Reader(this, this.#chance.of('reader'));
    const queue = (
      name: string,
      windowMilliseconds: number,
      maxInABatch: number,
      each: (invocation: Invocation, body: string, received: Received) => Promise<void>,
      maxReceives = 4,
    ): SimulatedQueue =>
      new SimulatedQueue(
        this.scheduler,
        this.machine,
        this.#chance.of(name),
        { name, windowMilliseconds, maxInABatch, maxReceives },
        (batch, invocationName, ended) => {
          const done: string[] = [];
          this.machine.invoke(
            invocationName,
            functionTimeoutMilliseconds,
            async (invocation) => {
              const outcomes = await Promise.allSettled(
                batch.map(async (received) => each(invocation, received.body, received)),
              );
              done.push(...batch.filter((_, index) => outcomes[index]?.status === 'fulfilled').map(({ id }) => id));
              for (const outcome of outcomes)
                if (outcome.status === 'rejected')
                  this.note(() => `${invocationName}  a message failed: ${String(outcome.reason)}`);
            },
            () => {
              ended(done);
            },
            () => undefined,
          );
        },
      );
    const purging = (name: string, windowMilliseconds: number): SimulatedQueue =>
      new SimulatedQueue(
        this.scheduler,
        this.machine,
        this.#chance.of(name),
        { name, windowMilliseconds, maxInABatch: 10, maxReceives: 4 },
        (batch, invocationName, ended) => {
          this.machine.invoke(
            invocationName,
            functionTimeoutMilliseconds,
            async (invocation) => {
              const { announcer } = this.ports(invocation);
              const cdn = this.machine.port({ purge: this.#purge }, 'cdn', invocation);
              await purge(
                { cdn, announcer },
                batch.map(({ id, body }) => ({ messageId: id, request: JSON.parse(body) as PurgeRequest })),
              );
            },
            (failure) => {
              ended(failure === undefined ? batch.map(({ id }) => id) : []);
            },
            () => undefined,
          );
        },
      );
    this.#queues = {
      store: queue('store', 0, 10, async (invocation, body, { id, sentAt }) => {
        await store(this.ports(invocation), body, id, { sentAt });
      }),
      release: queue('release', 0, 10, async (invocation, body) => release(this.ports(invocation), body)),
      retry: queue('project-retry', 0, 3, async (invocation, body) =>
        this.#projectRecords(invocation, [JSON.parse(body) as HeadRecord]),
      ),
      purge: purging('purge', 2000),
      urgent: purging('purge-urgent', 0),
      // Never given up: a redriven message would begin another job, which does not know the purges that the first one
      // missed.
      reconcile: queue(
        'reconcile',
        0,
        1,
        async (invocation, _, received) => this.#reconcile(invocation, received),
        Infinity,
      ),
    };
    this.#stream = new SimulatedStream(
      this.scheduler,
      this.machine,
      this.#chance.of('stream'),
      functionTimeoutMilliseconds,
      async (invocation, records) => this.#projectStream(invocation, records),
    );
  }

  get now(): number {
    return this.scheduler.now;
  }

  /** Writes a line of the trace, if anybody is to read it. */
  readonly note = (line: () => string): void => {
    if (this.#isTracing) this.trace.push(`${clockTime(this.now)}  ${line()}`);
  };

  ports(invocation: Invocation): Ports {
    const port = <T extends object>(target: T, label: string): T => this.machine.port(target, label, invocation);
    const clock = this.machine.clock(invocation);
    return {
      articles: port<Articles>(this.articles, 'articles'),
      fronts: port<Fronts>(this.fronts, 'fronts'),
      pictures: port<Pictures>(this.pictures, 'pictures'),
      payloads: port<Pick<PayloadStore, 'fetch'>>(this.payloads, 'parcels'),
      owners: { newsroom: [uriOf('')] },
      feeds: port<Feeds>(
        {
          put: async (entry) => {
            this.watch.entryPut(entry);
            return this.feeds.put(entry);
          },
          page: async (feed, limit, after) => this.feeds.page(feed, limit, after),
        },
        'feeds',
      ),
      changeList: port<Changes>(this.changeList, 'changeList'),
      settleSchedule: port(
        { settleAt: async (articleId: string, instant: number) => this.#wakeAt(articleId, instant, clock.now()) },
        'wakeUpCalls',
      ),
      purgeRequests: port<PurgeRequests>({ send: this.#ask }, 'purgeRequests'),
      announcer: port(
        {
          announce: async (announcements: readonly Announcement[]) => {
            for (const announcement of announcements) this.watch.announced(announcement);
            return Promise.resolve();
          },
        },
        'announcer',
      ),
      rejections: port(
        {
          keep: async (body: string) => {
            this.refused.push(body);
            return Promise.resolve();
          },
        },
        'refusals',
      ),
      clock,
      purgeAgainSeconds: originTimeoutSeconds,
    };
  }

  /** Plays the whole history; throws a `Violation`. */
  async play(): Promise<void> {
    for (const command of this.#plan.commands) {
      await this.scheduler.runTo(start + command.at);
      await this.#obey(command);
      this.watch.throwIfBroken();
    }
    await this.#rest();
    // Everything that a clock can change has changed, or been repeated days later.
    const last = Math.max(this.now, ...this.oracle.instants());
    await this.scheduler.runTo(last + 60 * minute);
    this.#replay(0);
    await this.#rest();
  }

  async #obey(command: Command): Promise<void> {
    this.note(() => `── ${describe(command)}`);
    switch (command.does) {
      case 'send':
        this.#reader.lookSoon(command.article);
        {
          this.#send(...eventOf(command), command.endpoint);
          return;
        }
      case 'again': {
        this.#send(...eventOf(command.of), command.of.endpoint);
        return;
      }
      case 'front':
        this.#reader.lookSoon();
        {
          this.#send(...frontEventOf(command), true);
          return;
        }
      case 'nonsense': {
        this.#sendNonsense(command.article);
        return;
      }
      case 'replay': {
        this.#replay(start + command.since);
        return;
      }
      case 'redrive': {
        this.#redrive();
        return;
      }
      case 'reconcile': {
        this.#queues.reconcile.send(JSON.stringify({ start: command.mode }));
        return;
      }
      case 'restore':
        return this.#restore(command.table);
      case 'rest':
        return this.#rest();
    }
  }

  #send(detailType: string, detail: Readonly<Record<string, unknown>>, endpoint: boolean): void {
    const receivedAt = this.now;
    const body = this.#event(detailType, { ...detail, ...(endpoint && { receivedAt }) });
    this.oracle.take(body);
    if (!this.machine.fails('lost event', this.#chance.of(`loss ${this.#events}`), 0.1)) {
      this.#deliverToStore(body);
      return;
    }
    this.note(() => 'the bus loses it');
    this.#archive.push({ at: this.now, body });
    this.#lostSince ??= this.now;
  }

  #sendNonsense(article: string): void {
    // Some of it comes of another source, which may say nothing of this story.
    const isForeign = this.#chance.of(`nonsense ${this.#events}`).happens(0.5);
    const versionCreated = isForeign ? new Date(this.now).toISOString() : 'yesterday';
    const body = this.#event(
      isForeign ? 'article.deleted' : 'article.published',
      { article: { uri: uriOf(article), versionCreated } },
      isForeign ? 'intruder' : 'newsroom',
    );
    this.nonsense.set((JSON.parse(body) as { id: string }).id, body);
    this.#deliverToStore(body);
  }

  #event(detailType: string, detail: Readonly<Record<string, unknown>>, source = 'newsroom'): string {
    this.#events += 1;
    const time = new Date(Math.floor(this.now / 1000) * 1000).toISOString();
    return JSON.stringify({ id: `event-${this.#events}`, 'detail-type': detailType, source, time, detail });
  }

  /** By the bus: to the archive, and to the queue, sometimes late and sometimes twice. */
  #deliverToStore(body: string): void {
    this.#archive.push({ at: this.now, body });
    this.watch.sent(body);
    const chance = this.#chance.of(`bus ${this.#archive.length}`);
    const delay = (): number =>
      this.machine.fails('late', chance, 0.3)
        ? chance.between(0, chance.one([2000, 20_000, 4 * minute]))
        : chance.between(5, 60);
    this.#queues.store.send(body, delay());
    if (this.machine.fails('double', chance, 0.1)) this.#queues.store.send(body, delay());
  }

  #replay(since: number): void {
    this.#replays += 1;
    const chance = this.#chance.of(`replay ${this.#replays}`);
    const name = `replay-${this.#replays}`;
    this.note(() => `the archive is replayed from ${clockTime(since)} as ${name}`);
    for (const { at, body } of this.#archive) {
      if (at < since) continue;
      const replayed = JSON.stringify({ ...(JSON.parse(body) as object), 'replay-name': name });
      this.watch.sent(replayed);
      this.#queues.store.send(replayed, chance.between(0, 2000));
    }
  }

  #redrive(): void {
    for (const queue of Object.values(this.#queues)) queue.redrive();
    for (const body of this.refused.splice(0)) this.#queues.store.send(body);
  }

  async #restore(table: 'articles' | 'feeds'): Promise<void> {
    await this.#rest();
    await this.scheduler.runTo(this.now + 10 * minute);
    await this.#rest();
    const snapshot = this.#snapshots.findLast(({ at }) => at <= this.now - 60 * minute);
    if (!snapshot) return;
    this.note(() => `the ${table} table is as it was at ${clockTime(snapshot.at)}`);
    snapshot.restore(table);
    this.needsReconcile = true;
    // As the runbook has it: everything at the edge may be newer than the table now.
    this.edge.forgetEverything();
    this.edge.listsRunOut = true;
    if (table === 'feeds') return;
    this.#snapshots = this.#snapshots.filter(({ at }) => at <= snapshot.at);
    this.#replay(snapshot.at - 10 * minute);
  }

  /** Lets the dust settle, faults first and then without, then compares everything. */
  async #rest(): Promise<void> {
    await this.scheduler.runToRest();
    if (this.#lostSince !== undefined) {
      this.#replay(this.#lostSince);
      this.#lostSince = undefined;
      await this.scheduler.runToRest();
    }
    this.machine.calm = true;
    for (const queue of Object.values(this.#queues)) queue.redrive();
    await this.scheduler.runToRest();
    await this.#leaveInstants(8000);
    while (this.needsReconcile) {
      this.needsReconcile = false;
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
    await this.watch.compare(this.#reader);
    this.#snapshots.push(this.#snapshot());
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

  #snapshot(): Snapshot {
    const maps: Map<string, unknown>[] = [
      this.articles.versions,
      this.articles.holds,
      this.articles.heads,
      this.articles.owners,
      this.fronts.versions,
      this.fronts.heads,
    ];
    const feeds: Map<string, unknown>[] = [this.feeds.rows];
    const copyOf = (table: readonly Map<string, unknown>[]): (() => void) => {
      const copies = table.map((map) => structuredClone([...map]));
      return () => {
        for (const [index, map] of table.entries()) {
          map.clear();
          for (const [key, value] of structuredClone(copies[index] ?? [])) map.set(key, value);
        }
      };
    };
    const put = { articles: copyOf(maps), feeds: copyOf(feeds) };
    const remember = this.watch.remembered();
    return {
      at: this.now,
      restore: (table) => {
        put[table]();
        if (table === 'articles') remember();
      },
    };
  }

  /** After a write: the stream delivers the heads' records, and a reader may look. */
  #landed(): void {
    for (const images of this.articles.stream.slice(this.#streamed)) {
      this.watch.headWritten(images);
      this.#stream.put({ articleId: images.new?.articleId ?? '', images });
    }
    for (const images of this.fronts.stream.slice(this.#streamedFronts))
      this.#stream.put({ articleId: images.new?.articleId ?? '', front: images });
    this.#streamed = this.articles.stream.length;
    this.#streamedFronts = this.fronts.stream.length;
    this.#reader.lookPerhaps();
  }

  /** Processes a batch as project's handler does: each article separately. The records of one that fails go to the retry queue, and the batch continues. */
  async #projectStream(invocation: Invocation, records: readonly HeadRecord[]): Promise<readonly HeadRecord[]> {
    const retry = this.machine.port(
      {
        send: async (body: string) => {
          this.#queues.retry.send(body);
          return Promise.resolve();
        },
      },
      'retryQueue',
      invocation,
    );
    const failed = await Promise.all(
      [...Map.groupBy(records, ({ articleId }) => articleId).values()].map(async (own) => {
        try {
          await this.#projectRecords(invocation, own);
          return [];
        } catch {
          try {
            await Promise.all(own.map(async (record) => retry.send(JSON.stringify(record))));
            return [];
          } catch {
            return own;
          }
        }
      }),
    );
    return failed.flat();
  }

  async #projectRecords(invocation: Invocation, records: readonly HeadRecord[]): Promise<void> {
    const fronts = records.flatMap(({ front }) => (front ? [{ after: front.new }] : []));
    const changes = records.flatMap(({ images }) => (images ? [{ before: images.old, after: images.new }] : []));
    const ports = this.ports(invocation);
    if (fronts.length > 0) await projectFront(ports, fronts);
    else await project(ports, records[0]?.articleId ?? '', changes);
  }

  /** One page, then the rest by another message. */
  async #reconcile(invocation: Invocation, { id, body, receives }: Received): Promise<void> {
    const failures: unknown[] = [];
    await reconcile(
      this.reconcilePorts(invocation, (error) => failures.push(error)),
      body,
      { messageId: id, again: receives > 1 },
      -Infinity,
    );
    for (const error of failures) this.note(() => `reconcile could not look at an article: ${String(error)}`);
  }

  reconcilePorts(invocation: Invocation, report: (error: unknown) => void): ReconcilePorts {
    const port = <T extends object>(target: T, label: string): T => this.machine.port(target, label, invocation);
    const { jobs } = this;
    const continueJob = async (jobId: string): Promise<void> => {
      this.#queues.reconcile.send(JSON.stringify({ passId: jobId }));
      return Promise.resolve();
    };
    return {
      ...this.ports(invocation),
      archive: port(new MemoryArchive(this.articles, this.fronts), 'archive'),
      feedRows: port<FeedRows>(this.feeds, 'feedRows'),
      // Earlier calls may be lost, so every call is made again.
      scheduleIndex: port(new MemoryScheduleIndex(), 'dueList'),
      jobs: port<Jobs>(
        { read: async (jobId) => jobs.read(jobId), write: async (job, step) => jobs.write(job, step), continueJob },
        'passes',
      ),
      driftMeter: new MemoryDriftMeter(),
      report,
    };
  }

  readonly #ask = async (
    request: PurgeRequest,
    { urgent, delaySeconds }: { urgent: boolean; delaySeconds: number },
  ): Promise<void> => {
    this.watch.purgeAsked(request);
    (urgent ? this.#queues.urgent : this.#queues.purge).send(JSON.stringify(request), delaySeconds * 1000);
    return Promise.resolve();
  };

  /** CloudFront swallows a reference that it has seen, and takes seconds to reach every edge. */
  readonly #purge = async (
    reference: string,
    tags: readonly string[],
  ): Promise<{ invalidationId: string; takenAt: number }> => {
    const taken = this.#references.get(reference) ?? { invalidationId: `I${reference}`, takenAt: this.now };
    if (!this.#references.has(reference)) {
      this.#references.set(reference, taken);
      this.watch.purgeTaken(taken.invalidationId, tags);
      this.scheduler.after(this.#chance.between(10, this.#chance.one([100, 4000])), () => {
        this.note(() => `the edge forgets ${tags.join(' ')}`);
        this.#reader.comeBack(this.edge.purge(tags));
      });
    }
    return Promise.resolve(taken);
  };

  /**
   * Like the adapter: a delayed message for near instants, and a schedule, early and precise to the minute, for later
   * ones.
   */
  #wakeAt(articleId: string, instant: number, now: number): Promise<void> {
    const remainingSeconds = Math.max(0, Math.ceil((instant - now) / 1000));
    const message = JSON.stringify({ articleId });
    if (remainingSeconds <= longestDelaySeconds) {
      this.#queues.release.send(message, remainingSeconds * 1000, false);
      return Promise.resolve();
    }
    const at = Math.floor((instant - 90_000) / minute) * minute;
    const name = `${articleId}-${at}`;
    if (this.#schedules.has(name)) return Promise.resolve();
    this.#schedules.add(name);
    const chance = this.#chance.of(name);
    const lost = this.machine.fails('schedules', chance, 0.4);
    const twice = this.machine.fails('schedules', chance, 0.3);
    this.scheduler.after(
      at - this.now + chance.between(-30_000, minute),
      () => {
        this.#schedules.delete(name);
        this.note(() => `schedule ${name}${lost ? ' never fires' : ''}`);
        if (lost) this.needsReconcile = true;
        else this.#queues.release.send(message);
        if (twice) this.#queues.release.send(message, chance.between(0, 60_000));
      },
      false,
    );
    return Promise.resolve();
  }

  async see(
    url: string,
    ports: Pick<Ports, 'articles' | 'fronts' | 'feeds' | 'pictures' | 'changeList'> = this,
  ): Promise<Response> {
    const [path = '', query = ''] = url.split('?');
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

/** A record of the articles table's stream: of an article, or of a front. */
export interface HeadRecord {
  readonly articleId: string;
  readonly images?: HeadImages;
  readonly front?: HeadImages<FrontHead>;
}
