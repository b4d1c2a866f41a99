import { html, raw } from 'hono/html';
import type { Card } from '../../shared/article/card.ts';
import { latest } from '../../shared/feed/placement.ts';
import { withoutXmlFaults } from './feed-parts.ts';
import { fitsAnswer } from './http.ts';
import type { DeliverPorts } from './ports.ts';
import { isOwn } from './sitemap.ts';
import type { Site } from './site.ts';

/** Sitemaps may have 50,000 addresses (sitemaps.org). This many of usual length fit into one response of a function. */
const maxStories = 20_000;
const pageLength = 500;
/** Fifty years. */
const maxMonths = 600;

type Pages = Pick<DeliverPorts, 'feeds'>;

const namespace = 'http://www.sitemaps.org/schemas/sitemap/0.9';

/** Returns the index of the months that have stories, newest first. Takes one query for each month. */
export async function sitemapIndex({ feeds }: Pages, site: Site): Promise<string> {
  const months: string[] = [];
  let after: string | undefined;
  while (months.length < maxMonths) {
    const [entry] = (await feeds.page(latest, 1, after)).entries;
    if (!entry) break;
    const month = entry.place.slice(0, 7);
    months.push(month);
    // Lists are read backwards, so the entry after the month's first instant is older than the month.
    after = `${month}-01T00:00:00.000Z`;
  }
  const document = await html`${raw('<?xml version="1.0" encoding="UTF-8"?>')}
<sitemapindex xmlns="${namespace}">${months.map((month) => html`<sitemap><loc>${site.url}/sitemap-${month}.xml</loc></sitemap>`)}</sitemapindex>
`;
  return document.toString();
}

/** Returns the stories of a month, `2026-05`, newest first; undefined if there are none. */
export async function monthSitemap({ feeds }: Pages, site: Site, month: string): Promise<string | undefined> {
  const cards: Card[] = [];
  // Lists are read backwards, so the walk begins above the month's last day.
  let after: string | undefined = `${month}-32`;
  while (after !== undefined && cards.length < maxStories) {
    const page = await feeds.page(latest, pageLength, after);
    const within = page.entries.filter(({ place }) => place.startsWith(month));
    cards.push(...within.map(({ card }) => card));
    after = page.more && within.length === page.entries.length ? page.entries.at(-1)?.place : undefined;
  }
  if (cards.length === 0) return undefined;
  for (let kept = cards.slice(0, maxStories); ; kept = kept.slice(0, Math.ceil(kept.length * 0.8))) {
    const document = await urlSet(site, kept);
    if (fitsAnswer(document)) return document;
  }
}

async function urlSet(site: Site, cards: readonly Card[]): Promise<string> {
  const document = await html`${raw('<?xml version="1.0" encoding="UTF-8"?>')}
<urlset xmlns="${namespace}">
${cards.filter(isOwn(site)).map(
  ({ path, updated }) => html`<url><loc>${site.url}${path}</loc><lastmod>${updated}</lastmod></url>
`,
)}</urlset>
`;
  return withoutXmlFaults(document.toString());
}
