import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { fuzz, type Tally } from './fuzz.ts';

interface Work {
  readonly runs: number;
  readonly seed: number;
}

type Report = { readonly tried: Tally } | { readonly fault: string };

const batch = 500;

/** One core's share, a batch at a time, each with a seed of its own. */
async function work({ runs, seed }: Work): Promise<void> {
  for (let done = 0; done < runs; done += batch) {
    try {
      parentPort?.postMessage({ tried: await fuzz(Math.min(batch, runs - done), seed + done) } satisfies Report);
    } catch (error) {
      parentPort?.postMessage({ fault: textOf(error) } satisfies Report);
      return;
    }
  }
}

/** The counter-example and its failure. */
function textOf(error: unknown): string {
  return error instanceof Error
    ? `${error.message}\n\n${error.cause instanceof Error ? (error.cause.stack ?? '') : ''}`
    : String(error);
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new InvalidArgumentError('must be a whole number');
  return number;
}

async function main(): Promise<void> {
  const { runs, seed } = new Command('npm run fuzz --')
    .description('Throws malformed events and requests at the doors, and looks at all that comes of them.')
    .option('--runs <number>', 'how many events and requests together', wholeNumber, 100_000)
    .option('--seed <number>', 'the same seed throws the same', wholeNumber, Math.floor(Math.random() * 2 ** 30))
    .parse()
    .opts<Work>();
  const cores = availableParallelism();
  const started = Date.now();
  const total: Tally = { stored: 0, rejected: 0, requests: 0 };
  const faults: string[] = [];
  const write = (line: string): void => {
    process.stdout.write(line);
  };
  write(`seed ${seed}, ${cores} cores\n`);
  const share = Math.ceil(runs / cores);
  await Promise.all(
    Array.from(
      { length: cores },
      (_, core) =>
        new Promise<void>((resolve, reject) => {
          const worker = new Worker(fileURLToPath(import.meta.url), {
            workerData: { runs: Math.min(share, runs - core * share), seed: seed + core * share } satisfies Work,
          });
          worker.on('message', (report: Report) => {
            if ('fault' in report) faults.push(report.fault);
            else for (const name of ['stored', 'rejected', 'requests'] as const) total[name] += report.tried[name];
            write(`\r${total.stored + total.rejected + total.requests} of ${runs}`);
          });
          worker.on('error', reject);
          worker.on('exit', () => {
            resolve();
          });
        }),
    ),
  );
  write(
    `\n${total.stored} events stored, ${total.rejected} rejected, ${total.requests} requests answered in ${((Date.now() - started) / 1000).toFixed(0)} s\n`,
  );
  for (const fault of faults) write(`\n${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
}

if (isMainThread) await main();
else await work(workerData as Work);
