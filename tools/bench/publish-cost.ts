import { writeUnitsOf } from '../laptop/dynamodb/capacity.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { cardOf } from '../../shared/article/card.ts';
import { feedsOf } from '../../shared/feed/placement.ts';
import { packContent } from '../../shared/article/version.ts';
import { IndexFromScan } from './baselines/index-from-scan.ts';
import { ListItemPerFeed, type Story } from './baselines/list-item-per-feed.ts';
import { Rows } from './baselines/rows.ts';
import { atMost, spreadOf, spreadText, type Finding } from './finding.ts';
import type { Pipeline } from './pipeline.ts';
import type { MeterReading } from './meter.ts';
import { publicationOf } from './stories.ts';

const part = 'One publish: a new story in six feeds, 6 KB of body';
/** Enough for a list to be as full as it gets. */
const storiesBefore = 120;
const publishes = 3;

/**
 * The lower bound of writes: the compressed version, a head, and an entry for each placement, each at least one unit.
 */
export function floorOf({ content, card, feeds }: Story): number {
  const version = writeUnitsOf({ content: { B: Buffer.from(packContent(content)).toString('base64') } });
  const row = writeUnitsOf({ card: { S: JSON.stringify(card) } });
  return version + row + feeds.length * row;
}

export function storyOf(number: number): Story {
  const { article, path } = publicationOf(number);
  const firstPublished = Date.parse(article.versionCreated) + number;
  return {
    articleId: articleIdOf(article.uri),
    seq: firstPublished,
    content: { article, path } as Story['content'],
    card: cardOf(article, path, firstPublished),
    feeds: feedsOf(article),
  };
}

/** Publishes new stories one by one, and counts all calls that each causes. */
export async function publishCost(pipeline: Pipeline, from: number): Promise<Finding[]> {
  const readings: MeterReading[] = [];
  for (let story = from; story < from + publishes; story += 1) {
    readings.push(
      await pipeline.metered(async () => {
        await pipeline.put('article.published', [publicationOf(story)]);
        await pipeline.until('a publish', () => pipeline.seqOf(`urn:bench:${story}`) > 0);
      }),
    );
  }
  const floor = spreadOf(Array.from({ length: publishes }, (_, index) => floorOf(storyOf(from + index)))).median;
  const units = spreadOf(readings.map((reading) => reading.writeUnits));
  const core = spreadOf(readings.map((reading) => reading.writeUnits - apart(reading)));
  const [listItem, fromScan] = await Promise.all([
    baseline((rows) => new ListItemPerFeed(rows)),
    baseline((rows) => new IndexFromScan(rows)),
  ]);
  const figure = (what: string, unit: string, of: (reading: MeterReading) => number, digits = 0): Finding => ({
    part,
    what,
    figure: spreadText(spreadOf(readings.map(of)), unit, digits),
  });
  const events = (reading: MeterReading): number => [...reading.events.values()].reduce((sum, count) => sum + count, 0);
  return [
    {
      part,
      what: 'write units: version, head, path, entries',
      figure: spreadText(core, 'units'),
      ratio: core.median / floor,
      baseline: `floor: ${floor} units`,
      // Two units beside the floor say who owns the path, and that this version names it; one is the second unit of the head.
      ...atMost(core.median / floor, 1.35, ' ×'),
    },
    {
      part,
      what: 'write units beside it: what follows each publish',
      figure: spreadText(spreadOf(readings.map(apart)), 'units'),
      ratio: (units.median - core.median) / floor,
      baseline: 'floor',
    },
    {
      part,
      what: 'write units, all',
      figure: spreadText(units, 'units'),
      ratio: units.median / listItem.writeUnits,
      baseline: `one list item per feed: ${listItem.writeUnits} units`,
      ...atMost(units.median / listItem.writeUnits, 0.2, ' ×'),
    },
    {
      part,
      what: 'write units, all',
      figure: spreadText(units, 'units'),
      ratio: units.median / fromScan.writeUnits,
      baseline: `index from a scan of ${storiesBefore}: ${fromScan.writeUnits} units`,
      ...atMost(units.median / fromScan.writeUnits, 0.2, ' ×'),
    },
    {
      ...figure('read units', 'units', (reading) => reading.readUnits, 1),
      ratio: spreadOf(readings.map((reading) => reading.readUnits)).median / fromScan.readUnits,
      baseline: `index from a scan of ${storiesBefore}: ${fromScan.readUnits} units`,
    },
    figure('events on the bus, the CMS’s among them', 'events', events),
    figure('messages through queues', 'messages', (reading) => reading.messages.sent),
    figure('function time, all of them', 'ms', (reading) => reading.milliseconds),
    figure('purge paths', 'paths', (reading) => reading.purgePaths),
    ...[...new Set(readings.flatMap(({ written }) => [...written.keys()]))]
      .sort()
      .map((kind) => figure(`  written: ${kind}`, 'units', (reading) => reading.written.get(kind) ?? 0)),
    ...byFunction(readings),
  ];
}

/** The way to the reader. */
const needed = new Set(['article', 'path', 'feed']);

/** Work that follows a publish but is not needed to show it: the publish trace and the list of changes. */
function apart(reading: MeterReading): number {
  return [...reading.written].reduce((sum, [kind, units]) => (needed.has(kind) ? sum : sum + units), 0);
}

function byFunction(readings: readonly MeterReading[]): Finding[] {
  const names = new Set(
    readings.flatMap(({ by }) => [...by].flatMap(([name, { invocations }]) => (invocations > 0 ? [name] : []))),
  );
  return [...names].sort().map((name) => {
    const of = (
      pick: (work: NonNullable<ReturnType<MeterReading['by']['get']>>) => number,
    ): ReturnType<typeof spreadOf> =>
      spreadOf(
        readings.flatMap(({ by }) => {
          const work = by.get(name);
          return work ? [pick(work)] : [];
        }),
      );
    return {
      part,
      what: `  ${name}`,
      figure: `${spreadText(
        of((work) => work.writeUnits),
        'written',
      )}, ${spreadText(
        of((work) => work.readUnits),
        'read',
        1,
      )}, ${spreadText(
        of((work) => work.calls),
        'calls',
      )}`,
    };
  });
}

async function baseline(
  make: (rows: Rows) => { publish(story: Story): Promise<void> },
): Promise<{ readonly readUnits: number; readonly writeUnits: number }> {
  const rows = await Rows.open();
  try {
    const system = make(rows);
    // All in the same feeds but for their topics, as the stories of a section are.
    const same = storyOf(1).feeds;
    for (let story = 0; story < storiesBefore; story += 1)
      await new ListItemPerFeed(rows).publish({ ...storyOf(story), feeds: same });
    const before = { readUnits: rows.readUnits, writeUnits: rows.writeUnits };
    await system.publish({ ...storyOf(storiesBefore), feeds: same });
    return { readUnits: rows.readUnits - before.readUnits, writeUnits: rows.writeUnits - before.writeUnits };
  } finally {
    await rows.close();
  }
}
