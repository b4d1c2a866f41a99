import { html } from 'hono/html';
import { document, pageHeaders } from './document.ts';
import { failure, type Response } from './http.ts';
import type { Site } from './site.ts';

/** An error for a person. */
export async function errorPage(site: Site, status: number, title: string, text: string, tags: readonly string[] = []): Promise<Response> {
  const page = await document(site, {
    title,
    kind: 'missing',
    head: html`<meta name="robots" content="noindex">`,
    main: html`<h1>${title}</h1><p>${text}</p>`,
  });
  return failure(status, 'text/html; charset=utf-8', page, tags, pageHeaders(site));
}

/** The same page for whatever is not there, so that none of them tells why. */
export function notFoundPage(site: Site, tags: readonly string[] = []): Promise<Response> {
  return errorPage(site, 404, site.words.notFound, site.words.notFoundText, tags);
}
