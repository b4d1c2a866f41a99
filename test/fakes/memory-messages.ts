import type { Announcement } from '../../shared/events/announcement.ts';
import type { Announcer, RejectionQueue } from '../../shared/events/ports.ts';
import type {
  Cdn,
  Hub,
  PurgeLedger,
  PurgeQueue,
  PurgeRequest,
  PurgeRequests,
  QueuedPurge,
} from '../../shared/purge/ports.ts';
import type { Clock } from '../../shared/clock.ts';
import type { SettleSchedule } from '../../shared/article/ports.ts';

export class MemoryAnnouncer implements Announcer {
  readonly announced: Announcement[] = [];

  announce(announcements: readonly Announcement[]): Promise<void> {
    this.announced.push(...announcements);
    return Promise.resolve();
  }
}

export class MemoryPurgeRequests implements PurgeRequests {
  readonly asked: (PurgeRequest & { urgent: boolean; delaySeconds: number })[] = [];

  send(request: PurgeRequest, options: { urgent: boolean; delaySeconds: number }): Promise<void> {
    this.asked.push({ ...request, ...options });
    return Promise.resolve();
  }
}

/** A queue in which messages arrive at given times; waiting for one moves the clock. */
export class MemoryPurgeQueue implements PurgeQueue {
  readonly #clock: MemoryClock;
  readonly #messages: (QueuedPurge & { readonly at: number; isReceived: boolean })[] = [];
  readonly removed: string[] = [];

  constructor(clock: MemoryClock) {
    this.#clock = clock;
  }

  send(body: string, at = this.#clock.now()): void {
    const messageId = String(this.#messages.length + 1);
    this.#messages.push({ messageId, body, receipt: `receipt of ${messageId}`, at, isReceived: false });
  }

  receive(waitSeconds: number): Promise<readonly QueuedPurge[]> {
    const until = this.#clock.now() + Math.min(waitSeconds, 20) * 1000;
    const ahead = this.#messages.filter(({ at, isReceived }) => !isReceived && at <= until);
    this.#clock.time = Math.max(this.#clock.time, Math.min(until, ...ahead.map(({ at }) => at)));
    const arrived = ahead.filter(({ at }) => at <= this.#clock.time).slice(0, 10);
    for (const message of arrived) message.isReceived = true;
    return Promise.resolve(arrived.map(({ messageId, body, receipt }) => ({ messageId, body, receipt })));
  }

  remove(messages: readonly QueuedPurge[]): Promise<void> {
    this.removed.push(...messages.map(({ receipt }) => receipt));
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
  readonly notified: string[] = [];

  notify(topics: readonly string[]): Promise<void> {
    this.notified.push(...topics);
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

/** A clock whose time changes only when it is set. */
export class MemoryClock implements Clock {
  time: number;

  constructor(time: number) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }
}
