import { Session, type Profiler } from 'node:inspector';

/** How many calls of functions in shared/ and functions/ some work takes, as V8 counts them: a measure of work that no clock has a part in. */
export function callsOf(work: () => void): number {
  const session = new Session();
  session.connect();
  try {
    session.post('Profiler.enable');
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    work();
    let calls = 0;
    session.post(
      'Profiler.takePreciseCoverage',
      (_error: Error | null, { result }: Profiler.TakePreciseCoverageReturnType) => {
        for (const { url, functions } of result) {
          if (!/\/(?:shared|functions)\//.test(url) || url.includes('node_modules')) continue;
          for (const { ranges } of functions) calls += ranges[0]?.count ?? 0;
        }
      },
    );
    return calls;
  } finally {
    session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}
