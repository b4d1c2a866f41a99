import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { CmsApi } from '../cms/ports.ts';
import { xmlTextOf } from '../cms/xml-bytes.ts';
import type { ApiAnswer, ApiRequest } from '../cms/source-api.ts';
import { parsedJson } from '../json.ts';

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

  async ask({ url, headers, format }: ApiRequest): Promise<ApiAnswer> {
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
        const body =
          format === 'xml'
            ? xmlTextOf(await bytesIn(response), response.headers.get('content-type') ?? '')
            : parsedJson(await response.text());
        if (left === 0 || (response.status < 500 && response.status !== 429))
          return { status: response.status, headers: Object.fromEntries(response.headers), body };
      } catch (error) {
        if (error instanceof TooLarge) throw error;
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

/** The largest XML document that is read: it may come from a site that is not the newsroom's. */
const maxXmlBytes = 8 * 1024 * 1024;

class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

async function bytesIn({ url, body }: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the response.
  for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.byteLength;
    if (size > maxXmlBytes) throw new TooLarge(`${URL.parse(url)?.host ?? 'the CMS'} answered more than 8 MB`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
