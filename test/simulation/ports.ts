import type { ReconcilePorts } from '../../functions/reconcile/ports.ts';
import type { Owners } from '../../shared/article/ownership.ts';
import type { Articles, Fronts, SettleSchedule } from '../../shared/article/ports.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Announcement } from '../../shared/events/announcement.ts';
import type { PayloadStore } from '../../shared/events/ports.ts';
import type { Changes, FeedRows, Feeds } from '../../shared/feed/ports.ts';
import type { Jobs } from '../../shared/job.ts';
import type { Pictures } from '../../shared/picture/ports.ts';
import type { PurgeRequest, PurgeRequests } from '../../shared/purge/ports.ts';
import type { MemoryArticles, MemoryFronts, MemoryPictures } from '../fakes/memory-articles.ts';
import type { MemoryChanges } from '../fakes/memory-changes.ts';
import type { MemoryFeeds } from '../fakes/memory-feeds.ts';
import { MemoryArchive, MemoryDriftMeter, MemoryScheduleIndex, type MemoryJobs } from '../fakes/memory-reconcile.ts';
import type { MemoryPayloadStore } from '../fakes/memory-webhooks.ts';
import type { SimulatedCdn } from './cdn.ts';
import type { Checks } from './checks/checks.ts';
import type { Invocation, Machine } from './machine.ts';
import { uriOf } from './plan.ts';
import type { SimulatedQueue } from './queue.ts';
import { originTimeoutSeconds } from './reader.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimulatedSettleSchedule } from './settle-schedule.ts';

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

type CallOf<P> = { [Name in keyof P & string]: `${Name}.${keyof P[Name] & string}` }[keyof P & string];

/** Calls that fail far more often in some histories. */
export const weakSpots = [
  'nothing',
  'articles.putVersion',
  'articles.writeHead',
  'articles.page',
  'articles.claimPath',
  'settleSchedule.settleAt',
  'feeds.put',
  'purgeRequests.send',
  'feedRows.replace',
  'announcer.announce',
  'cdn.purge',
] as const satisfies readonly (
  | CallOf<ReconcilePorts & Ports & { readonly articles: MemoryArticles }>
  | 'cdn.purge'
  | 'nothing'
)[];

/** The queues of the functions. */
export type Queues = Readonly<Record<'store' | 'release' | 'retry' | 'purge' | 'urgent' | 'reconcile', SimulatedQueue>>;

/** The parts of a simulated world that functions use. */
export interface Surroundings {
  readonly articles: MemoryArticles;
  readonly fronts: MemoryFronts;
  readonly pictures: MemoryPictures;
  readonly payloads: MemoryPayloadStore;
  readonly feeds: MemoryFeeds;
  readonly jobs: MemoryJobs;
  readonly changeList: MemoryChanges;
  readonly scheduler: Scheduler;
  readonly machine: Machine;
  readonly checks: Checks;
  readonly cdn: SimulatedCdn;
  readonly settleSchedule: SimulatedSettleSchedule;
  readonly rejected: string[];
  readonly note: (line: () => string) => void;
}

/** The ports of functions, which fail as the machine's faults say. */
export class FunctionPorts {
  readonly #surroundings: Surroundings;
  readonly #queues: Queues;

  constructor(surroundings: Surroundings, queues: Queues) {
    this.#surroundings = surroundings;
    this.#queues = queues;
  }

  of(invocation: Invocation): Ports {
    const { machine, checks, rejected, settleSchedule, ...tables } = this.#surroundings;
    const port = <T extends object>(target: T, label: string): T => machine.port(target, label, invocation);
    const clock = machine.clock(invocation);
    return {
      articles: port<Articles>(tables.articles, 'articles'),
      fronts: port<Fronts>(tables.fronts, 'fronts'),
      pictures: port<Pictures>(tables.pictures, 'pictures'),
      payloads: port<Pick<PayloadStore, 'fetch'>>(tables.payloads, 'payloads'),
      owners: { newsroom: [uriOf('')] },
      feeds: port<Feeds>(
        {
          put: async (entry) => {
            checks.heads.checkEntry(entry);
            return tables.feeds.put(entry);
          },
          page: async (feed, limit, after) => tables.feeds.page(feed, limit, after),
        },
        'feeds',
      ),
      changeList: port<Changes>(tables.changeList, 'changeList'),
      settleSchedule: port(
        {
          settleAt: async (articleId: string, instant: number) =>
            settleSchedule.settleAt(articleId, instant, clock.now()),
        },
        'settleSchedule',
      ),
      purgeRequests: port<PurgeRequests>({ send: this.#requestPurge }, 'purgeRequests'),
      announcer: port(
        {
          announce: async (announcements: readonly Announcement[]) => {
            for (const announcement of announcements) checks.announced(announcement);
            return Promise.resolve();
          },
        },
        'announcer',
      ),
      rejections: port(
        {
          keep: async (body: string) => {
            rejected.push(body);
            return Promise.resolve();
          },
        },
        'rejections',
      ),
      clock,
      purgeAgainSeconds: originTimeoutSeconds,
    };
  }

  forReconcile(invocation: Invocation, report: (error: unknown) => void): ReconcilePorts {
    const { machine, articles, fronts, feeds, jobs } = this.#surroundings;
    const port = <T extends object>(target: T, label: string): T => machine.port(target, label, invocation);
    const continueJob = async (jobId: string): Promise<void> => {
      this.#queues.reconcile.send(JSON.stringify({ passId: jobId }));
      return Promise.resolve();
    };
    return {
      ...this.of(invocation),
      archive: port(new MemoryArchive(articles, fronts), 'archive'),
      feedRows: port<FeedRows>(feeds, 'feedRows'),
      // Earlier calls may be lost, so every call is made again.
      scheduleIndex: port(new MemoryScheduleIndex(), 'scheduleIndex'),
      jobs: port<Jobs>(
        { read: async (jobId) => jobs.read(jobId), write: async (job, step) => jobs.write(job, step), continueJob },
        'jobs',
      ),
      driftMeter: new MemoryDriftMeter(),
      report,
    };
  }

  readonly #requestPurge = async (
    request: PurgeRequest,
    { urgent, delaySeconds }: { urgent: boolean; delaySeconds: number },
  ): Promise<void> => {
    this.#surroundings.checks.purges.request(request);
    (urgent ? this.#queues.urgent : this.#queues.purge).send(JSON.stringify(request), delaySeconds * 1000);
    return Promise.resolve();
  };
}
