import type { SynthesisJob } from './audio-rendition.ts';
import type { Voice } from './speech.ts';

/** Synthesis jobs, stored in the articles table. */
export interface SynthesisJobs {
  synthesisJob(articleId: string): Promise<SynthesisJob | undefined>;
  /**
   * Writes the job if the stored `seq` is one less (for 1: if there is none). Returns false if another writer was
   * faster.
   */
  writeSynthesisJob(articleId: string, synthesisJob: SynthesisJob): Promise<boolean>;
}

/** A text-to-speech service with asynchronous tasks. */
export interface Speech {
  /**
   * Starts the synthesis of a text and returns the id of its task; undefined if the service takes no more tasks now.
   * The result is a file in the folder, with a name that begins with the part's id.
   */
  start(partId: string, folder: string, text: string, voice: Voice): Promise<string | undefined>;
  progress(task: string): Promise<'under way' | 'done' | 'failed'>;
}

/** The storage of audio files. Keys are paths without a leading slash. */
export interface SoundFiles {
  list(folder: string): Promise<string[]>;
  /** Returns undefined if there is no such file. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** Stores a file for readers, with the cache tags by which the CDN purges it. */
  publish(key: string, bytes: Uint8Array, tags: readonly string[]): Promise<void>;
  /** Idempotent: removing a missing file has no effect. */
  remove(key: string): Promise<void>;
}

/** The queue of polls of synthesis jobs. */
export interface NarrationQueue {
  enqueue(poll: NarrationPoll, delaySeconds: number): Promise<void>;
}

/** The next poll of one article's synthesis job; `polls` counts those so far. */
export interface NarrationPoll {
  readonly articleId: string;
  readonly polls: number;
  readonly correlationId?: string | undefined;
}
