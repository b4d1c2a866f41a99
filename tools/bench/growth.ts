import { putEvents } from '../../shared/aws/eventbridge.ts';
import { atMost, spreadOf, spreadText, type Finding, type Spread } from './finding.ts';
import type { Pipeline } from './pipeline.ts';
import { publicationOf, uriOf } from './stories.ts';

const part = 'Growth: the same work in a small archive and in a large one';
/** Units are the same each time; times are not. */
const metered = 2;
const timed = 15;

/** The work of one kind at one size of the archive. */
export interface Taken {
  readonly what: string;
  readonly readUnits: Spread;
  readonly writeUnits: Spread;
  readonly milliseconds: Spread;
}

export interface Growth {
  readonly stories: number;
  readonly taken: readonly Taken[];
}

interface Work {
  readonly what: string;
  readonly work: (story: number) => Promise<void>;
}

/** Publishes, updates, withdraws and reads in an archive of so many stories; numbers from `from` on are free. */
export async function measureGrowth(pipeline: Pipeline, stories: number, from: number): Promise<Growth> {
  const change =
    (event: 'article.published' | 'article.updated' | 'article.unpublished', edition: number) =>
    async (story: number): Promise<void> => {
      const before = pipeline.seqOf(uriOf(story));
      await pipeline.put(event, [publicationOf(story, { edition, at: Date.now(), firstAt: Date.now() - 60_000 })]);
      // Until its feeds are written: the window for purges is the same for every archive.
      await pipeline.until(event, () => pipeline.seqOf(uriOf(story)) > before);
    };
  const read = (path: string) => async (): Promise<void> => {
    const response = await fetch(`${pipeline.stack.awsUrl}/2015-03-31/functions/pressrun-local-deliver/invocations`, {
      method: 'POST',
      body: JSON.stringify({
        version: '2.0',
        rawPath: path.split('?')[0],
        rawQueryString: path.split('?')[1] ?? '',
        headers: { host: 'localhost' },
        requestContext: { http: { method: 'GET' } },
      }),
    });
    const { statusCode } = (await response.json()) as { readonly statusCode: number };
    if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`);
  };
  const deep = await cursorOfPage(pipeline, Math.min(100, Math.floor(stories / 10) - 1));
  const works: readonly Work[] = [
    { what: 'publish', work: change('article.published', 0) },
    { what: 'update', work: change('article.updated', 1) },
    { what: 'withdraw', work: change('article.unpublished', 2) },
    { what: 'page 1 of Latest News', work: read('/feeds/latest.json?limit=10') },
    { what: 'page 100 of Latest News', work: read(`/feeds/latest.json?limit=10&after=${deep}`) },
    { what: 'a front', work: read('/fronts/home.json') },
  ];
  const taken: Taken[] = [];
  for (const { what, work } of works) taken.push(await measure(pipeline, what, from, work));
  return { stories, taken };
}

async function measure(pipeline: Pipeline, what: string, from: number, work: Work['work']): Promise<Taken> {
  const [reads, writes]: [number[], number[]] = [[], []];
  for (let number = from; number < from + metered; number += 1) {
    const { by, readUnits, writeUnits } = await pipeline.metered(async () => work(number));
    // How often `watch` polls depends on this machine's speed, and `deliver` answers its requests: both are reported
    // apart.
    const watched = ['watch', 'deliver'].map((name) => by.get(name));
    const isChange = by.has('store');
    const beside = (of: 'readUnits' | 'writeUnits'): number =>
      isChange ? watched.reduce((sum, each) => sum + (each?.[of] ?? 0), 0) : 0;
    reads.push(readUnits - beside('readUnits'));
    writes.push(writeUnits - beside('writeUnits'));
  }
  // Timed in separate runs, because metering takes time too.
  const milliseconds: number[] = [];
  for (let number = from + metered; number < from + metered + timed; number += 1) {
    const startedAt = performance.now();
    await work(number);
    milliseconds.push(performance.now() - startedAt);
  }
  await pipeline.quiet();
  return { what, readUnits: spreadOf(reads), writeUnits: spreadOf(writes), milliseconds: spreadOf(milliseconds) };
}

/** Each size against the smallest. */
export function growthFindings([small, ...larger]: readonly Growth[]): Finding[] {
  if (!small) return [];
  return larger.flatMap(({ stories, taken }) =>
    taken.flatMap(({ what, readUnits, writeUnits, milliseconds }): Finding[] => {
      const before = small.taken.find((other) => other.what === what);
      if (!before) return [];
      const units = `${writeUnits.median} written, ${readUnits.median} read`;
      const unitsBefore = `${before.writeUnits.median} written, ${before.readUnits.median} read`;
      const ratio = milliseconds.median / before.milliseconds.median;
      return [
        {
          part,
          what: `${what}, ${stories} stories`,
          figure: units,
          baseline: `at ${small.stories}: ${unitsBefore}`,
          goal: 'equal',
          holds: units === unitsBefore,
        },
        {
          part,
          what: '  its time',
          figure: spreadText(milliseconds, 'ms', 1),
          ratio,
          baseline: `at ${small.stories}: ${spreadText(before.milliseconds, 'ms', 1)}`,
          ...atMost(ratio, 1.2, ' ×'),
        },
      ];
    }),
  );
}

async function cursorOfPage(pipeline: Pipeline, page: number): Promise<string> {
  let url = `${pipeline.stack.edgeUrl}/feeds/latest.json?limit=10`;
  for (let turned = 1; ; turned += 1) {
    const { next_url: next } = (await (await fetch(url)).json()) as { readonly next_url?: string };
    if (next === undefined) throw new Error(`Latest News has no page ${turned + 1}`);
    if (turned === page) return new URL(next).searchParams.get('after') ?? '';
    url = `${pipeline.stack.edgeUrl}/feeds/latest.json${new URL(next).search}`;
  }
}

/** A front with a pin and a backfill, for the reads. */
export async function publishFront(pipeline: Pipeline, pinned: number): Promise<void> {
  const front = {
    name: 'home',
    versionCreated: new Date().toISOString(),
    containers: [
      { title: 'Top', pins: [uriOf(pinned)], backfill: 'section/news/local', limit: 12 },
      { title: 'Latest', backfill: 'latest', limit: 10 },
    ],
  };
  await putEvents(pipeline.eventBridge, [
    {
      EventBusName: pipeline.stack.busName,
      Source: 'bench',
      DetailType: 'front.published',
      Detail: JSON.stringify({ front }),
    },
  ]);
  await pipeline.quiet();
}
