import type { NarrationPoll, NarrationQueue, SoundFiles, Speech } from '../../shared/audio/ports.ts';
import type { Voice } from '../../shared/audio/speech.ts';

/** Sound files in memory. */
export class MemorySoundFiles implements SoundFiles {
  readonly files = new Map<string, { readonly bytes: Uint8Array; readonly tags: readonly string[] }>();

  list(folder: string): Promise<string[]> {
    return Promise.resolve([...this.files.keys()].filter((key) => key.startsWith(folder)).sort());
  }

  read(key: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.files.get(key)?.bytes);
  }

  publish(key: string, bytes: Uint8Array, tags: readonly string[]): Promise<void> {
    this.files.set(key, { bytes: Uint8Array.from(bytes), tags });
    return Promise.resolve();
  }

  remove(key: string): Promise<void> {
    this.files.delete(key);
    return Promise.resolve();
  }
}

interface Task {
  readonly key: string;
  readonly text: string;
  readonly voice: Voice;
  state: 'under way' | 'done' | 'failed';
}

/** A frame of MPEG-2 layer III, 48 kbit/s, 22,050 Hz, mono: silence. Each is 26 ms. */
const frame = Uint8Array.from([0xff, 0xf3, 0x60, 0xc0, ...new Array<number>(152).fill(0)]);

/** A silent voice: one MP3 frame for each character, when `finish` is called. */
export class MemorySpeech implements Speech {
  readonly tasks = new Map<string, Task>();
  /** How many more tasks it takes. */
  room = Infinity;
  readonly #files: MemorySoundFiles;

  constructor(files: MemorySoundFiles) {
    this.#files = files;
  }

  /** Every text that somebody pays for. */
  get said(): string[] {
    return [...this.tasks.values()].map(({ text }) => text);
  }

  start(partId: string, folder: string, text: string, voice: Voice): Promise<string | undefined> {
    if (this.room === 0) return Promise.resolve(undefined);
    this.room -= 1;
    const id = `task-${this.tasks.size + 1}`;
    this.tasks.set(id, { key: `${folder}${partId}.${id}.mp3`, text, voice, state: 'under way' });
    return Promise.resolve(id);
  }

  progress(task: string): Promise<'under way' | 'done' | 'failed'> {
    return Promise.resolve(this.tasks.get(task)?.state ?? 'done');
  }

  /** Ends the jobs under way. */
  async finish(end: 'done' | 'failed' = 'done', which: (text: string) => boolean = () => true): Promise<void> {
    for (const task of this.tasks.values()) {
      if (task.state !== 'under way' || !which(task.text)) continue;
      if (end === 'done') await this.#files.publish(task.key, Buffer.concat(Array.from(task.text, () => frame)), []);
      task.state = end;
    }
  }
}

/** Polls that somebody asked for, in their order. */
export class MemoryNarrationQueue implements NarrationQueue {
  readonly asked: (NarrationPoll & { readonly delaySeconds: number })[] = [];

  enqueue(poll: NarrationPoll, delaySeconds: number): Promise<void> {
    this.asked.push({ ...poll, delaySeconds });
    return Promise.resolve();
  }
}
