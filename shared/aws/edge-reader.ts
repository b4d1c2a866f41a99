import type { Reader } from '../trace/ports.ts';
import { shownHeader, watchHeader } from '../trace/publish-trace.ts';

const timeoutMs = 5000;
/**
 * Requests for one path within this time share one response, because the changes of a burst appear in the same lists.
 */
const sharedMilliseconds = 250;

interface EdgeReaderOptions {
  readonly now?: () => number;
  /** Lets the watcher pass a web ACL. */
  readonly token?: string | undefined;
}

type Answer = Awaited<ReturnType<Reader['read']>>;

/** Sends HTTP requests to the edge, as any reader does. */
export class EdgeReader implements Reader {
  readonly #url: string;
  readonly #now: () => number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #recent = new Map<string, { readonly at: number; readonly answer: Promise<Answer> }>();

  constructor(host: string, { now = Date.now, token }: EdgeReaderOptions = {}) {
    this.#now = now;
    this.#headers = token === undefined ? {} : { [watchHeader]: token };
    // A laptop's edge has no certificate.
    this.#url = `${host.startsWith('127.0.0.1:') ? 'http' : 'https'}://${host}`;
  }

  async read(path: string): Promise<Answer> {
    const now = this.#now();
    for (const [other, { at }] of this.#recent) if (now - at > sharedMilliseconds) this.#recent.delete(other);
    const request = this.#recent.get(path) ?? { at: now, answer: this.#request(path) };
    this.#recent.set(path, request);
    return request.answer;
  }

  async #request(path: string): Promise<Answer> {
    try {
      const response = await fetch(this.#url + path, {
        headers: this.#headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      return {
        status: response.status,
        shown: response.headers.get(shownHeader) ?? undefined,
        body: await response.text(),
      };
    } catch {
      return { status: 0, body: '' };
    }
  }
}
