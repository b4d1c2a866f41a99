import { Session, type Profiler } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

/** V8 loses counts in code that it compiled, so the work is interpreted. */
const compilers = ['sparkplug', 'maglev', 'opt'];

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
  for (const compiler of compilers) setFlagsFromString(`--no-${compiler}`);
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
    for (const compiler of compilers) setFlagsFromString(`--${compiler}`);
    session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}
