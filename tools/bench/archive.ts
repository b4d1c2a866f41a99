import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { connect } from '../cli/connection.ts';
import { runJob } from '../cli/jobs.ts';
import { atMost, spreadOf, spreadText, type Finding } from './finding.ts';
import { growthFindings, measureGrowth, publishFront, type Growth } from './growth.ts';
import { Pipeline } from './pipeline.ts';
import { publishAll } from './publish.ts';
import { publishCost } from './publish-cost.ts';

const part = 'Import and rebuild';
const batch = 500;
/** Numbers of stories that are published for a measurement, out of the archive's. */
const apart = 10_000_000;

export interface ArchiveFindings {
  readonly findings: readonly Finding[];
  readonly growth: readonly Growth[];
}

/**
 * Grows one archive in steps and measures at each size: the work of a publish, all work together, the rate of the
 * import and the time of a rebuild.
 */
export async function archive(
  sizes: readonly number[],
  progress: (share: number) => void,
  notify: (soFar: readonly Finding[]) => void,
): Promise<ArchiveFindings> {
  // On disk, so that the process's memory belongs to the pipeline and not to its tables.
  const dataDirectory = await mkdtemp(join(tmpdir(), 'pressrun-bench-'));
  const pipeline = await Pipeline.open({ windowSeconds: 0, dataDirectory });
  const largest = Math.max(...sizes);
  try {
    const growth: Growth[] = [];
    const findings: Finding[] = [];
    const rates: number[] = [];
    const memory: number[] = [];
    let stories = 0;
    for (const size of sizes) {
      while (stories < size) {
        const count = Math.min(batch, size - stories);
        rates.push(
          count / (await publishAll(pipeline, { from: stories, stories: count, publishers: 4, entriesPerCall: 10 })),
        );
        stories += count;
        await pipeline.unwatch();
        memory.push(process.memoryUsage.rss() / 1024 / 1024);
        progress((0.8 * stories) / largest);
      }
      if (growth.length === 0) {
        await publishFront(pipeline, 1);
        findings.push(...(await publishCost(pipeline, apart)));
      }
      growth.push(await measureGrowth(pipeline, size, apart + 1000 * (growth.length + 1)));
      // The next size takes ten times as long.
      if (growth.length > 1 && size < largest)
        notify([...growthFindings(growth), ...importFindings(rates, memory, stories)]);
    }
    const startedAt = performance.now();
    const job = await runJob(connect('local', pipeline.stack.awsUrl, ''), 'rebuild', () => undefined);
    const seconds = (performance.now() - startedAt) / 1000;
    const rebuilt = job.written / seconds;
    findings.push(...growthFindings(growth), ...importFindings(rates, memory, stories), {
      part,
      what: `rebuild of all feeds, ${job.written} entries`,
      figure: `${rebuilt.toFixed(0)} entries/s`,
      ratio: rebuilt / spreadOf(rates).median,
      baseline: 'items imported a second',
    });
    return { findings, growth };
  } finally {
    await pipeline.close();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

function importFindings(rates: readonly number[], memory: readonly number[], stories: number): Finding[] {
  const [first = Number.NaN] = rates;
  const early = spreadOf(memory.slice(0, 3)).median;
  const grown = spreadOf(memory.slice(-3)).median / early;
  return [
    {
      part,
      what: `import of ${stories} stories through the bus`,
      figure: spreadText(spreadOf(rates), 'items/s'),
      ratio: (rates.at(-1) ?? Number.NaN) / first,
      baseline: `the first ${batch}: ${first.toFixed(0)} items/s`,
    },
    {
      part,
      what: 'memory of the whole process, the tables within it on disk',
      figure: spreadText(spreadOf(memory), 'MB'),
      ratio: grown,
      baseline: `of the first ${3 * batch}: ${early.toFixed(0)} MB`,
      ...atMost(grown, 1.5, ' ×'),
    },
  ];
}
