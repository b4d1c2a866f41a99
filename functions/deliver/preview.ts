import { articleIdOf } from '../../shared/article/article.ts';
import type { Card } from '../../shared/article/card.ts';
import { withCurrentMarkup } from '../../shared/article/current-markup.ts';
import { headStateOf, type Head } from '../../shared/article/head.ts';
import { previewIn, type Preview } from '../../shared/article/preview-token.ts';
import { settle } from '../../shared/article/settle.ts';
import { compareVersions, inOrder, type Content, type Version } from '../../shared/article/version.ts';
import { articleWithout } from '../../shared/picture/picture.ts';
import { pageHeaders } from './document.ts';
import { notFoundPage } from './error-page.ts';
import { uncached, type Response } from './http.ts';
import { articleShownAt } from './live-article.ts';
import { renderedArticle } from './article-response.ts';
import type { DeliverPorts } from './ports.ts';
import type { PreviewPorts } from './preview-ports.ts';
import { readAloud } from './read-aloud.ts';
import type { Site } from './site.ts';

/**
 * Returns the page of a version as readers will see it once it is public, for anyone with a signed link. Nothing is read
 * before the signature is verified, and every other request gets the 404 page of any missing story.
 */
export async function previewResponse(ports: DeliverPorts, site: Site, token: string): Promise<Response> {
  const { preview: previews, clock, pictures } = ports;
  const asked = previews && previewIn(token, await previews.secrets(), clock.now());
  const found = previews && asked && (await previewOf(previews.articles, asked, clock.now()));
  if (!found) return notFoundPage(ports, site);
  const { head, content } = found;
  const article = articleWithout(await articleShownAt(head, content), await pictures.pulled());
  const { body } = await renderedArticle(
    ports,
    { ...site, isPreview: true },
    head,
    readAloud(site, article, head.card),
    content.live,
  );
  return uncached('text/html; charset=utf-8', body, {
    ...pageHeaders(site),
    'x-robots-tag': 'noindex',
    // Anyone with the address can see the page, so other sites must not get it as a referrer.
    'referrer-policy': 'no-referrer',
  });
}

interface Found {
  readonly head: Head & { readonly card: Card; readonly path: string };
  readonly content: Content;
}

/**
 * Returns the head that settle would write at the end of the version's embargo if it were the newest version and there
 * were no hold. Undefined for an erased article.
 */
async function previewOf(
  articles: PreviewPorts['articles'],
  { uri, versionCreated }: Preview,
  now: number,
): Promise<Found | undefined> {
  const articleId = articleIdOf(uri);
  const { holds, newestFirst, oldestFirst, audioRendition } = await articles.open(articleId);
  if (holds.some(({ kind }) => kind === 'erased')) return undefined;
  const version = await versionOf(inOrder(newestFirst, 'newest'), versionCreated);
  if (version?.status !== 'usable') return undefined;
  const at = Math.max(now, version.embargoedUntil ?? -Infinity);
  const { outcome } = await settle(
    {
      holds: [],
      newestFirst: withCurrent(version),
      oldestFirst: upTo(version, inOrder(oldestFirst, 'oldest')),
    },
    at,
  );
  const { path = await articles.pathBefore(version), post, profile } = version.content;
  const claim = path === undefined || post || profile ? undefined : { path, owned: true as const };
  const state = headStateOf(uri, articleId, outcome, claim, at, audioRendition);
  if (outcome.visibility !== 'live' || state.card === undefined || state.path === undefined) return undefined;
  const { card, path: shownPath } = state;
  return {
    head: { ...state, card, path: shownPath, articleId, seq: 0, change: 'live', settledAt: at },
    content: outcome.version.content,
  };
}

async function versionOf(
  newestFirst: AsyncIterable<Version>,
  versionCreated: number | undefined,
): Promise<Version | undefined> {
  for await (const version of newestFirst)
    if (versionCreated === undefined || version.versionCreated === versionCreated) return version;
  return undefined;
}

async function* withCurrent(version: Version): AsyncGenerator<Version> {
  yield { ...version, content: await withCurrentMarkup(version.content) };
}

async function* upTo(last: Version, oldestFirst: AsyncIterable<Version>): AsyncGenerator<Version> {
  for await (const version of oldestFirst) {
    if (compareVersions(version, last) > 0) return;
    yield version;
  }
}
