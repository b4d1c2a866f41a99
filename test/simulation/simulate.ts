import { availableParallelism } from 'node:os';
import { Presets, SingleBar } from 'cli-progress';
import { InvalidArgumentError, program } from 'commander';
import { loadMutant } from './mutants.ts';
import { play, simulate, type Played } from './pool.ts';
import { clockTime, describe } from './plan-text.ts';
import { start } from './plan.ts';

function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('must be a whole number.');
  return Number(value);
}

const options = program
  .name('npm run simulate --')
  .description(
    'Plays generated histories through the pipeline, with everything failing that can, and compares what readers see with an oracle.',
  )
  .option('--runs <count>', 'how many seeds to play', wholeNumber, 300)
  .option('--from <seed>', 'the first of them', wholeNumber, 1)
  .option('--seed <seed>', 'plays one seed again and shows its trace, shrunk where it fails', wholeNumber)
  .option('--whole', 'with --seed: the trace of the whole history, not shrunk')
  .option('--threads <count>', 'how many at a time', wholeNumber, availableParallelism())
  .option('--mutant <name>', 'with a bug planted: the name of a file in test/simulation/mutants')
  .parse()
  .opts<{ runs: number; from: number; seed?: number; whole?: true; threads: number; mutant?: string }>();

const mutant = options.mutant === undefined ? undefined : await loadMutant(options.mutant);

if (options.seed !== undefined) {
  report(options.seed, await play(options.seed, options.whole ? 'trace' : 'shrink', mutant));
} else {
  const { from, runs, threads } = options;
  const bar = new SingleBar(
    { format: '{bar} {value}/{total} seeds · {duration_formatted} · {eta_formatted} left', noTTYOutput: false },
    Presets.shades_classic,
  );
  const began = performance.now();
  bar.start(runs, 0);
  const failures = await simulate({
    from,
    runs,
    threads,
    maxFailures: 1,
    mutant,
    onRun: () => {
      bar.increment();
    },
  });
  bar.stop();
  const [first] = failures;
  if (first) report(first.seed, await play(first.seed, 'shrink', mutant));
  else
    console.log(
      `${runs} seeds from ${from} on, no guarantee broken, ${((performance.now() - began) / 1000).toFixed(1)} s`,
    );
}

/** Prints a run for a person: the history, the faults, and the broken guarantee. */
function report(seed: number, { plan, broken, trace }: Played): void {
  console.log(`seed ${seed}\n\nhistory (faults: ${plan.faults.join(', ') || 'none'}; at most ${plan.maxFaults})`);
  for (const command of plan.commands) console.log(`  ${clockTime(start + command.at)}  ${describe(command)}`);
  console.log(`\ntrace\n${trace.map((line) => `  ${line}`).join('\n')}\n`);
  if (!broken) {
    console.log('no guarantee broken');
    return;
  }
  console.log(
    `BROKEN ${broken.rule}: ${broken.message}\n\nAgain: npm run simulate -- --seed ${seed}${options.mutant === undefined ? '' : ` --mutant ${options.mutant}`}`,
  );
  process.exitCode = 1;
}
