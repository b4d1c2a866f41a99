import type { Head } from '../../shared/article/head.ts';
import { deliver } from '../../functions/deliver/deliver.ts';
import type { Response } from '../../functions/deliver/http.ts';
import type { HeadChange } from '../../shared/article/head.ts';
import { project, projectFront, projectPictures } from '../../functions/project/project.ts';
import { release } from '../../functions/release/release.ts';
import { store } from '../../functions/store/store.ts';
import { MemoryPorts } from '../fakes/memory-ports.ts';
import { ownersOf } from '../../shared/cms/sources.ts';
import { busEvent, noon } from '../unit/story.ts';
import { theme as newspaper } from '../unit/newspaper.ts';
import type { Theme } from '../../shared/site/theme.ts';

/** The pipeline in memory, from the queue to the reader: the functions' real logic, on the memory ports. */
export class Pipeline extends MemoryPorts {
  override readonly owners = ownersOf({}, {});
  readonly theme: Theme;

  #streamed = 0;
  #streamedFronts = 0;
  #streamedPictures = 0;

  constructor(time = noon, theme: Theme = newspaper) {
    super(time);
    this.theme = theme;
  }

  /** Delivers messages of the queue, `together` at a time, then projects the stream's records. */
  async deliver(bodies: readonly string[], together = 1): Promise<void> {
    for (let start = 0; start < bodies.length; start += together) {
      await Promise.all(bodies.slice(start, start + together).map(async (body) => store(this, body, 'delivery')));
      this.clock.time += 1000;
    }
    await this.projectNews(true);
  }

  /** One event, received now. */
  async send(
    detailType: string,
    detail: Readonly<Record<string, unknown>>,
    envelope: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const receivedAt = this.clock.time;
    await store(this, busEvent(detailType, { receivedAt, ...detail }, envelope), 'delivery');
    await this.projectNews(true);
  }

  /** Projects the stream's records since the last call: an article's records together, or one by one. */
  async projectNews(together: boolean): Promise<void> {
    const changes = this.changes().slice(this.#streamed);
    this.#streamed = this.articles.stream.length;
    await this.projectAll(changes, together);
    const fronts = this.fronts.stream.slice(this.#streamedFronts).map(({ new: after }) => ({ after }));
    this.#streamedFronts = this.fronts.stream.length;
    if (fronts.length > 0) await projectFront(this, fronts);
    const pulled = this.pictures.stream
      .slice(this.#streamedPictures)
      .map(({ old: before, new: after }) => ({ before, after }));
    this.#streamedPictures = this.pictures.stream.length;
    if (pulled.length > 0) await projectPictures(this, pulled);
  }

  /** Every change of a head that there ever was. */
  changes(): HeadChange[] {
    return this.articles.stream.map(({ old, new: after }) => ({ before: old, after }));
  }

  async projectAll(changes: readonly HeadChange[], together: boolean): Promise<void> {
    const batches = together
      ? [...Map.groupBy(changes, ({ after }) => after?.articleId ?? '').values()]
      : changes.map((change) => [change]);
    for (const batch of batches) await project(this, batch[0]?.after?.articleId ?? '', batch);
  }

  /** Moves the clock, and runs the scheduled settles that are due on the way. */
  async pass(milliseconds: number): Promise<void> {
    this.clock.time += milliseconds;
    for (const { articleId } of this.settleSchedule.calls.splice(0)) await this.wake(articleId);
  }

  async wake(articleId: string): Promise<void> {
    await release(this, JSON.stringify({ articleId }));
    await this.projectNews(true);
  }

  async see(url: string): Promise<Response> {
    const [path = '', query = ''] = url.split('?');
    return deliver(this, { method: 'GET', path, query: new URLSearchParams(query), host: 'www.example.com' });
  }

  /** The readers' view, without details that depend on the order of arrival. */
  async seen(): Promise<{ heads: Partial<Head>[]; feeds: object; versions: object }> {
    const heads = [...this.articles.heads.values()]
      .map(({ seq, settledAt, change, origin, pathLeft, ...rest }) => rest)
      .sort((a, b) => (a.uri < b.uri ? -1 : 1));
    const feeds: Record<string, unknown> = {};
    for (const feed of [...this.feeds.rows.keys()].sort()) {
      const cards = (await this.feeds.page(feed, 100, undefined)).entries.map(({ card }) => card);
      if (cards.length > 0) feeds[feed] = cards;
    }
    const versions = [...this.articles.versions]
      .map(([articleId, rows]) => [articleId, [...rows.keys()].sort()])
      .sort();
    return { heads: heads.filter(({ visibility }) => visibility !== 'hidden'), feeds, versions };
  }
}
