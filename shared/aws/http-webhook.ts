import type { Webhook } from '../ports.ts';

/** As long as a receiver may take: it should answer first and work later. */
const timeoutMs = 10_000;

/** A webhook over HTTP. Redirects are answers like any other: a signed message goes nowhere but where it was sent. */
export class HttpWebhook implements Webhook {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async post(headers: Readonly<Record<string, string>>, body: string): Promise<number> {
    const response = await this.#answer({
      method: 'POST',
      redirect: 'manual',
      headers: { 'user-agent': 'Pressrun', ...headers },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    return response.status;
  }

  async #answer(request: RequestInit): Promise<Response> {
    try {
      return await fetch(this.#url, request);
    } catch (error) {
      // All that fetch itself says is that it failed.
      const { cause, name } = error as Error & {
        readonly cause?: { readonly code?: string; readonly message?: string };
      };
      throw new Error(`no answer (${cause?.code ?? cause?.message ?? name})`, { cause: error });
    }
  }
}
