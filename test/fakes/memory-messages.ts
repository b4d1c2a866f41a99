import type { Announcement } from '../../shared/events/announcement.ts';
import type {
  Announcer,
  Cdn,
  Clock,
  Hub,
  PurgeLedger,
  PurgeRequest,
  PurgeRequests,
  RejectionQueue,
  SettleSchedule,
} from '../../shared/ports.ts';

export class MemoryAnnouncer implements Announcer {
  readonly announced: Announcement[] = [];

  announce(announcements: readonly Announcement[]): Promise<void> {
    this.announced.push(...announcements);
    return Promise.resolve();
  }
}

export class MemoryPurgeRequests implements PurgeRequests {
  readonly asked: (PurgeRequest & { urgent: boolean; delaySeconds: number })[] = [];

  ask(request: PurgeRequest, options: { urgent: boolean; delaySeconds: number }): Promise<void> {
    this.asked.push({ ...request, ...options });
    return Promise.resolve();
  }
}

/** A CDN that, like CloudFront, swallows a repeated reference. */
export class MemoryCdn implements Cdn {
  readonly purges = new Map<string, readonly string[]>();
  readonly #takenAt = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock = { now: () => 0 }) {
    this.#clock = clock;
  }

  purge(reference: string, tags: readonly string[]): Promise<{ invalidationId: string; takenAt: number }> {
    if (!this.purges.has(reference)) this.purges.set(reference, tags);
    const takenAt = this.#takenAt.get(reference) ?? this.#clock.now();
    this.#takenAt.set(reference, takenAt);
    return Promise.resolve({ invalidationId: `I${reference}`, takenAt });
  }
}

export class MemoryPurgeLedger implements PurgeLedger {
  readonly #paths = new Map<string, number>();

  used(month: string): Promise<number> {
    return Promise.resolve(this.#paths.get(month) ?? 0);
  }

  add(month: string, paths: number): Promise<number> {
    const used = (this.#paths.get(month) ?? 0) + paths;
    this.#paths.set(month, used);
    return Promise.resolve(used);
  }
}

export class MemorySettleSchedule implements SettleSchedule {
  readonly calls: { articleId: string; instant: number }[] = [];

  settleAt(articleId: string, instant: number): Promise<void> {
    this.calls.push({ articleId, instant });
    return Promise.resolve();
  }
}

export class MemoryHub implements Hub {
  readonly told: string[] = [];

  notify(topics: readonly string[]): Promise<void> {
    this.told.push(...topics);
    return Promise.resolve();
  }
}

export class MemoryRejectionQueue implements RejectionQueue {
  readonly kept: string[] = [];

  keep(body: string): Promise<void> {
    this.kept.push(body);
    return Promise.resolve();
  }
}

/** A clock that stands until it is moved. */
export class MemoryClock implements Clock {
  time: number;

  constructor(time: number) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }
}
