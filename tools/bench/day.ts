import { readFileSync } from 'node:fs';
import type { Theme } from '../../shared/site/theme.ts';
import { limitLines, reckonCost, usualDay } from './cost.ts';
import { DayPlan } from './day-plan.ts';
import { atLeast, atMost, type Finding } from './finding.ts';
import { newsroomDay } from './newsroom-day.ts';
import type { Plot } from './plot.ts';
import { pathDollars } from './prices.ts';

const part = 'A newsroom day: 400 stories, 1,200 updates of which half change a card, three bursts';
const windows = [0, 2, 15, 60, 300];
const daysAMonth = 30;

export interface DayFindings {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
  readonly plots: readonly Plot[];
}

/**
 * Plays the day and reports its bill, purges and readers. Compares tags and times with the purge of every affected
 * path, as CDN plug-ins do it.
 */
export async function day(progress: (share: number) => void): Promise<DayFindings> {
  let said = 0;
  const cost = await reckonCost(usualDay, () => {
    said += 1;
    progress(0.15 * said);
  });
  const { days, bills } = cost;
  const { tags, ttl, paths } = days;
  const naive = 'every affected path at each publish';
  const bill = (what: string, purging: 'tags' | 'ttl', parts: number): Finding => ({
    part,
    what: `${what}: the month's bill`,
    figure: `$${bills[purging].total.toFixed(2)}`,
    ratio: bills[purging].total / bills.paths.total,
    baseline: `${naive}: $${bills.paths.total.toFixed(2)}`,
    goal: `≤ 1/${parts}`,
    holds: bills[purging].total <= bills.paths.total / parts,
  });
  const stale = (what: string, seconds: number): Finding => ({
    part,
    what: `${what}: staleness, p95`,
    figure: `${seconds.toFixed(1)} s`,
    ratio: seconds / (paths.staleness.p95 / 1000),
    baseline: naive,
    ...atMost(seconds, 5, ' s'),
  });
  const needed = (100 * tags.neededTags) / tags.paths;
  const hits = ({ bursts }: typeof tags): number => (100 * bursts.hits) / bursts.requests;
  return {
    findings: [
      bill('tags', 'tags', 15),
      stale('tags', tags.staleness.p95 / 1000),
      bill('lists=ttl', 'ttl', 100),
      stale('lists=ttl', ttl.staleness.p95 / 1000),
      {
        part,
        what: 'tags: paths purged',
        figure: String(tags.paths),
        ratio: tags.paths / paths.paths,
        baseline: `${naive}: ${paths.paths}`,
      },
      {
        part,
        what: 'tags: calls to the CDN',
        figure: String(tags.calls),
        ratio: tags.calls / paths.calls,
        baseline: `${naive}: ${paths.calls}`,
      },
      {
        part,
        what: 'tags: purged for a change that an edge may show',
        figure: `${needed.toFixed(1)}%`,
        ...atLeast(needed, 95, '%'),
      },
      {
        part,
        what: 'tags: hits at the edge in the bursts',
        figure: `${hits(tags).toFixed(2)}%`,
        ratio: hits(tags) / hits(paths),
        baseline: naive,
        ...atLeast(hits(tags), 97, '%'),
      },
    ],
    notes: limitLines(cost, usualDay),
    plots: [
      await windowPlot((share) => {
        progress(0.6 + 0.4 * share);
      }),
    ],
  };
}

async function windowPlot(progress: (share: number) => void): Promise<Plot> {
  const theme = JSON.parse(readFileSync(new URL('../../infra/theme.json', import.meta.url), 'utf8')) as Theme;
  const { articlesPerDay, updates, bursts, seed } = usualDay;
  const plan = new DayPlan({ articles: articlesPerDay, updates, bursts, cardShare: 0.5, seed });
  const points: (readonly [number, number])[] = [];
  for (const windowSeconds of windows) {
    const { paths } = await newsroomDay({
      plan,
      purging: 'tags',
      windowSeconds,
      calmReads: 0,
      burstReads: 0,
      readSeconds: 0,
      theme,
    });
    points.push([Math.max(windowSeconds, 0.5), pathDollars(paths * daysAMonth)]);
    progress(points.length / windows.length);
  }
  return {
    title: 'Purges of a month, by the window they are collected over',
    x: 'window in seconds (0.5: none)',
    y: 'dollars',
    logarithmicX: true,
    series: [{ name: 'tags, a newsroom day of 1,600 changes', points }],
  };
}
