import type { Reader } from '../ports.ts';
import { shownHeader } from '../trail.ts';

const patienceMilliseconds = 5000;

/** The edge, over HTTP: nothing of it but what any reader gets. */
export class EdgeReader implements Reader {
  readonly #url: string;

  constructor(host: string) {
    // A laptop's edge has no certificate.
    this.#url = `${host.startsWith('127.0.0.1:') ? 'http' : 'https'}://${host}`;
  }

  async read(path: string): Promise<{ readonly status: number; readonly shown?: string | undefined; readonly body: string }> {
    try {
      const response = await fetch(this.#url + path, { redirect: 'manual', signal: AbortSignal.timeout(patienceMilliseconds) });
      return { status: response.status, shown: response.headers.get(shownHeader) ?? undefined, body: await response.text() };
    } catch {
      return { status: 0, body: '' };
    }
  }
}
