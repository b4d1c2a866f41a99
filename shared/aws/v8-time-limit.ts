import { createContext, Script } from 'node:vm';
import { NoTimeLeft, Overrun, type TimeLimit } from '../time-limit.ts';

const context = createContext({});
const script = new Script('work()');

/**
 * Returns a limit of `milliseconds` for synchronous work. V8 ends the work from another thread, even an endless loop.
 * If less than that is left of the invocation (`left`, ms), the work is not started, because the invocation's end would
 * be mistaken for an overrun.
 */
export function timeLimit(milliseconds: number, left: () => number): TimeLimit {
  return <T>(work: () => T): T => {
    if (left() < milliseconds) throw new NoTimeLeft('no time is left for this message: it is delivered again');
    context['work'] = work;
    try {
      return script.runInContext(context, { timeout: milliseconds }) as T;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      throw new Overrun(`must be simpler: validating it takes more than ${milliseconds} ms`);
    }
  };
}

function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
