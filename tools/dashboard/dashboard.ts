import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connection } from '../cli/connection.ts';
import { previewPathOf } from '../cli/preview-link.ts';
import { wayOf } from '../cli/status.ts';
import { clockOf, newsroomZone } from '../cli/zone.ts';
import { comparisonOf } from './comparison.ts';
import { contentSecurityPolicy, documentOf, files } from './document.ts';
import type { EdgeMetricsOf } from './edge-metrics.ts';
import { filterIn, type choicesIn, type Filter } from './filter.ts';
import type { Markup, Surroundings } from './markup.ts';
import { overviewOf } from './overview.ts';
import { overviewMarkup } from './overview-page.ts';
import { storyMarkup, unknownMarkup } from './story-page.ts';

export interface DashboardSettings {
  readonly connection: Connection;
  readonly edgeUrl: string;
  /** Calls the listener when something may have changed, until the returned function is called. */
  readonly onChange: (listener: () => void) => () => void;
  readonly edgeMetrics: EdgeMetricsOf;
  readonly report: (error: unknown) => void;
}

/** Updates within this time are sent together. */
const gatherMilliseconds = 250;

/** How long a preview link of the dashboard can be opened. */
const previewMs = 3_600_000;

interface Page {
  readonly main: Markup;
  readonly title: string;
  readonly filter?: { readonly chosen: Filter; readonly choices: ReturnType<typeof choicesIn> };
}

/** The dashboard: pages of the results of `status` and `trace`, from the same rows, that update by themselves. */
export class Dashboard {
  readonly #settings: DashboardSettings;
  readonly #surroundings: Surroundings;

  constructor(settings: DashboardSettings) {
    this.#settings = settings;
    this.#surroundings = { edgeUrl: settings.edgeUrl, timeZone: newsroomZone() };
  }

  /** Returns whether the dashboard answered the request. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const { pathname, searchParams } = new URL(`http://localhost${request.url ?? '/'}`);
    if (request.method !== 'GET') return false;
    const file = files.get(pathname);
    if (file) {
      response.writeHead(200, { 'content-type': file.type, 'cache-control': 'no-cache' }).end(file.text);
      return true;
    }
    const answer = this.#answerTo(pathname);
    if (!answer) return false;
    answer(response, searchParams).catch((error: unknown) => {
      this.#settings.report(error);
      response.destroy();
    });
    return true;
  }

  #answerTo(pathname: string): ((response: ServerResponse, query: URLSearchParams) => Promise<void>) | undefined {
    switch (pathname) {
      case '/_desk':
        return async (response, query) => this.#page(response, query);
      case '/_desk/live':
        return async (response, query) => this.#live(response, query);
      case '/_desk/preview':
        return async (response, query) => this.#preview(response, query);
      default:
        return undefined;
    }
  }

  async #page(response: ServerResponse, query: URLSearchParams, page?: Page, status = 200): Promise<void> {
    const { stage } = this.#settings.connection;
    const text = await documentOf({
      ...(page ?? (await this.#shown(query))),
      stage: stage === 'local' ? undefined : stage,
      uri: uriIn(query),
    });
    response
      .writeHead(status, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': contentSecurityPolicy,
        'referrer-policy': 'no-referrer',
      })
      .end(text);
  }

  /** Server-sent events: the main part of the page as it is now, and again whenever it has changed. */
  async #live(response: ServerResponse, query: URLSearchParams): Promise<void> {
    const { onChange, report } = this.#settings;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    let shown = '';
    let timer: NodeJS.Timeout | undefined;
    const show = async (): Promise<void> => {
      const main = JSON.stringify((await (await this.#shown(query)).main).toString());
      if (main !== shown && !response.destroyed) response.write(`data: ${main}\n\n`);
      shown = main;
    };
    const stop = onChange(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        show().catch(report);
      }, gatherMilliseconds);
    });
    response.on('close', () => {
      stop();
      clearTimeout(timer);
    });
    await show();
  }

  /** Leads to the page of a version as readers will see it. The link is made when it is asked for, since it expires. */
  async #preview(response: ServerResponse, query: URLSearchParams): Promise<void> {
    const { connection, edgeUrl } = this.#settings;
    try {
      const named = query.get('version') ?? undefined;
      const expiresAt = Date.now() + previewMs;
      const path = await previewPathOf(connection, { uri: uriIn(query) ?? '', named, expiresAt });
      response.writeHead(302, { location: edgeUrl + path, 'cache-control': 'no-store' }).end();
    } catch (error) {
      await this.#page(response, query, unknown(error), 404);
    }
  }

  async #shown(query: URLSearchParams): Promise<Page> {
    const uri = uriIn(query);
    return uri === undefined ? this.#overview(query) : this.#story(uri, query);
  }

  async #overview(query: URLSearchParams): Promise<Page> {
    const chosen = filterIn(query);
    const overview = await overviewOf(this.#settings, chosen, Date.now(), this.#when);
    return {
      main: overviewMarkup(overview, this.#surroundings),
      title: 'Dashboard',
      filter: { chosen, choices: overview.choices },
    };
  }

  async #story(uri: string, query: URLSearchParams): Promise<Page> {
    const { connection } = this.#settings;
    try {
      const way = await wayOf(connection, uri, this.#when);
      const versions = way.history.filter(({ number }) => number !== undefined).length;
      const asked = { older: query.get('older') ?? undefined, newer: query.get('newer') ?? undefined };
      const comparison = await comparisonOf(connection, uri, versions, asked);
      return { main: storyMarkup(way, comparison, this.#surroundings), title: `${uri} – Dashboard` };
    } catch (error) {
      return unknown(error);
    }
  }

  readonly #when = (instant: number): string => clockOf(this.#surroundings.timeZone)(instant);
}

function uriIn(query: URLSearchParams): string | undefined {
  const given = query.get('uri')?.trim() ?? '';
  return given === '' ? undefined : given;
}

function unknown(error: unknown): Page {
  return {
    main: unknownMarkup(error instanceof Error ? error.message : String(error)),
    title: 'Not known – Dashboard',
  };
}
