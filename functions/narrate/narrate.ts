import { joined } from '../../shared/audio/mp3.ts';
import type { Look, NarrationQueue, PurgeRequests, SynthesisJobs, SoundFiles, Speech } from '../../shared/ports.ts';
import {
  audioFolder,
  takesFolder,
  type AudioRendition,
  type SynthesisJob,
} from '../../shared/audio/audio-rendition.ts';
import { settleArticle, type SettlePorts } from '../../shared/article/settle-article.ts';
import { shortDigest, spokenDigest, takeOf, type Voices } from '../../shared/audio/speech.ts';
import { articleTag } from '../../shared/purge/tags.ts';
import { scriptOf, type Script, type Silence } from './script.ts';
import { before } from '../../shared/trim.ts';

export interface NarratePorts extends SettlePorts {
  readonly synthesisJobs: SynthesisJobs;
  readonly speech: Speech;
  readonly files: SoundFiles;
  readonly looks: NarrationQueue;
  readonly purgeRequests: PurgeRequests;
  readonly voices: Voices;
  /** BCP 47, of what no article says. */
  readonly language: string;
  /** After how many seconds nothing can be in flight any more that was asked for before a file was removed. */
  readonly purgeAgainSeconds: number;
}

/** What came of a look, for the log. */
export type Narrated = 'recorded' | 'stands' | 'under way' | `silent: ${string}`;

/** Half an hour and more: Polly takes seconds. */
const maxLooks = 36;
const longestDelaySeconds = 60;
/** Longer than asking Polly for every piece of the longest story; whoever asked for longer has died. */
const startingMilliseconds = 60_000;
/** What Polly lets an account ask for at once leaves room for more than this. */
const startedAtOnce = 4;
const pauseSeconds = 0.5;

/**
 * Brings the audio of an article in line with what readers see of it. Level-triggered: whatever was announced, and however often,
 * what is recorded is the version shown now. Polly takes its time, so it is asked for the pieces that do not lie there yet, and
 * looked at again; once all lie there they are joined to one file, noted beside the versions, and settle shows it.
 */
export async function narrate(ports: NarratePorts, look: Look): Promise<Narrated> {
  for (;;) {
    // Read first: it is written on condition that nobody wrote it since, and so nothing older than the script can be.
    const synthesisJob = await ports.synthesisJobs.synthesisJob(look.articleId);
    const script = await scriptOf(ports, look.articleId);
    const narrated =
      'why' in script
        ? await fallSilent(ports, look, synthesisJob, script)
        : await read(ports, look, synthesisJob, script);
    if (narrated !== 'overtaken') return narrated;
  }
}

type Overtaken = 'overtaken';

async function read(
  ports: NarratePorts,
  look: Look,
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
    // A file of the next turn is being made, or its maker died before it noted it. It may be removed by nobody but who has that turn.
    const isAhead = published.some((key) => turnOf(key) > synthesisJob.seq);
    if (isAhead && !(await write(ports, articleId, synthesisJob, synthesisJob))) return 'overtaken';
    await removeOlder(ports, articleId, synthesisJob.seq + Number(isAhead), { reading, known: published });
    return 'stands';
  }

  const takes = new Map(script.pieces.map((piece) => [takeOf(piece, script.voice), piece]));
  let lying = await lyingTakes(ports, articleId);
  const progress = await progressOf(
    ports,
    synthesisJob,
    [...takes.keys()].filter((take) => !lying.has(take)),
  );
  // What was done by then lies there by now, or was removed.
  if ([...progress.values()].includes('done')) lying = await lyingTakes(ports, articleId);
  const missing = [...takes.keys()].filter((take) => !lying.has(take));
  const failed = missing.filter((take) => progress.get(take) === 'failed');
  if (failed.length > 0) {
    if (!(await write(ports, articleId, synthesisJob, { reading, tasks: without(synthesisJob?.tasks, failed) })))
      return 'overtaken';
    throw new Error(`Polly failed to read ${failed.length} pieces of the story aloud: they are asked for again`);
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
    await start(
      ports,
      articleId,
      toStart.map((take) => [take, takes.get(take) ?? '']),
      script,
      now,
    );
    return enqueueLater(ports, look);
  }
  if (missing.length > 0) return enqueueLater(ports, look);
  return publish(ports, articleId, synthesisJob, lying, script, { digest, voice }, published);
}

async function start(
  ports: NarratePorts,
  articleId: string,
  pieces: readonly (readonly [take: string, piece: string])[],
  { voice }: Script,
  since: number,
): Promise<void> {
  const started = new Map<string, string>();
  try {
    for (let first = 0; first < pieces.length; first += startedAtOnce) {
      const some = pieces.slice(first, first + startedAtOnce);
      const outcomes = await Promise.allSettled(
        some.map(async ([take, piece]) => {
          started.set(take, await ports.speech.start(take, takesFolder(articleId), piece, voice));
        }),
      );
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    }
  } finally {
    // Whatever came in between, a withdrawal too: what nobody knows of would lie there for ever.
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
  lying: ReadonlyMap<string, string>,
  { pieces, voice }: Script,
  said: Pick<AudioRendition, 'digest' | 'voice'>,
  published: readonly string[],
): Promise<Narrated | Overtaken> {
  const takes = await Promise.all(pieces.map(async (piece) => ports.files.read(lying.get(takeOf(piece, voice)) ?? '')));
  const sounds = takes.filter((take) => take !== undefined);
  if (sounds.length < takes.length) return 'overtaken';
  const { bytes, seconds } = joined(sounds, pauseSeconds);
  // By its own content and its turn: no two recordings have one name, so whoever removes the older never removes the newer.
  const href = `/${audioFolder(articleId)}${(synthesisJob?.seq ?? 0) + 1}-${shortDigest(bytes)}.mp3`;
  const reading: AudioRendition = { ...said, href, bytes: bytes.length, seconds: Math.max(1, Math.round(seconds)) };
  await ports.files.publish(keyOf(reading), bytes, [articleTag(articleId)]);
  if (
    !(await write(ports, articleId, synthesisJob, { reading, tasks: without(synthesisJob?.tasks, [...lying.keys()]) }))
  )
    return 'overtaken';
  await settleArticle(ports, articleId);
  await removeOlder(ports, articleId, (synthesisJob?.seq ?? 0) + 1, { reading, known: published });
  return 'recorded';
}

/** What no reader is to hear any more is forgotten, then removed, then purged; the takes go with it. */
async function fallSilent(
  ports: NarratePorts,
  look: Look,
  noted: SynthesisJob | undefined,
  { why, shown }: Silence,
): Promise<Narrated | Overtaken> {
  const { articleId } = look;
  const silent = `silent: ${why}` as const;
  // A table that was restored knows nothing, or less, of what lies there.
  const synthesisJob = noted ?? { seq: 0 };
  const { reading, tasks = {}, startingAt } = synthesisJob;
  const known = await ports.files.list(audioFolder(articleId));
  const isQuiet = reading === undefined && startingAt === undefined && Object.keys(tasks).length === 0;
  if (isQuiet && known.length === 0 && (await lyingTakes(ports, articleId)).size === 0) return silent;
  // Before the files are looked for: what is done by now lies there by then.
  const progress = await progressOf(ports, synthesisJob, Object.keys(tasks));
  const underWay = Object.keys(tasks).filter((take) => progress.get(take) === 'under way');
  // Written whatever it says: whoever is recording finds out by it.
  if (!(await write(ports, articleId, synthesisJob, { reading: undefined, tasks }))) return 'overtaken';
  if (shown !== undefined) await settleArticle(ports, articleId);
  await removeOlder(ports, articleId, synthesisJob.seq + 1, { known });
  for (const take of (await lyingTakes(ports, articleId)).values()) await ports.files.remove(take);
  const rest = { ...synthesisJob, seq: synthesisJob.seq + 1 };
  if (!(await write(ports, articleId, rest, { reading: undefined, tasks: only(tasks, underWay) }))) return 'overtaken';
  if (underWay.length > 0) await enqueueLater(ports, look);
  return silent;
}

/**
 * Removes the audio of earlier turns, and of `known` all: seen before the turn was taken, it is older whatever its number says, which
 * may be that of a table from before a restore. The CDN may have kept it for a minute; what is withdrawn is purged.
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
  // Asked for first, and done when nothing asked for before can be on its way any more: a crash in between loses no purge.
  if (reading === undefined)
    await ports.purgeRequests.ask(
      { tags: [articleTag(articleId)], articles: [] },
      { urgent: true, delaySeconds: ports.purgeAgainSeconds },
    );
  for (const key of older) await ports.files.remove(key);
}

async function enqueueLater({ looks }: NarratePorts, look: Look): Promise<'under way'> {
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

/** The takes of an article that lie there, and where; of two of one, any. */
async function lyingTakes({ files }: NarratePorts, articleId: string): Promise<ReadonlyMap<string, string>> {
  const folder = takesFolder(articleId);
  return new Map((await files.list(folder)).map((key) => [before(key.slice(folder.length), '.'), key]));
}

async function progressOf(
  { speech }: NarratePorts,
  synthesisJob: SynthesisJob | undefined,
  takes: readonly string[],
): Promise<Map<string, 'under way' | 'done' | 'failed'>> {
  const known = takes.flatMap((take) => {
    const task = synthesisJob?.tasks?.[take];
    return task === undefined ? [] : [[take, task] as const];
  });
  return new Map(await Promise.all(known.map(async ([take, task]) => [take, await speech.progress(task)] as const)));
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

/** The `seq` under which a file was made. */
function turnOf(key: string): number {
  return Number(/\/(\d+)-[^/]*$/.exec(key)?.[1] ?? 0);
}
