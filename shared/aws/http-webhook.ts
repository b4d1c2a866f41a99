import type { Webhook } from '../ports.ts';

/** As long as a receiver may take: it should answer first and work later. */
const patienceMilliseconds = 10_000;

/** A webhook over HTTP. Redirects are answers like any other: a signed message goes nowhere but where it was sent. */
export class HttpWebhook implements Webhook {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async post(headers: Readonly<Record<string, string>>, body: string): Promise<number> {
    const response = await fetch(this.#url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'user-agent': 'Pressrun', ...headers },
      body,
      signal: AbortSignal.timeout(patienceMilliseconds),
    });
    await response.body?.cancel();
    return response.status;
  }
}
