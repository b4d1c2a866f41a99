import type { Webhook } from '../events/ports.ts';

/** The time limit for a receiver, which should respond first and work later. */
const timeoutMs = 10_000;

/**
 * Posts to a webhook over HTTP. Redirects are returned and not followed, so that a signed message reaches only its
 * subscriber's address.
 */
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
      // fetch's own message only says that it failed; its `cause` has the reason.
      const { cause, name } = error as Error & {
        readonly cause?: { readonly code?: string; readonly message?: string };
      };
      throw new Error(`no answer (${cause?.code ?? cause?.message ?? name})`, { cause: error });
    }
  }
}
