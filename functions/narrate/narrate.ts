import { joined } from '../../shared/audio/mp3.ts';
import type { NarrationPoll, NarrationQueue, SynthesisJobs, SoundFiles, Speech } from '../../shared/audio/ports.ts';
import type { Timer } from '../../shared/clock.ts';
import type { PurgeRequests } from '../../shared/purge/ports.ts';
import {
  audioFolder,
  takesFolder,
  type AudioRendition,
  type SynthesisJob,
} from '../../shared/audio/audio-rendition.ts';
import { settleArticle, type SettlePorts } from '../../shared/article/settle-article.ts';
import {
  narrationsAtOnce,
  shortDigest,
  spokenDigest,
  takeOf,
  tasksASecond,
  type Voices,
} from '../../shared/audio/speech.ts';
import { articleTag } from '../../shared/purge/tags.ts';
import type { Pictures } from '../../shared/picture/ports.ts';
import { scriptOf, type Script, type Silence } from './script.ts';
import { before } from '../../shared/trim.ts';

export interface NarratePorts extends SettlePorts {
  readonly clock: Timer;
  readonly pictures: Pick<Pictures, 'pulled'>;
  readonly synthesisJobs: SynthesisJobs;
  readonly speech: Speech;
  readonly files: SoundFiles;
  readonly looks: NarrationQueue;
  readonly purgeRequests: PurgeRequests;
  readonly voices: Voices;
  /** BCP 47. The language of articles that name none. */
  readonly language: string;
  /** The number of seconds after which no request from before a file's removal can be in flight. */
  readonly purgeAgainSeconds: number;
}

/** The result of a check, for the log. */
export type Narrated = 'recorded' | 'stands' | 'under way' | `silent: ${string}`;

/** The maximum number of looks: more than half an hour in all, while Polly needs seconds. */
const maxLooks = 36;
const longestDelaySeconds = 60;
/** An invocation that began to start tasks this long ago has failed: this is the function's timeout. */
const startingMilliseconds = 60_000;
/** After this time an invocation starts no further tasks. The rest of its timeout is enough for the last call. */
const startsForMilliseconds = 30_000;
/** The share of Polly's quota that is used: the rest is for repeated calls. */
const usedShare = 0.8;
/**
 * The number of looks after which a task is late: a quarter of a minute. Polly answers ten questions a second about all
 * tasks of an account. Files are found without asking, so it is asked only about some of the late ones.
 */
const looksUntilLate = 4;
const askedAtOnce = 4;
const pauseSeconds = 0.5;

/**
 * Brings the audio of an article in line with the version shown. Level-triggered: however many announcements arrive,
 * the present version is synthesised. Polly works asynchronously, so missing pieces are requested and checked again
 * later. Once all pieces are there, they are joined into one file, recorded beside the versions, and settle shows it.
 */
export async function narrate(ports: NarratePorts, look: NarrationPoll): Promise<Narrated> {
  for (;;) {
    // The job is read first and written only if no other invocation wrote it since, so it is not older than the script.
    const synthesisJob = await ports.synthesisJobs.synthesisJob(look.articleId);
    const script = await scriptOf(ports, look.articleId);
    const narrated =
      'why' in script
        ? await removeAudio(ports, look, synthesisJob, script)
        : await read(ports, look, synthesisJob, script);
    if (narrated !== 'overtaken') return narrated;
  }
}

type Overtaken = 'overtaken';

async function read(
  ports: NarratePorts,
  look: NarrationPoll,
  synthesisJob: SynthesisJob | undefined,
  script: Script,
): Promise<Narrated | Overtaken> {
  const { articleId } = look;
  const { reading } = synthesisJob ?? {};
  const digest = spokenDigest(script.pieces);
  const voice = `${script.voice.name} ${script.voice.engine}`;
  const published = await ports.files.list(audioFolder(articleId));
  if (synthesisJob && reading?.digest === digest && reading.voice === voice && published.includes(keyOf(reading))) {
    if (script.shown !== reading.href) await settleArticle(ports, articleId);
    // A file with the next turn is being made, or its maker failed before it recorded the file. Only that turn's owner
    // may remove it.
    const isAhead = published.some((key) => turnOf(key) > synthesisJob.seq);
    if (isAhead && !(await write(ports, articleId, synthesisJob, synthesisJob))) return 'overtaken';
    await removeOlder(ports, articleId, synthesisJob.seq + Number(isAhead), { reading, known: published });
    return 'stands';
  }

  const takes = new Map(script.pieces.map((piece) => [takeOf(piece, script.voice), piece]));
  let stored = await storedTakes(ports, articleId);
  const progress = await progressOf(
    ports,
    synthesisJob,
    [...takes.keys()].filter((take) => !stored.has(take)),
    look,
  );
  // The files of finished tasks are in the bucket now, or were removed.
  if ([...progress.values()].includes('done')) stored = await storedTakes(ports, articleId);
  const missing = [...takes.keys()].filter((take) => !stored.has(take));
  const failed = missing.filter((take) => progress.get(take) === 'failed');
  if (failed.length > 0) {
    if (!(await write(ports, articleId, synthesisJob, { reading, tasks: without(synthesisJob?.tasks, failed) })))
      return 'overtaken';
    throw new Error(`Polly failed to read ${failed.length} pieces of the story: they are requested again`);
  }
  const toStart = missing.filter((take) => progress.get(take) !== 'under way');
  if (toStart.length > 0) {
    const now = ports.clock.now();
    if (synthesisJob?.startingAt !== undefined && now - synthesisJob.startingAt < startingMilliseconds)
      return enqueueLater(ports, look);
    if (
      !(await write(ports, articleId, synthesisJob, {
        reading,
        tasks: without(synthesisJob?.tasks, toStart),
        startingAt: now,
      }))
    )
      return 'overtaken';
    const started = await start(
      ports,
      articleId,
      toStart.map((take) => [take, takes.get(take) ?? '']),
      script,
      now,
    );
    return enqueueLater(ports, started > 0 ? { ...look, looks: 0 } : look);
  }
  if (missing.length > 0) return enqueueLater(ports, look);
  return publish(ports, articleId, synthesisJob, stored, script, { digest, voice }, published);
}

/**
 * Starts tasks at the pace of Polly's quota, until the time is over or Polly takes no more. Returns the number of tasks
 * started; a later look starts the rest.
 */
async function start(
  ports: NarratePorts,
  articleId: string,
  pieces: readonly (readonly [take: string, piece: string])[],
  { voice }: Script,
  since: number,
): Promise<number> {
  const started = new Map<string, string>();
  const pauseMilliseconds = (1000 * narrationsAtOnce) / (usedShare * tasksASecond(voice));
  try {
    for (const [take, piece] of pieces) {
      if (ports.clock.now() - since >= startsForMilliseconds) break;
      const task = await ports.speech.start(take, takesFolder(articleId), piece, voice);
      if (task === undefined) break;
      started.set(take, task);
      await ports.clock.pause(pauseMilliseconds);
    }
    return started.size;
  } finally {
    // The file is removed whatever happened in between, also after a withdrawal: a file without a record would stay for
    // ever.
    let noted = false;
    while (!noted) {
      const synthesisJob = await ports.synthesisJobs.synthesisJob(articleId);
      const { reading, tasks, startingAt } = synthesisJob ?? {};
      noted = await write(ports, articleId, synthesisJob, {
        reading,
        tasks: { ...tasks, ...Object.fromEntries(started) },
        startingAt: startingAt === since ? undefined : startingAt,
      });
    }
  }
}

async function publish(
  ports: NarratePorts,
  articleId: string,
  synthesisJob: SynthesisJob | undefined,
  stored: ReadonlyMap<string, string>,
  { pieces, voice }: Script,
  said: Pick<AudioRendition, 'digest' | 'voice'>,
  published: readonly string[],
): Promise<Narrated | Overtaken> {
  const takes = await Promise.all(
    pieces.map(async (piece) => ports.files.read(stored.get(takeOf(piece, voice)) ?? '')),
  );
  const sounds = takes.filter((take) => take !== undefined);
  if (sounds.length < takes.length) return 'overtaken';
  const { bytes, seconds } = joined(sounds, pauseSeconds);
  // The name has the content's digest and the turn, so no two files have the same name and removing an older one never
  // removes a newer one.
  const href = `/${audioFolder(articleId)}${(synthesisJob?.seq ?? 0) + 1}-${shortDigest(bytes)}.mp3`;
  const reading: AudioRendition = { ...said, href, bytes: bytes.length, seconds: Math.max(1, Math.round(seconds)) };
  await ports.files.publish(keyOf(reading), bytes, [articleTag(articleId)]);
  if (
    !(await write(ports, articleId, synthesisJob, { reading, tasks: without(synthesisJob?.tasks, [...stored.keys()]) }))
  )
    return 'overtaken';
  await settleArticle(ports, articleId);
  await removeOlder(ports, articleId, (synthesisJob?.seq ?? 0) + 1, { reading, known: published });
  return 'recorded';
}

/**
 * Removes audio that readers must not hear any more: first from the record, then from the bucket, then from the CDN.
 * Its takes are removed too.
 */
async function removeAudio(
  ports: NarratePorts,
  look: NarrationPoll,
  noted: SynthesisJob | undefined,
  { why, shown }: Silence,
): Promise<Narrated | Overtaken> {
  const { articleId } = look;
  const silent = `silent: ${why}` as const;
  // A restored table may lack the record of files that are in the bucket.
  const synthesisJob = noted ?? { seq: 0 };
  const { reading, tasks = {}, startingAt } = synthesisJob;
  const known = await ports.files.list(audioFolder(articleId));
  const isQuiet = reading === undefined && startingAt === undefined && Object.keys(tasks).length === 0;
  if (isQuiet && known.length === 0 && (await storedTakes(ports, articleId)).size === 0) return silent;
  // The job is always written, so that an invocation that is synthesising notices it.
  if (!(await write(ports, articleId, synthesisJob, { reading: undefined, tasks }))) return 'overtaken';
  if (shown !== undefined) await settleArticle(ports, articleId);
  await removeOlder(ports, articleId, synthesisJob.seq + 1, { known });
  // The progress is read before the files are listed, so that the list has the files of finished tasks.
  const progress = await progressOf(ports, synthesisJob, Object.keys(tasks), look);
  const stored = await storedTakes(ports, articleId);
  for (const take of stored.values()) await ports.files.remove(take);
  const underWay = Object.keys(tasks).filter((take) => progress.get(take) === 'under way' && !stored.has(take));
  const rest = { ...synthesisJob, seq: synthesisJob.seq + 1 };
  if (!(await write(ports, articleId, rest, { reading: undefined, tasks: only(tasks, underWay) }))) return 'overtaken';
  if (underWay.length > 0) await enqueueLater(ports, look);
  return silent;
}

/**
 * Removes the audio of earlier turns, and all files of `known`. Those were listed before the turn was taken, so they
 * are older whatever their number, which may come from a table before it was restored. The CDN may cache a file for a
 * minute; a withdrawn file is purged.
 */
async function removeOlder(
  ports: NarratePorts,
  articleId: string,
  seq: number,
  { reading, known = [] }: { readonly reading?: AudioRendition; readonly known?: readonly string[] },
): Promise<void> {
  const files = await ports.files.list(audioFolder(articleId));
  const older = files.filter(
    (key) => (turnOf(key) <= seq || known.includes(key)) && (reading === undefined || key !== keyOf(reading)),
  );
  if (older.length === 0) return;
  // The purge is requested first, and runs when no earlier request is in flight, so a crash in between loses no purge.
  if (reading === undefined)
    await ports.purgeRequests.send(
      { tags: [articleTag(articleId)], articles: [] },
      { urgent: true, delaySeconds: ports.purgeAgainSeconds },
    );
  for (const key of older) await ports.files.remove(key);
}

async function enqueueLater({ looks }: NarratePorts, look: NarrationPoll): Promise<'under way'> {
  if (look.looks >= maxLooks) throw new Error(`Polly has not finished after ${look.looks} looks`);
  await looks.enqueue({ ...look, looks: look.looks + 1 }, Math.min(2 ** look.looks, longestDelaySeconds));
  return 'under way';
}

async function write(
  ports: NarratePorts,
  articleId: string,
  before: SynthesisJob | undefined,
  { reading, tasks = {}, startingAt }: Omit<SynthesisJob, 'seq'>,
): Promise<boolean> {
  return ports.synthesisJobs.writeSynthesisJob(articleId, {
    seq: (before?.seq ?? 0) + 1,
    ...(reading && { reading }),
    ...(Object.keys(tasks).length > 0 && { tasks }),
    ...(startingAt !== undefined && { startingAt }),
  });
}

/** Returns the keys of the takes in the bucket, by take; if a take has two files, either of them. */
async function storedTakes({ files }: NarratePorts, articleId: string): Promise<ReadonlyMap<string, string>> {
  const folder = takesFolder(articleId);
  return new Map((await files.list(folder)).map((key) => [before(key.slice(folder.length), '.'), key]));
}

async function progressOf(
  { speech }: NarratePorts,
  synthesisJob: SynthesisJob | undefined,
  takes: readonly string[],
  { looks }: NarrationPoll,
): Promise<Map<string, 'under way' | 'done' | 'failed'>> {
  const known = takes.flatMap((take) => {
    const task = synthesisJob?.tasks?.[take];
    return task === undefined ? [] : [[take, task] as const];
  });
  const late = looks < looksUntilLate ? [] : known.slice(0, askedAtOnce);
  return new Map([
    ...known.map(([take]) => [take, 'under way'] as const),
    ...(await Promise.all(late.map(async ([take, task]) => [take, await speech.progress(task)] as const))),
  ]);
}

function without(tasks: SynthesisJob['tasks'], takes: readonly string[]): SynthesisJob['tasks'] {
  return Object.fromEntries(Object.entries(tasks ?? {}).filter(([take]) => !takes.includes(take)));
}

function only(tasks: SynthesisJob['tasks'], takes: readonly string[]): SynthesisJob['tasks'] {
  return Object.fromEntries(Object.entries(tasks ?? {}).filter(([take]) => takes.includes(take)));
}

function keyOf({ href }: AudioRendition): string {
  return href.slice(1);
}

/** Returns the `seq` with which a file was made. */
function turnOf(key: string): number {
  return Number(/\/(\d+)-[^/]*$/.exec(key)?.[1] ?? 0);
}
