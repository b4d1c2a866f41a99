import { open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { isRecord } from '../fields.ts';

export type Entry = Readonly<Record<string, unknown>>;

export interface JournalOf {
  readonly path: string;
  /** Receives every entry of an earlier process, oldest first. */
  readonly restore: (entries: readonly Entry[]) => void;
  /**
   * Entries that rebuild the present state. It must already include every appended entry: change the state first, then
   * `append`.
   */
  readonly snapshot: () => Iterable<Entry>;
}

const rewriteAtBytes = 32 * 1024 * 1024;

/**
 * State that outlives the process: one JSON line for each change, appended before the change is acknowledged. Entries
 * that arrive during a write share the next one. A line survives a killed process once the operating system has it; a
 * power cut may lose it.
 */
export class Journal {
  readonly #path: string;
  readonly #snapshot: () => Iterable<Entry>;
  #file: FileHandle;
  #bytes: number;
  #rewriteAt: number;
  #pending: string[] = [];
  #last: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  private constructor(path: string, snapshot: () => Iterable<Entry>, { file, bytes }: Rewritten) {
    this.#path = path;
    this.#snapshot = snapshot;
    this.#file = file;
    this.#bytes = bytes;
    this.#rewriteAt = Math.max(rewriteAtBytes, bytes * 2);
  }

  static async open({ path, restore, snapshot }: JournalOf): Promise<Journal> {
    restore(await entriesIn(path));
    // Rewriting also cuts off a last line that a killed process left half written.
    return new Journal(path, snapshot, await rewritten(path, snapshot()));
  }

  /** Resolves when the entry is safe. */
  append(entry: Entry): Promise<void> {
    this.#pending.push(`${JSON.stringify(entry)}\n`);
    if (!this.#next) {
      this.#next = this.#last.then(() => this.#write());
      this.#next.catch(() => undefined);
      this.#last = this.#next;
    }
    return this.#next;
  }

  async close(): Promise<void> {
    try {
      await this.#last;
    } finally {
      await this.#file.close();
    }
  }

  async #write(): Promise<void> {
    const lines = this.#pending.join('');
    this.#pending = [];
    this.#next = undefined;
    if (this.#bytes > this.#rewriteAt) {
      const old = this.#file;
      ({ file: this.#file, bytes: this.#bytes } = await rewritten(this.#path, this.#snapshot()));
      this.#rewriteAt = Math.max(rewriteAtBytes, this.#bytes * 2);
      await old.close();
      return;
    }
    await this.#file.appendFile(lines);
    this.#bytes += lines.length;
  }
}

interface Rewritten {
  readonly file: FileHandle;
  readonly bytes: number;
}

/** Piece by piece: an archive may be longer than any text. */
const pieceLength = 1024 * 1024;

async function rewritten(path: string, snapshot: Iterable<Entry>): Promise<Rewritten> {
  // All in one turn of the event loop, so that entries appended later come after the snapshot.
  const pieces = [''];
  for (const entry of snapshot) {
    if ((pieces.at(-1) ?? '').length > pieceLength) pieces.push('');
    pieces.push(`${pieces.pop() ?? ''}${JSON.stringify(entry)}\n`);
  }
  const file = await open(`${path}.new`, 'w');
  for (const piece of pieces) await file.appendFile(piece);
  await rename(`${path}.new`, path);
  return { file, bytes: pieces.reduce((sum, { length }) => sum + length, 0) };
}

async function entriesIn(path: string): Promise<Entry[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isRecord(error) && error['code'] === 'ENOENT') return [];
    throw error;
  }
  const lines = text.split('\n');
  // The process died while it wrote an incomplete last line, which was never acknowledged.
  lines.pop();
  return lines.map((line, index) => {
    const entry: unknown = JSON.parse(line);
    if (!isRecord(entry)) throw new Error(`${path}:${index + 1} is not a journal entry`);
    return entry;
  });
}
