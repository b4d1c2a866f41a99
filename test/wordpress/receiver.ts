import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Between WordPress and Pressrun: passes requests on, or answers itself as a service that fails does. */
export class Receiver {
  /** The status that it answers instead of passing a request on. */
  failing: number | undefined;
  readonly bodies: Record<string, unknown>[] = [];
  readonly #server: Server;

  private constructor(to: string) {
    this.#server = createServer((request, response) => {
      void (async () => {
        const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
        this.bodies.push(JSON.parse(body.toString()) as Record<string, unknown>);
        if (this.failing !== undefined) {
          response.writeHead(this.failing).end();
          return;
        }
        const headers = Object.entries(request.headers).filter(([name]) => /^(?:content-type|x-wp-.*)$/.test(name));
        const answer = await fetch(to, { method: 'POST', headers: headers as [string, string][], body });
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
        response.end(await answer.text());
      })();
    });
  }

  static async open(to: string): Promise<Receiver> {
    const receiver = new Receiver(to);
    await new Promise<void>((resolve) => receiver.#server.listen({ port: 0, host: '127.0.0.1' }, resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ingest/wordpress`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
