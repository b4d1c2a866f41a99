import { expect, test } from '@jest/globals';
import { marshall } from '@aws-sdk/util-dynamodb';
import { writeUnitsOf } from '../../tools/laptop/dynamodb/capacity.ts';
import { deliver } from '../../functions/deliver/deliver.ts';
import { headRow, versionRow } from '../../shared/aws/rows.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import type { Head } from '../../shared/article/head.ts';
import type { Version } from '../../shared/article/version.ts';
import type { FeedEntry } from '../../shared/feed/feed.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { noon, story } from './story.ts';

type Item = Parameters<typeof writeUnitsOf>[0];

const uri = 'urn:live:storm';
const storyId = articleIdOf(uri);

/** A pipeline that counts the calls of its tables, and the write units of the rows. */
class CountedPipeline extends Pipeline {
  readonly calls = new Map<string, number>();
  writeUnits = 0;

  constructor() {
    super();
    Object.assign(this, { articles: this.#counted(this.articles), feeds: this.#counted(this.feeds) });
  }

  #counted<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (table, name) => {
        const held: unknown = Reflect.get(table, name, table);
        if (typeof held !== 'function') return held;
        return (...given: unknown[]): unknown => {
          this.calls.set(String(name), (this.calls.get(String(name)) ?? 0) + 1);
          const row = rowOf(String(name), given[0]);
          if (row) this.writeUnits += writeUnitsOf(marshall(row, { removeUndefinedValues: true }) as unknown as Item);
          return Reflect.apply(held, table, given) as unknown;
        };
      },
    });
  }

  /** Sends a post, and returns what it costs. */
  async costOf(number: number): Promise<object> {
    this.calls.clear();
    this.writeUnits = 0;
    this.purgeRequests.asked.splice(0);
    const versionCreated = new Date(noon + number * 1000).toISOString();
    this.clock.time = noon + number * 1000;
    await this.send('article.published', {
      article: {
        uri: `urn:live:post-${String(number).padStart(3, '0')}`,
        versionCreated,
        headlines: [{ value: `The water at gauge ${String(number).padStart(3, '0')}` }],
        bodies: [{ contentType: 'text/html', value: `<p>${'It has risen by a hand since noon. '.repeat(12)}</p>` }],
      },
      post: { story: uri },
    });
    return {
      units: this.writeUnits,
      calls: Object.fromEntries(this.calls),
      tags: this.purgeRequests.asked.map(({ tags }) => tags),
    };
  }

  async costOfPage(): Promise<object> {
    this.calls.clear();
    const page = await deliver(this, { method: 'GET', path: '/storm', query: new URLSearchParams(), host: 'x' });
    expect(page.body.match(/<article class="post"/g)?.length).toBeGreaterThan(10);
    return { calls: Object.fromEntries(this.calls), bytes: Buffer.byteLength(page.body) };
  }
}

function rowOf(call: string, given: unknown): Record<string, unknown> | undefined {
  switch (call) {
    case 'putVersion':
      return versionRow(given as Version);
    case 'writeHead':
      return headRow(given as Head);
    case 'put': {
      const { feed, place, seq, card } = given as FeedEntry;
      return { feedId: feed, sk: place, seq, card: JSON.stringify(card) };
    }
    default:
      return undefined;
  }
}

test('the five hundredth post of a live story costs as much as the fifth, and its page as much as a full one', async () => {
  const pipeline = new CountedPipeline();
  await pipeline.send('article.published', { article: story({ uri }), path: '/storm', live: {} });
  const send = async (from: number, to: number): Promise<object> => {
    let last = {};
    for (let number = from; number <= to; number += 1) last = await pipeline.costOf(number);
    return last;
  };
  const fifth = await send(1, 5);
  await send(6, 30);
  const full = await pipeline.costOfPage();
  expect(await send(31, 500)).toEqual(fifth);
  expect(await pipeline.costOfPage()).toEqual(full);
  expect(fifth).toMatchObject({
    units: 3,
    calls: { putVersion: 1, writeHead: 1, put: 1 },
    tags: [[`feed:live:${storyId}`]],
  });
});
