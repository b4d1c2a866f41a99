import { partsFolder, type SynthesisJob } from '../../shared/audio/audio-rendition.ts';
import type { NarrationPoll } from '../../shared/audio/ports.ts';
import { narrationsAtOnce, tasksASecond } from '../../shared/audio/speech.ts';
import type { NarratePorts } from './ports.ts';
import type { Script } from './script.ts';

/** After this time an invocation starts no further tasks. The rest of its timeout is enough for the last call. */
const startsForMilliseconds = 30_000;
/** The share of Polly's quota that is used: the rest is for repeated calls. */
const usedShare = 0.8;
/**
 * The number of polls after which a task is late: a quarter of a minute. Polly answers ten questions a second about all
 * tasks of an account. Files are found without asking, so it is asked only about some of the late ones.
 */
const pollsUntilLate = 4;
const askedAtOnce = 4;

/** Writes the job that follows `previous`. Returns false if another invocation was faster. */
export async function writeJob(
  ports: NarratePorts,
  articleId: string,
  previous: SynthesisJob | undefined,
  { rendition, tasks = {}, startingAt }: Omit<SynthesisJob, 'seq'>,
): Promise<boolean> {
  return ports.synthesisJobs.writeSynthesisJob(articleId, {
    seq: (previous?.seq ?? 0) + 1,
    ...(rendition && { rendition }),
    ...(Object.keys(tasks).length > 0 && { tasks }),
    ...(startingAt !== undefined && { startingAt }),
  });
}

/**
 * Starts tasks at the pace of Polly's quota, until the time is over or Polly takes no more. Returns the number of tasks
 * started; a later poll starts the rest.
 */
export async function startTasks(
  ports: NarratePorts,
  articleId: string,
  parts: readonly (readonly [partId: string, text: string])[],
  { voice }: Script,
  since: number,
): Promise<number> {
  const started = new Map<string, string>();
  const pauseMilliseconds = (1000 * narrationsAtOnce) / (usedShare * tasksASecond(voice));
  try {
    for (const [partId, text] of parts) {
      if (ports.clock.now() - since >= startsForMilliseconds) break;
      const task = await ports.speech.start(partId, partsFolder(articleId), text, voice);
      if (task === undefined) break;
      started.set(partId, task);
      await ports.clock.pause(pauseMilliseconds);
    }
    return started.size;
  } finally {
    // The tasks are recorded whatever happened in between, also after a withdrawal: a file whose task is not recorded
    // would never be removed.
    let isRecorded = false;
    while (!isRecorded) {
      const synthesisJob = await ports.synthesisJobs.synthesisJob(articleId);
      const { rendition, tasks, startingAt } = synthesisJob ?? {};
      isRecorded = await writeJob(ports, articleId, synthesisJob, {
        rendition,
        tasks: { ...tasks, ...Object.fromEntries(started) },
        startingAt: startingAt === since ? undefined : startingAt,
      });
    }
  }
}

/** Returns the progress of these parts' tasks, by the part's id. A part without a task is left out. */
export async function progressOf(
  { speech }: NarratePorts,
  synthesisJob: SynthesisJob | undefined,
  partIds: readonly string[],
  { polls }: NarrationPoll,
): Promise<Map<string, 'under way' | 'done' | 'failed'>> {
  const known = partIds.flatMap((partId) => {
    const task = synthesisJob?.tasks?.[partId];
    return task === undefined ? [] : [[partId, task] as const];
  });
  const late = polls < pollsUntilLate ? [] : known.slice(0, askedAtOnce);
  return new Map([
    ...known.map(([partId]) => [partId, 'under way'] as const),
    ...(await Promise.all(late.map(async ([partId, task]) => [partId, await speech.progress(task)] as const))),
  ]);
}

export function without(tasks: SynthesisJob['tasks'], partIds: readonly string[]): SynthesisJob['tasks'] {
  return Object.fromEntries(Object.entries(tasks ?? {}).filter(([partId]) => !partIds.includes(partId)));
}

export function only(tasks: SynthesisJob['tasks'], partIds: readonly string[]): SynthesisJob['tasks'] {
  return Object.fromEntries(Object.entries(tasks ?? {}).filter(([partId]) => partIds.includes(partId)));
}
