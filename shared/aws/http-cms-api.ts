import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { CmsApi } from '../cms/ports.ts';
import type { ApiAnswer, ApiRequest } from '../cms/source-api.ts';

/** The time between two requests: three a second leave capacity for the CMS's readers and editors. */
const pauseMilliseconds = 330;
const timeoutMs = 20_000;
const tries = 3;

/** Sends requests to the CMS's API over HTTP at a bounded rate, and retries transient errors. */
export class HttpCmsApi implements CmsApi {
  readonly #clock: Clock;
  #next = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async ask({ url, headers }: ApiRequest): Promise<ApiAnswer> {
    for (let left = tries - 1; ; left -= 1) {
      const now = this.#clock.now();
      const wait = this.#next - now;
      this.#next = Math.max(this.#next, now) + pauseMilliseconds;
      if (wait > 0) await pause(wait);
      try {
        const response = await fetch(url, {
          headers: { accept: 'application/json', ...headers },
          signal: AbortSignal.timeout(timeoutMs),
        });
        const text = await response.text();
        if (left === 0 || (response.status < 500 && response.status !== 429))
          return { status: response.status, headers: Object.fromEntries(response.headers), body: jsonIn(text) };
      } catch (error) {
        if (left === 0) throw new Error(`${URL.parse(url)?.host ?? 'the CMS'} does not answer: ${reasonOf(error)}`);
      }
      // The pause grows with each retry, to relieve a busy CMS.
      this.#next += pauseMilliseconds * 4 * (tries - left);
    }
  }
}

/** Returns only the error's code or name: its message may contain the address, and with it the API key. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : error.name;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
