import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PollyClient } from '@aws-sdk/client-polly';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { missingVoice } from '../../tools/laptop/polly/espeak.ts';
import { startLocalStack } from '../../tools/laptop/stack.ts';
import { clientSettings } from '../../shared/aws/clients.ts';
import { Bucket } from '../../shared/aws/s3-bucket.ts';
import { PollySpeech } from '../../shared/aws/polly-speech.ts';
import { s3SoundFiles } from '../../shared/aws/s3-sound-files.ts';
import { MemorySoundFiles, MemorySpeech } from '../fakes/memory-speech.ts';
import { joined } from '../../shared/audio/mp3.ts';
import type { Articles } from '../../shared/article/ports.ts';
import type { SynthesisJobs, SoundFiles, Speech } from '../../shared/audio/ports.ts';
import type { SynthesisJob } from '../../shared/audio/audio-rendition.ts';
import { writeAssembly } from '../fixtures/small-assembly.ts';
import { engines, local, type EngineKind } from './engines.ts';
import { onEvery, withEngine } from './on-every.ts';

const rendition = {
  digest: 'aaaaaaaaaaaaaaaa',
  voice: 'Amy neural',
  href: '/audio/bbbbbbbbbbbbbbbb/1-cccccccccccccccc.mp3',
  bytes: 12,
  seconds: 3,
};

function recordingsContract(kind: EngineKind): void {
  let synthesisJobs: SynthesisJobs;
  let articles: Articles;

  withEngine(kind, (engine) => {
    ({ synthesisJobs, articles } = engine);
  });

  test('the audio row is absent at first, then reads as it was last written', async () => {
    expect(await synthesisJobs.synthesisJob('first')).toBeUndefined();
    const steps: SynthesisJob[] = [
      { seq: 1, startingAt: 1_777_000_000_000 },
      { seq: 2, tasks: { dddddddddddddddd: 'task-1' } },
      { seq: 3, rendition },
      { seq: 4 },
    ];
    for (const step of steps) {
      expect(await synthesisJobs.writeSynthesisJob('first', step)).toBe(true);
      expect(await synthesisJobs.synthesisJob('first')).toStrictEqual(step);
    }
  });

  test('of many concurrent writers of the audio row, exactly one wins, and only over the row that it read', async () => {
    const rivals = Array.from({ length: 8 }, (_, number): SynthesisJob => ({ seq: 1, startingAt: number }));
    const outcomes = await Promise.all(rivals.map(async (rival) => synthesisJobs.writeSynthesisJob('second', rival)));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(await synthesisJobs.synthesisJob('second')).toStrictEqual(rivals[outcomes.indexOf(true)]);
    expect([
      await synthesisJobs.writeSynthesisJob('second', { seq: 1 }),
      await synthesisJobs.writeSynthesisJob('second', { seq: 3 }),
    ]).toEqual([false, false]);
  });

  test('the audio row is in the stored state of its article, beside any number of holds and versions', async () => {
    const [articleId, uri] = ['third', 'urn:third'];
    for (let received = 1; received <= 6; received += 1) {
      await articles.putHold({ articleId, uri, receivedAt: received, digest: `${received}`.repeat(12), kind: 'held' });
      const article = { uri, versionCreated: '2026-05-01T12:00:00.000Z' };
      await articles.putVersion({
        articleId,
        versionCreated: received,
        revision: 0,
        receivedAt: received,
        digest: `${received}`.repeat(64),
        status: 'usable',
        content: { event: 'article.published', article },
      });
    }
    const seen = async (): Promise<unknown[]> => {
      const { holds, newestFirst, oldestFirst, audioRendition: shown } = await articles.open(articleId);
      const order: number[][] = [[], []];
      for await (const { receivedAt } of newestFirst) order[0]?.push(receivedAt);
      for await (const { receivedAt } of oldestFirst) order[1]?.push(receivedAt);
      return [holds.map(({ receivedAt }) => receivedAt).sort(), order, shown];
    };
    const all = [1, 2, 3, 4, 5, 6];
    expect(await seen()).toEqual([all, [all.toReversed(), all], undefined]);
    await synthesisJobs.writeSynthesisJob(articleId, { seq: 1, rendition, tasks: { a: 'b' } });
    expect(await seen()).toEqual([all, [all.toReversed(), all], rendition]);
    await synthesisJobs.writeSynthesisJob(articleId, { seq: 2 });
    expect(await seen()).toEqual([all, [all.toReversed(), all], undefined]);
  });
}

onEvery(engines, 'audio renditions', recordingsContract);

interface Sound {
  readonly files: SoundFiles;
  readonly speech: Speech;
  /** Ends all synthesis tasks under way. */
  readonly finish: () => Promise<void>;
  readonly close: () => Promise<void>;
}

interface SoundKind {
  readonly name: string;
  /** Why no speech can be synthesised. */
  readonly mute?: string | undefined;
  readonly open: () => Promise<Sound>;
}

async function laptop(directory: string, dataDirectory?: string): Promise<Sound> {
  const assembly = writeAssembly(join(directory, 'assembly'), {
    resources: { Sound: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'sound' } } },
    code: {},
  });
  const stack = await startLocalStack({
    assembly,
    awsPort: 0,
    edgePort: 0,
    ...(dataDirectory !== undefined && { dataDirectory }),
  });
  const settings = { ...local, ...clientSettings(), endpoint: stack.awsUrl };
  const polly = new PollyClient(settings);
  return {
    files: s3SoundFiles(new Bucket('sound', { ...settings, forcePathStyle: true })),
    speech: new PollySpeech(polly, 'sound'),
    // Polly answers ten questions a second.
    finish: () => pause(150),
    close: async () => {
      polly.destroy();
      await stack.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const temporary = (): string => mkdtempSync(join(tmpdir(), 'pressrun-sound-'));
const kinds: readonly SoundKind[] = [
  {
    name: 'memory',
    open: () => {
      const files = new MemorySoundFiles();
      const speech = new MemorySpeech(files);
      return Promise.resolve({ files, speech, finish: () => speech.finish(), close: () => Promise.resolve() });
    },
  },
  { name: "the laptop's S3 and Polly", mute: missingVoice(), open: () => laptop(temporary()) },
  {
    name: 'the same with a directory',
    mute: missingVoice(),
    open: () => {
      const directory = temporary();
      return laptop(directory, join(directory, 'data'));
    },
  },
];

describe.each(kinds)('audio files: $name', ({ mute, open }) => {
  let sound: Sound;

  beforeAll(async () => {
    sound = await open();
  });
  afterAll(async () => {
    await sound.close();
  });

  test('are stored byte for byte until they are removed', async () => {
    const { files } = sound;
    const bytes = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7) % 256);
    expect([await files.read('audio/a/1-x.mp3'), await files.list('audio/a/')]).toEqual([undefined, []]);
    await files.publish('audio/a/1-x.mp3', bytes, ['article:a']);
    await files.publish('audio/a/2-y.mp3', Uint8Array.of(10, 0, 255), ['article:a']);
    await files.publish('audio/ab/1-z.mp3', bytes, ['article:ab']);
    expect(Buffer.from((await files.read('audio/a/1-x.mp3')) ?? []).equals(Buffer.from(bytes))).toBe(true);
    expect([...((await files.read('audio/a/2-y.mp3')) ?? [])]).toEqual([10, 0, 255]);
    expect(await files.list('audio/a/')).toEqual(['audio/a/1-x.mp3', 'audio/a/2-y.mp3']);
    for (let time = 0; time < 2; time += 1) await files.remove('audio/a/1-x.mp3');
    expect([await files.read('audio/a/1-x.mp3'), await files.list('audio/a/')]).toEqual([
      undefined,
      ['audio/a/2-y.mp3'],
    ]);
    expect(await files.list('audio/ab/')).toHaveLength(1);
  });

  test('are all listed, however many a folder holds', async () => {
    const { files } = sound;
    const keys = Array.from({ length: 1203 }, (_, number) => `many/${String(number).padStart(5, '0')}.mp3`);
    for (let start = 0; start < keys.length; start += 100)
      await Promise.all(keys.slice(start, start + 100).map(async (key) => files.publish(key, Uint8Array.of(1), [])));
    expect(await files.list('many/')).toEqual(keys);
  });

  (mute === undefined ? test : test.skip)(
    `a text is read aloud in its own time${mute === undefined ? '' : ` (skipped: ${mute})`}`,
    async () => {
      const { files, speech, finish } = sound;
      const task = await speech.start('take', 'takes/a/', 'Fish & chips <are> “back”.', {
        name: 'Amy',
        engine: 'neural',
      });
      if (task === undefined) throw new Error('there is no room for one task');
      for (let progress = await speech.progress(task); progress !== 'done'; progress = await speech.progress(task)) {
        expect(progress).toBe('under way');
        await finish();
      }
      const [key = '', ...others] = await files.list('takes/a/');
      expect([key.startsWith('takes/a/take.'), others]).toEqual([true, []]);
      expect(joined([(await files.read(key)) ?? new Uint8Array()], 0).seconds).toBeGreaterThan(0.5);
      expect(await speech.progress('00000000-0000-4000-8000-000000000000')).toBe('done');
    },
  );
});
