import { failure, type Response } from './http.ts';
import { missingPage, pageHeaders } from './page.ts';
import type { Site } from './site.ts';

/** An error for a person. */
export async function errorPage(site: Site, status: number, title: string, text: string, tags: readonly string[] = []): Promise<Response> {
  return failure(status, 'text/html; charset=utf-8', await missingPage(site, title, text), tags, pageHeaders);
}

/** The same page for whatever is not there, so that none of them tells why. */
export function notFoundPage(site: Site, tags: readonly string[] = []): Promise<Response> {
  return errorPage(site, 404, 'Page not found', 'There is nothing at this address.', tags);
}
