import type { Response } from '../../../functions/deliver/http.ts';
import type { Announcement } from '../../../shared/events/announcement.ts';
import type { Observed } from '../observed.ts';
import { AnnouncementChecks } from './announcements.ts';
import { compareAnswers } from './answers.ts';
import { compareCachedAnswers } from './cached-answers.ts';
import { HeadChecks } from './heads.ts';
import { leaksIn } from './leaks.ts';
import { PurgeLog } from './purge-log.ts';
import { compareRows } from './stored-rows.ts';
import { Violations } from './violations.ts';

/** Holds the pipeline to its guarantees: some at every moment, the rest whenever all messages are processed. */
export class Checks {
  readonly purges = new PurgeLog();
  readonly heads: HeadChecks;
  readonly announcements: AnnouncementChecks;
  readonly #world: Observed;
  readonly #violations: Violations;

  constructor(world: Observed) {
    this.#world = world;
    this.#violations = new Violations(world.note);
    this.heads = new HeadChecks(world, this.#violations, this.purges);
    this.announcements = new AnnouncementChecks(world, this.#violations, this.heads, this.purges);
  }

  announced(announcement: Announcement): void {
    this.#checkLeaks(`announcement ${announcement.type}`, JSON.stringify(announcement.detail));
    this.announcements.announced(announcement);
  }

  answered(url: string, { status, headers, body }: Response): void {
    this.#checkLeaks(`${url} (${status})`, `${headers['location'] ?? ''} ${body}`);
  }

  failed(url: string, error: unknown): void {
    this.#violations.broke('answers', `${url} fails: ${String(error)}`);
  }

  throwIfBroken(): void {
    this.#violations.throwIfAny();
  }

  /** Compares everything with the oracle, everywhere a reader can look. Throws a `Violation`. */
  async compare(lookAtAll: () => Promise<void>): Promise<void> {
    this.throwIfBroken();
    compareRows(this.#world);
    this.announcements.compare();
    await compareAnswers(this.#world);
    await compareCachedAnswers(this.#world);
    await lookAtAll();
    this.throwIfBroken();
  }

  #checkLeaks(where: string, text: string): void {
    for (const leak of leaksIn(this.#world, where, text)) this.#violations.broke('embargo', leak);
  }
}
