import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../examples', import.meta.url));

/** A program of examples/, which a test can kill and start again. */
export class Program {
  /** What it has printed, over all its starts. */
  readonly lines: string[] = [];
  readonly #words: readonly string[];
  readonly #environment: Readonly<Record<string, string>>;
  #running: ChildProcess | undefined;

  constructor(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.#words = words;
    this.#environment = environment;
  }

  start(): void {
    const [file = '', ...words] = this.#words;
    const child = spawn(process.execPath, [`${root}/${file}`, ...words], {
      env: { PATH: process.env['PATH'], ...this.#environment },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    createInterface({ input: child.stdout }).on('line', (line) => this.lines.push(line));
    this.#running = child;
  }

  /** Starts the program and waits until it ends. */
  async run(): Promise<void> {
    this.start();
    if (this.#running) await once(this.#running, 'close');
  }

  async kill(): Promise<void> {
    const child = this.#running;
    this.#running = undefined;
    if (child?.kill('SIGKILL') === true) await once(child, 'close');
  }
}
