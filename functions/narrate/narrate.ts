import { settleArticle } from '../../shared/article/settle-article.ts';
import { audioFolder, type AudioRendition, type SynthesisJob } from '../../shared/audio/audio-rendition.ts';
import { joined } from '../../shared/audio/mp3.ts';
import type { NarrationPoll } from '../../shared/audio/ports.ts';
import { partIdOf, shortDigest, spokenDigest } from '../../shared/audio/speech.ts';
import { articleTag } from '../../shared/purge/tags.ts';
import { keyOf, removeOlder, seqOf, storedParts } from './audio-files.ts';
import type { NarratePorts } from './ports.ts';
import { scriptOf, type Script, type Silence } from './script.ts';
import { only, progressOf, startTasks, without, writeJob } from './tasks.ts';

/** The result of a poll, for the log. */
export type Narrated = 'published' | 'up to date' | 'under way' | `silent: ${string}`;

/** The maximum number of polls: more than half an hour in all, while Polly needs seconds. */
const maxPolls = 36;
const longestDelaySeconds = 60;
/** An invocation that began to start tasks this long ago has failed: this is the function's timeout. */
const startingMilliseconds = 60_000;
const pauseSeconds = 0.5;

/**
 * Brings the audio of an article in line with the version shown. Level-triggered: however many announcements arrive,
 * the present version is synthesised. Polly works asynchronously, so missing parts are requested and polled for later.
 * Once all parts are there, they are joined into one file, recorded beside the versions, and settle shows it.
 */
export async function narrate(ports: NarratePorts, poll: NarrationPoll): Promise<Narrated> {
  for (;;) {
    // The job is read first and written only if no other invocation wrote it since, so it is not older than the script.
    const synthesisJob = await ports.synthesisJobs.synthesisJob(poll.articleId);
    const script = await scriptOf(ports, poll.articleId);
    const narrated =
      'why' in script
        ? await removeAudio(ports, poll, synthesisJob, script)
        : await synthesise(ports, poll, synthesisJob, script);
    if (narrated !== 'overtaken') return narrated;
  }
}

/** Another invocation wrote the job meanwhile, so all is read again. */
type Overtaken = 'overtaken';

async function synthesise(
  ports: NarratePorts,
  poll: NarrationPoll,
  synthesisJob: SynthesisJob | undefined,
  script: Script,
): Promise<Narrated | Overtaken> {
  const { articleId } = poll;
  const { rendition } = synthesisJob ?? {};
  const digest = spokenDigest(script.pieces);
  const voice = `${script.voice.name} ${script.voice.engine}`;
  const published = await ports.files.list(audioFolder(articleId));
  if (
    synthesisJob &&
    rendition?.digest === digest &&
    rendition.voice === voice &&
    published.includes(keyOf(rendition))
  ) {
    if (script.shown !== rendition.href) await settleArticle(ports, articleId);
    // A file of a higher `seq` is being made, or its maker failed before it recorded the file. Only the writer of that
    // `seq` may remove it.
    const isAhead = published.some((key) => seqOf(key) > synthesisJob.seq);
    if (isAhead && !(await writeJob(ports, articleId, synthesisJob, synthesisJob))) return 'overtaken';
    await removeOlder(ports, articleId, synthesisJob.seq + Number(isAhead), { rendition, known: published });
    return 'up to date';
  }

  const parts = new Map(script.pieces.map((piece) => [partIdOf(piece, script.voice), piece]));
  let stored = await storedParts(ports, articleId);
  const progress = await progressOf(
    ports,
    synthesisJob,
    [...parts.keys()].filter((partId) => !stored.has(partId)),
    poll,
  );
  // The files of finished tasks are in the bucket now, or were removed.
  if ([...progress.values()].includes('done')) stored = await storedParts(ports, articleId);
  const missing = [...parts.keys()].filter((partId) => !stored.has(partId));
  const failed = missing.filter((partId) => progress.get(partId) === 'failed');
  if (failed.length > 0) {
    if (!(await writeJob(ports, articleId, synthesisJob, { rendition, tasks: without(synthesisJob?.tasks, failed) })))
      return 'overtaken';
    throw new Error(`Polly failed to synthesise ${failed.length} parts of the story: they are requested again`);
  }
  const toStart = missing.filter((partId) => progress.get(partId) !== 'under way');
  if (toStart.length > 0) {
    const now = ports.clock.now();
    if (synthesisJob?.startingAt !== undefined && now - synthesisJob.startingAt < startingMilliseconds)
      return enqueueLater(ports, poll);
    if (
      !(await writeJob(ports, articleId, synthesisJob, {
        rendition,
        tasks: without(synthesisJob?.tasks, toStart),
        startingAt: now,
      }))
    )
      return 'overtaken';
    const started = await startTasks(
      ports,
      articleId,
      toStart.map((partId) => [partId, parts.get(partId) ?? '']),
      script,
      now,
    );
    return enqueueLater(ports, started > 0 ? { ...poll, polls: 0 } : poll);
  }
  if (missing.length > 0) return enqueueLater(ports, poll);
  return publish(ports, articleId, synthesisJob, stored, script, { digest, voice }, published);
}

async function publish(
  ports: NarratePorts,
  articleId: string,
  synthesisJob: SynthesisJob | undefined,
  stored: ReadonlyMap<string, string>,
  { pieces, voice }: Script,
  origin: Pick<AudioRendition, 'digest' | 'voice'>,
  published: readonly string[],
): Promise<Narrated | Overtaken> {
  const parts = await Promise.all(
    pieces.map(async (piece) => ports.files.read(stored.get(partIdOf(piece, voice)) ?? '')),
  );
  const present = parts.filter((part) => part !== undefined);
  if (present.length < parts.length) return 'overtaken';
  const { bytes, seconds } = joined(present, pauseSeconds);
  const seq = (synthesisJob?.seq ?? 0) + 1;
  // The name has the content's digest and the job's `seq`, so no two files have the same name and removing an older one
  // never removes a newer one.
  const href = `/${audioFolder(articleId)}${seq}-${shortDigest(bytes)}.mp3`;
  const rendition: AudioRendition = {
    ...origin,
    href,
    bytes: bytes.length,
    seconds: Math.max(1, Math.round(seconds)),
  };
  await ports.files.publish(keyOf(rendition), bytes, [articleTag(articleId)]);
  const tasks = without(synthesisJob?.tasks, [...stored.keys()]);
  if (!(await writeJob(ports, articleId, synthesisJob, { rendition, tasks }))) return 'overtaken';
  await settleArticle(ports, articleId);
  await removeOlder(ports, articleId, seq, { rendition, known: published });
  return 'published';
}

/**
 * Removes audio that readers must not hear any more: first from the record, then from the bucket, then from the CDN.
 * Its parts are removed too.
 */
async function removeAudio(
  ports: NarratePorts,
  poll: NarrationPoll,
  recorded: SynthesisJob | undefined,
  { why, shown }: Silence,
): Promise<Narrated | Overtaken> {
  const { articleId } = poll;
  const silent = `silent: ${why}` as const;
  // A restored table may lack the record of files that are in the bucket.
  const synthesisJob = recorded ?? { seq: 0 };
  const { rendition, tasks = {}, startingAt } = synthesisJob;
  const known = await ports.files.list(audioFolder(articleId));
  const isIdle = rendition === undefined && startingAt === undefined && Object.keys(tasks).length === 0;
  if (isIdle && known.length === 0 && (await storedParts(ports, articleId)).size === 0) return silent;
  // The job is always written, so that an invocation that is synthesising notices it.
  if (!(await writeJob(ports, articleId, synthesisJob, { rendition: undefined, tasks }))) return 'overtaken';
  if (shown !== undefined) await settleArticle(ports, articleId);
  await removeOlder(ports, articleId, synthesisJob.seq + 1, { known });
  // The progress is read before the files are listed, so that the list has the files of finished tasks.
  const progress = await progressOf(ports, synthesisJob, Object.keys(tasks), poll);
  const stored = await storedParts(ports, articleId);
  for (const key of stored.values()) await ports.files.remove(key);
  const underWay = Object.keys(tasks).filter((partId) => progress.get(partId) === 'under way' && !stored.has(partId));
  const rest = { ...synthesisJob, seq: synthesisJob.seq + 1 };
  if (!(await writeJob(ports, articleId, rest, { rendition: undefined, tasks: only(tasks, underWay) })))
    return 'overtaken';
  if (underWay.length > 0) await enqueueLater(ports, poll);
  return silent;
}

async function enqueueLater({ narrationQueue }: NarratePorts, poll: NarrationPoll): Promise<'under way'> {
  const { polls } = poll;
  if (polls >= maxPolls) throw new Error(`Polly has not finished after ${polls} polls`);
  await narrationQueue.enqueue({ ...poll, polls: polls + 1 }, Math.min(2 ** polls, longestDelaySeconds));
  return 'under way';
}
