import { expect } from '@jest/globals';
import { sweep, type SweepOrder } from '../../../functions/sweep/sweep.ts';
import type { Swept } from '../../../shared/cms/source-api.ts';
import { articleIdOf } from '../../../shared/article/article.ts';
import { MemoryBus, MemorySweepMarks } from '../../fakes/memory-webhooks.ts';
import type { CmsApi } from '../../../shared/cms/ports.ts';
import { settingsOf, sourceNamed } from '../../../shared/cms/sources.ts';
import { listed, type Delivery } from '../../fixtures/cms/newsroom.ts';
import { StandIn } from '../../fixtures/cms/stand-in.ts';
import { Pipeline } from '../../simulation/pipeline.ts';
import { WebhookEndpoint } from '../webhook-endpoint.ts';
import type { TimeLimit } from '../../../shared/time-limit.ts';
import { busEvent, noon } from '../story.ts';

/** A newsroom in memory: its CMSes, the webhook endpoints, and the pipeline. */
export class Newsroom {
  readonly endpoint = new WebhookEndpoint();
  readonly pipeline = new Pipeline(noon);
  readonly marks = new MemorySweepMarks();
  readonly cms: StandIn;

  constructor(lists: StandIn['lists']) {
    this.cms = new StandIn(lists);
  }

  async hear({ source, body, headers }: Delivery): Promise<void> {
    const { status } = await this.endpoint.postWith(source, Buffer.from(JSON.stringify(body)), headers);
    if (status !== 202 && status !== 204) throw new Error(`${source} answered ${status}`);
    await this.#carry(this.endpoint.bus);
  }

  /** Runs a sweep. Its events have arrived when it returns. */
  async sweep(
    name: string,
    others: Partial<SweepOrder> = {},
    cms: CmsApi = this.cms,
    limit?: TimeLimit,
  ): Promise<Swept> {
    const source = sourceNamed(name);
    if (!source) throw new Error(name);
    const bus = new MemoryBus();
    this.pipeline.clock.time += 60_000;
    const { articles, feeds, clock } = this.pipeline;
    const order = {
      source,
      settings: settingsOf(source, {}),
      credentials: { key: 'key' },
      wholeArchive: false,
      until: Infinity,
      ...others,
    };
    const swept = await sweep(
      {
        articles,
        feeds,
        clock,
        bus,
        cms,
        marks: this.marks,
        payloads: this.pipeline.payloads,
        ...(limit && { limit }),
      },
      order,
    );
    await this.#carry(bus);
    return swept;
  }

  async #carry(bus: MemoryBus): Promise<void> {
    this.endpoint.clock.time = Math.max(this.endpoint.clock.time, this.pipeline.clock.time) + 50;
    this.pipeline.clock.time = this.endpoint.clock.time;
    const time = new Date(this.pipeline.clock.time).toISOString();
    await this.pipeline.deliver(
      bus.events.splice(0).map(({ source, type, detail }) => busEvent(type, detail, { source, time })),
    );
    expect(this.pipeline.rejections.kept).toEqual([]);
  }

  live(): Record<string, readonly [string, string]> {
    return Object.fromEntries(
      [...this.pipeline.articles.heads.values()]
        .filter(({ visibility }) => visibility === 'live')
        .map(({ uri, card }) => [uri, [card?.headline ?? '', card?.section ?? '']] as const),
    );
  }

  versions(uri: string): number {
    return this.pipeline.articles.versions.get(articleIdOf(uri))?.size ?? 0;
  }
}

/** The CMSes that can be swept. */
export const names = Object.keys(listed);
/** Sweeps each CMS once. Returns the number of events sent. */
export const sweepAll = async (newsroom: Newsroom): Promise<number> => {
  let sent = 0;
  for (const name of names) sent += (await newsroom.sweep(name)).sent;
  return sent;
};
