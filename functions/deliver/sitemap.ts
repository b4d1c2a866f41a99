import { html, raw } from 'hono/html';
import type { Card } from '../../shared/article/card.ts';
import { withoutXmlFaults } from './feed-parts.ts';
import type { Site } from './site.ts';

/** Google's limits of a news sitemap: 1,000 stories, of the last two days. */
export const maxSitemapStories = 1000;
export const sitemapMilliseconds = 2 * 24 * 60 * 60_000;

/** Returns the language as Google News requires it: an ISO 639 code, except for the two kinds of Chinese. */
function newsLanguage(language: string): string {
  const { language: primary, script, region } = new Intl.Locale(language).maximize();
  if (primary === 'zh') return script === 'Hant' || region === 'TW' ? 'zh-tw' : 'zh-cn';
  return primary;
}

/** Returns a test whether a story's canonical address is at this site. A sitemap has only such stories. */
export function isOwn(site: Site): (card: Card) => boolean {
  const { host } = new URL(site.url);
  return ({ canonicalHost = host }) => canonicalHost === host;
}

/**
 * Returns a sitemap (sitemaps.org/protocol.html) with Google's news extension:
 * https://www.google.com/schemas/sitemap-news/0.9.
 */
export async function newsSitemap(site: Site, cards: readonly Card[]): Promise<string> {
  const document = await html`${raw('<?xml version="1.0" encoding="UTF-8"?>')}
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
${cards.filter(isOwn(site)).map(
  ({
    path,
    headline,
    firstPublished,
    language = site.theme.language,
  }) => html`<url><loc>${site.url}${path}</loc><news:news><news:publication><news:name>${site.theme.name}</news:name><news:language>${newsLanguage(language)}</news:language></news:publication><news:publication_date>${firstPublished}</news:publication_date><news:title>${headline}</news:title></news:news></url>
`,
)}</urlset>
`;
  return withoutXmlFaults(document.toString());
}
