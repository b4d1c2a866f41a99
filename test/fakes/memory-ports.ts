import type { Owners } from '../../shared/article/ownership.ts';
import { MemoryArticles, MemoryFronts, MemoryPictures } from './memory-articles.ts';
import { MemoryChanges } from './memory-changes.ts';
import { MemoryFeeds } from './memory-feeds.ts';
import {
  MemoryAnnouncer,
  MemoryClock,
  MemoryPurgeRequests,
  MemoryRejectionQueue,
  MemorySettleSchedule,
} from './memory-messages.ts';
import { MemoryPayloadStore } from './memory-webhooks.ts';

/** The ports of `store`, `release`, `project` and `deliver`, in memory. */
export class MemoryPorts {
  readonly articles = new MemoryArticles();
  readonly fronts = new MemoryFronts();
  readonly pictures = new MemoryPictures();
  readonly feeds = new MemoryFeeds();
  readonly changeList = new MemoryChanges({ now: () => this.clock.now() });
  readonly announcer = new MemoryAnnouncer();
  readonly purgeRequests = new MemoryPurgeRequests();
  readonly rejections = new MemoryRejectionQueue();
  readonly settleSchedule = new MemorySettleSchedule();
  readonly payloads = new MemoryPayloadStore();
  readonly owners: Owners = {};
  readonly purgeAgainSeconds: number = 10;
  readonly clock: MemoryClock;

  /** @param time epoch ms */
  constructor(time: number) {
    this.clock = new MemoryClock(time);
  }
}
