import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { SingleBar } from 'cli-progress';
import { Command, Option } from 'commander';
import { archive } from './archive.ts';
import { coldStarts } from './cold-start.ts';
import { day } from './day.ts';
import { tableOf, type Finding } from './finding.ts';
import type { Growth } from './growth.ts';
import { svgOf, type Plot } from './plot.ts';
import { throughput, wayWithWindow } from './throughput.ts';

type Progress = (share: number) => void;

interface Measured {
  readonly findings: readonly Finding[];
  readonly plots?: readonly Plot[];
  readonly notes?: readonly string[];
}

interface Measurement {
  readonly title: string;
  /** Its share of the whole, about: seconds on two cores. */
  readonly seconds: number;
  readonly run: (progress: Progress, isFull: boolean) => Promise<Measured>;
}

/** The first number of the mix's stories. The archive and its measurements use lower numbers. */
const throughputFrom = 20_000_000;

const measurements: Readonly<Record<string, Measurement>> = {
  growth: {
    title: 'cost of a publish, growth, import',
    seconds: 200,
    run: async (progress, isFull) => {
      const { findings, growth } = await archive(
        isFull ? [1000, 10_000, 100_000, 1_000_000] : [1000, 10_000],
        progress,
        (soFar) => {
          print(tableOf(soFar));
        },
      );
      return { findings, plots: [growthPlot(growth)] };
    },
  },
  throughput: {
    title: 'throughput',
    seconds: 95,
    run: async (progress) => ({
      findings: [
        ...(await throughput(throughputFrom, {}, (share) => {
          progress(share * 0.8);
        })),
        ...(await wayWithWindow(throughputFrom)),
      ],
    }),
  },
  day: { title: 'a newsroom day', seconds: 60, run: async (progress) => day(progress) },
  coldStart: { title: 'cold start', seconds: 20, run: async (progress) => ({ findings: await coldStarts(progress) }) },
};

interface Flags {
  readonly json?: string;
  readonly svg?: string;
  readonly full?: true;
  readonly only?: string[];
}

const program = new Command('npm run bench --')
  .description('Measures what Pressrun costs and how fast it is, each figure against a baseline of the same run.')
  .option(
    '--full',
    'with 100,000 and 1,000,000 stories too: hours; the result of each size is printed when it is known',
  )
  .option('--json <file>', 'the findings, for machines')
  .option('--svg <file>', 'the plots that docs/cost.md shows')
  .addOption(new Option('--only <parts...>', 'some of the parts').choices(Object.keys(measurements)));

async function main(): Promise<void> {
  const flags = program.parse().opts<Flags>();
  const chosen = Object.entries(measurements)
    .filter(([name]) => flags.only?.includes(name) ?? true)
    .map(([, measurement]) => measurement);
  const all = chosen.reduce((sum, { seconds }) => sum + seconds, 0);
  const findings: Finding[] = [];
  const plots: Plot[] = [];
  const notes: string[] = [];
  const took: Record<string, number> = {};
  const machine = { cores: availableParallelism(), loadBefore: loadavg()[0] ?? 0, node: process.version };
  let before = 0;
  for (const { title, seconds, run } of chosen) {
    const startedAt = performance.now();
    const progress = progressOf(title);
    let found: readonly Finding[];
    try {
      const measured = await run((share) => {
        progress.at((before + share * seconds) / all);
      }, flags.full === true);
      found = measured.findings;
      plots.push(...(measured.plots ?? []));
      notes.push(...(measured.notes ?? []));
    } catch (error) {
      // A part that fails loses no measurement of the others.
      found = [
        {
          part: title,
          what: error instanceof Error ? error.message : String(error),
          figure: 'not measured',
          goal: 'to end',
          holds: false,
        },
      ];
      process.exitCode = 1;
    } finally {
      progress.end();
    }
    before += seconds;
    took[title] = Math.round((performance.now() - startedAt) / 1000);
    findings.push(...found);
    print(`${tableOf(found)}\n\n  ${title} took ${took[title]} s`);
    // Written after each part: if the run is interrupted, no finished measurement is lost.
    if (flags.json !== undefined)
      writeFileSync(flags.json, `${JSON.stringify({ machine, seconds: took, findings }, undefined, 2)}\n`);
    if (flags.svg !== undefined && plots.length > 0) writeFileSync(flags.svg, svgOf(plots));
  }
  if (notes.length > 0) print(['', ...notes].join('\n'));
  const judged = findings.filter(({ holds }) => holds !== undefined);
  const missed = judged.filter(({ holds }) => holds === false);
  print(
    `\n${judged.length - missed.length} of ${judged.length} goals hold on ${machine.cores} cores, Node ${machine.node}, in ${Object.values(took).reduce((sum, seconds) => sum + seconds, 0)} s, load before ${machine.loadBefore.toFixed(1)}${machine.loadBefore > 0.5 ? ': others were at work on this machine, so times say little' : ''}.`,
  );
  for (const { part, what, figure, goal } of missed)
    print(`  missed: ${part} · ${what.trim()}: ${figure}, goal ${goal ?? ''}`);
}

/** A bar for people; a line now and then for a log. */
function progressOf(title: string): { readonly at: (share: number) => void; readonly end: () => void } {
  if (!process.stderr.isTTY) {
    let shown = -1;
    return {
      at: (share) => {
        const tenth = Math.floor(10 * share);
        if (tenth > shown) process.stderr.write(`${10 * tenth} % · ${title}\n`);
        shown = Math.max(shown, tenth);
      },
      end: () => undefined,
    };
  }
  const bar = new SingleBar({ format: '{bar} {percentage} % · {part} · {duration_formatted}', clearOnComplete: true });
  bar.start(1000, 0, { part: title });
  return {
    at: (share) => {
      bar.update(Math.round(1000 * share));
    },
    end: () => {
      bar.stop();
    },
  };
}

function growthPlot(growth: readonly Growth[]): Plot {
  const whats = growth[0]?.taken.map(({ what }) => what) ?? [];
  return {
    title: 'Units of one piece of work, by size of the archive',
    x: 'stories in the archive',
    y: 'units read and written',
    logarithmicX: true,
    series: whats.map((what) => ({
      name: what,
      points: growth.map(({ stories, taken }) => {
        const one = taken.find((other) => other.what === what);
        return [stories, (one?.writeUnits.median ?? 0) + (one?.readUnits.median ?? 0)] as const;
      }),
    })),
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
