import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connection } from '../cli/connection.ts';
import { statusOf, wayOf } from '../cli/status.ts';
import { clockOf, newsroomZone } from '../cli/zone.ts';
import {
  dashboardDocument,
  statusMarkup,
  unknownMarkup,
  wayMarkup,
  type Markup,
  type Surroundings,
} from './dashboard-page.ts';

export interface DashboardSettings {
  readonly connection: Connection;
  readonly edgeUrl: string;
  /** Calls the listener when something may have changed, until the returned function is called. */
  readonly onChange: (listener: () => void) => () => void;
  readonly report: (error: unknown) => void;
}

/** Updates within this time are sent together. */
const gatherMilliseconds = 250;

/** The dashboard: a page of the results of `status` and `trace`, from the same rows, that updates by itself. */
export class Dashboard {
  readonly #connection: Connection;
  readonly #surroundings: Surroundings;
  readonly #onChange: DashboardSettings['onChange'];
  readonly #report: (error: unknown) => void;

  constructor({ connection, edgeUrl, onChange, report }: DashboardSettings) {
    this.#connection = connection;
    this.#surroundings = { edgeUrl, timeZone: newsroomZone() };
    this.#onChange = onChange;
    this.#report = report;
  }

  /** Returns whether the dashboard answered the request. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const { pathname, searchParams } = new URL(`http://localhost${request.url ?? '/'}`);
    const given = searchParams.get('uri')?.trim() ?? '';
    const uri = given === '' ? undefined : given;
    if (request.method !== 'GET' || (pathname !== '/_desk' && pathname !== '/_desk/live')) return false;
    const answered = pathname === '/_desk' ? this.#page(response, uri) : this.#live(response, uri);
    answered.catch((error: unknown) => {
      this.#report(error);
      response.destroy();
    });
    return true;
  }

  async #page(response: ServerResponse, uri: string | undefined): Promise<void> {
    const page = await dashboardDocument(await this.#main(uri), uri);
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(page);
  }

  /** Server-sent events: the main part of the page as it is now, and again whenever it has changed. */
  async #live(response: ServerResponse, uri: string | undefined): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    let shown = '';
    let timer: NodeJS.Timeout | undefined;
    const show = async (): Promise<void> => {
      const main = JSON.stringify((await this.#main(uri)).toString());
      if (main !== shown && !response.destroyed) response.write(`data: ${main}\n\n`);
      shown = main;
    };
    const stop = this.#onChange(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        show().catch((error: unknown) => {
          this.#report(error);
        });
      }, gatherMilliseconds);
    });
    response.on('close', () => {
      stop();
      clearTimeout(timer);
    });
    await show();
  }

  async #main(uri: string | undefined): Promise<Awaited<Markup>> {
    const when = clockOf(this.#surroundings.timeZone);
    if (uri === undefined) return statusMarkup(await statusOf(this.#connection, when), this.#surroundings);
    try {
      return await wayMarkup(await wayOf(this.#connection, uri, when), this.#surroundings);
    } catch (error) {
      return unknownMarkup(error instanceof Error ? error.message : String(error));
    }
  }
}
