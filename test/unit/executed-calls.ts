import { Session, type Profiler } from 'node:inspector';

/** How many calls of functions in shared/ and functions/ some work takes, as V8 counts them: a measure of work that no clock has a part in. */
export function callsOf(work: () => void): number {
  return executed(work, false);
}

/** The same with each round of a loop and each branch taken, as V8 counts blocks. */
export function blocksOf(work: () => void): number {
  return executed(work, true);
}

function executed(work: () => void, detailed: boolean): number {
  const session = new Session();
  session.connect();
  try {
    session.post('Profiler.enable');
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed });
    work();
    let calls = 0;
    session.post(
      'Profiler.takePreciseCoverage',
      (_error: Error | null, { result }: Profiler.TakePreciseCoverageReturnType) => {
        for (const { url, functions } of result) {
          if (!/\/(?:shared|functions)\//.test(url) || url.includes('node_modules')) continue;
          for (const { ranges } of functions) for (const { count } of ranges) calls += count;
        }
      },
    );
    return calls;
  } finally {
    session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}
