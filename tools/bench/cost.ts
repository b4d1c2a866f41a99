import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import type { Theme } from '../../shared/site/theme.ts';
import { billOf, type Bill } from './bill.ts';
import { DayPlan } from './day-plan.ts';
import { limitTable, multiples } from './limits.ts';
import { newsroomDay, type Day, type Purging } from './newsroom-day.ts';
import { measureUnits, type MeasuredUnits } from './units.ts';

export interface CostOptions {
  readonly articlesPerDay: number;
  readonly updates: number;
  readonly bursts: number;
  readonly windowSeconds: number;
  readonly readsPerDay: number;
  readonly burstReads: number;
  readonly seed: number;
}

export interface Cost {
  readonly units: MeasuredUnits;
  readonly days: Readonly<Record<Purging, Day>>;
  readonly bills: Readonly<Record<Purging, Bill>>;
}

export const usualDay: CostOptions = {
  articlesPerDay: 400,
  updates: 3,
  bursts: 3,
  windowSeconds: 2,
  readsPerDay: 1_000_000,
  burstReads: 2000,
  seed: 1,
};

const burstSeconds = 300;
const columns: readonly (readonly [Purging, string])[] = [
  ['paths', 'every path'],
  ['tags', 'tags'],
  ['ttl', 'lists=ttl'],
];

/** A month's bill three ways, from a simulated day and units measured on the local stack. */
export async function reckonCost(options: CostOptions, say: (line: string) => void): Promise<Cost> {
  const theme = JSON.parse(readFileSync(new URL('../../infra/theme.json', import.meta.url), 'utf8')) as Theme;
  say('measuring what one change and one answer take, on the local stack');
  const units = await measureUnits();
  const plan = new DayPlan({
    articles: options.articlesPerDay,
    updates: options.updates,
    bursts: options.bursts,
    cardShare: 0.5,
    seed: options.seed,
  });
  const days: Partial<Record<Purging, Day>> = {};
  const bills: Partial<Record<Purging, Bill>> = {};
  for (const [purging, name] of columns) {
    say(`playing the day: ${name}`);
    const day = await newsroomDay({
      plan,
      purging,
      windowSeconds: options.windowSeconds,
      calmReads: options.readsPerDay / 86_400,
      burstReads: options.burstReads,
      readSeconds: 30,
      theme,
    });
    days[purging] = day;
    bills[purging] = billOf(day, purging, units, options.bursts * burstSeconds);
  }
  return { units, days, bills } as Cost;
}

export function costTable({ days, bills }: Cost): string[] {
  const row = (name: string, of: (purging: Purging) => string): string =>
    name.padEnd(38) + columns.map(([purging]) => of(purging).padStart(14)).join('');
  const dollars = (value: number): string => `$${value.toFixed(2)}`;
  const names = Object.keys(bills.tags.lines);
  return [
    row('a month of thirty such days', (purging) => columns.find(([name]) => name === purging)?.[1] ?? ''),
    ...names.map((name) => row(name, (purging) => dollars(bills[purging].lines[name] ?? 0))),
    row('total', (purging) => dollars(bills[purging].total)),
    row('of purging every path', (purging) => `1/${(bills.paths.total / bills[purging].total).toFixed(1)}`),
    row('paths a day', (purging) => String(days[purging].paths)),
    row('calls a day', (purging) => String(days[purging].calls)),
    row(
      'staleness p95, worst (s)',
      (purging) =>
        `${(days[purging].staleness.p95 / 1000).toFixed(1)}, ${(days[purging].staleness.worst / 1000).toFixed(1)}`,
    ),
    row(
      'hit ratio in the bursts',
      (purging) => `${((100 * days[purging].bursts.hits) / days[purging].bursts.requests).toFixed(2)}%`,
    ),
    row('tags purged that a change touched', (purging) =>
      purging === 'paths' ? '–' : `${((100 * days[purging].neededTags) / days[purging].paths).toFixed(1)}%`,
    ),
    row('answers dropped, of those unchanged', (purging) =>
      purging === 'paths' ? '–' : `${days[purging].dropped}, ${days[purging].droppedInVain}`,
    ),
  ];
}

const assumptions = `Counted: events, queue calls (each message sent, received and deleted by itself), units and purge paths, exactly;
hits and fills at the laptop's edge in simulated time. Assumed: prices of us-east-1 without free tiers but the
thousand paths; 0.3 s from the bus to stored and 0.4 s from there to purging, the edge's own propagation on top, the same
for all; one cache (Origin Shield) where CloudFront has several; functions' milliseconds as on this machine;
72% of readers ask for stories, 25% for the home page and sections, 3% for topics and authors, by Zipf's law;
90% accept Brotli and gzip, 8% gzip alone, 2% neither.
Left out, because it is the same for all: CloudFront's price for readers' traffic, storage, logs, alarms, jobs and sweeps.`;

export function limitLines({ days, units }: Cost, options: CostOptions): string[] {
  const day = days.tags;
  const rows = limitTable(
    {
      changesASecond: (0.1 * options.articlesPerDay * (1 + options.updates)) / burstSeconds,
      readsASecond: options.burstReads,
    },
    {
      pathsAChange: day.paths / (day.changes.story + day.changes.card + day.changes.body),
      fillShare: 1 - day.bursts.hits / day.bursts.requests,
      milliseconds: units.milliseconds,
      eventsAChange: units.card.events,
      writeUnitsAChange: units.card.writeUnits,
      readUnitsAList: units.listFill.readUnits,
    },
  );
  const share = (value: number): string =>
    (value >= 1 ? `${value.toFixed(1)} ✗` : `${(100 * value).toFixed(value < 0.001 ? 3 : 1)}%`).padStart(10);
  return [
    'limit, the nearest first'.padEnd(62) +
      'limit'.padStart(28) +
      multiples.map((times) => `${times}×`.padStart(10)).join(''),
    ...rows.flatMap(({ what, limit, unit, at, turn, costs }) => [
      what.padEnd(62) +
        `${Math.round(limit)} ${unit}`.padStart(28) +
        multiples.map((times) => share(at[times] ?? 0)).join(''),
      `    to do: ${turn}; costs: ${costs}`,
    ]),
  ];
}

if (import.meta.main) {
  const whole = (text: string): number => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('must be a whole number.');
    return number;
  };
  const program = new Command('cost')
    .description("A month's bill by line, from a simulated newsroom day.")
    .option('--articles-per-day <n>', 'new stories', whole, usualDay.articlesPerDay)
    .option('--updates <n>', 'updates of each, half of which change what lists show', whole, usualDay.updates)
    .option('--bursts <n>', 'how often news breaks, up to three times', whole, usualDay.bursts)
    .option('--window-seconds <n>', 'how long purges are collected', whole, usualDay.windowSeconds)
    .option('--reads-per-day <n>', "readers' requests on a calm day", whole, usualDay.readsPerDay)
    .option('--burst-reads <n>', "readers' requests a second while news breaks", whole, usualDay.burstReads)
    .option('--seed <n>', 'another day', whole, usualDay.seed)
    .option('--limits', 'also the share of each limit that 10, 100 and 1,000 times the load uses')
    .option('--json', 'for programs')
    .parse();
  const options = program.opts<CostOptions & { readonly limits?: true; readonly json?: true }>();
  const cost = await reckonCost(options, (line) => {
    console.error(line);
  });
  const lines = [...costTable(cost), '', assumptions, ...(options.limits ? ['', ...limitLines(cost, options)] : [])];
  console.log(options.json ? JSON.stringify(cost, undefined, 2) : lines.join('\n'));
}
