import { Session, type Profiler } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

/** V8 loses counts in code that it compiled, so the work is interpreted. */
const compilers = ['sparkplug', 'maglev', 'opt'];

/**
 * Counts the calls of functions in shared/ and functions/, as V8 counts them: a measure of work without a clock. V8
 * visits its whole heap when it begins to count, which is slow in a Jest worker, so a describe block has one counter.
 */
export class CallCounter {
  readonly #session = new Session();

  /** With `detailed`, each round of a loop and each branch taken counts too. */
  constructor({ detailed }: { readonly detailed: boolean }) {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed });
  }

  callsOf(work: () => void): number {
    for (const compiler of compilers) setFlagsFromString(`--no-${compiler}`);
    try {
      this.#take();
      work();
      return this.#take();
    } finally {
      for (const compiler of compilers) setFlagsFromString(`--${compiler}`);
    }
  }

  stop(): void {
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }

  /** Returns the calls since the last time. */
  #take(): number {
    let calls = 0;
    this.#session.post(
      'Profiler.takePreciseCoverage',
      (_error: Error | null, { result }: Profiler.TakePreciseCoverageReturnType) => {
        for (const { url, functions } of result) {
          if (!/\/(?:shared|functions)\//.test(url) || url.includes('node_modules')) continue;
          for (const { ranges } of functions) for (const { count } of ranges) calls += count;
        }
      },
    );
    return calls;
  }
}
