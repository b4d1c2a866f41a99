import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { Shown } from '../../shared/picture/renditions.ts';
import { frameSources } from '../../shared/site/embeds.ts';
import type { CspDirective, Theme } from '../../shared/site/theme.ts';
import { embedScript } from './embed-script.ts';
import { liveScript } from './live-script.ts';
import { script } from './script.ts';
import { directionOf } from '../../shared/article/language.ts';
import { languageAttributes } from './language.ts';
import { absolute, type Site } from './site.ts';
import { styleOf } from './style.ts';

export type Markup = ReturnType<typeof html>;

/** The parts of a page that differ from page to page. */
export interface PageParts {
  /** BCP 47; the site's language if absent. */
  readonly language?: string | undefined;
  readonly title: string;
  /** Whether search engines must not list the page. */
  readonly isUnlisted?: true;
  /** The kind of page, by which the stylesheet selects. */
  readonly kind: string;
  /** The path of the page's section, which the navigation marks. */
  readonly section?: string | undefined;
  readonly head: Markup;
  readonly main: Markup;
  /** Whether the page needs the script that loads the rails. */
  readonly hasRails?: true;
  /** Whether the page needs the script that asks for new posts. */
  readonly asksForPosts?: boolean;
  /** Whether the page needs the script that shows content of other sites. */
  readonly hasEmbeds?: boolean;
}

const styles = new WeakMap<Theme, { readonly style: string; readonly policy: string }>();

/**
 * Returns the stylesheet of a theme, and the Content-Security-Policy of its pages. The policy allows this stylesheet, the
 * pages' own scripts, the frames of the theme's providers, and the sources that the theme adds.
 */
function styleAndPolicyOf(theme: Theme): { readonly style: string; readonly policy: string } {
  const known = styles.get(theme);
  if (known) return known;
  const style = styleOf(theme);
  const more = (directive: CspDirective): string =>
    (theme.csp?.[directive] ?? []).map((source) => ` ${source}`).join('');
  const frames = [...frameSources(theme), ...(theme.csp?.['frame-src'] ?? [])];
  const policy = [
    "default-src 'none'",
    // Agencies serve pictures and sound from any host.
    `img-src https: http:${more('img-src')}`,
    `media-src https: http:${more('media-src')}`,
    `style-src ${hashOf(style)}${more('style-src')}`,
    `script-src ${hashOf(script)} ${hashOf(liveScript)} ${hashOf(embedScript)}${more('script-src')}`,
    `connect-src 'self'${more('connect-src')}`,
    ...(frames.length === 0 ? [] : [`frame-src ${frames.join(' ')}`]),
    ...(theme.csp?.['font-src'] ? [`font-src${more('font-src')}`] : []),
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const made = { style, policy };
  styles.set(theme, made);
  return made;
}

/** Returns the hash source of an element's content (CSP 3, §2.3.1). */
function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Returns the headers of every page: its Content-Security-Policy. */
export function pageHeaders({ theme }: Site): Readonly<Record<string, string>> {
  return { 'content-security-policy': styleAndPolicyOf(theme).policy };
}

export async function document(
  site: Site,
  { language: own, title, kind, section, head, main, hasRails, asksForPosts, hasEmbeds, isUnlisted }: PageParts,
): Promise<string> {
  const { theme, words } = site;
  const { name, logo, sections } = theme;
  const language = own ?? theme.language;
  const frame = languageAttributes(theme.language, directionOf(language));
  const page = await html`<!doctype html>
<html${languageAttributes(language)}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title === name ? name : `${title} – ${name}`}</title>
<meta name="robots" content="${isUnlisted === true || site.isPreview === true ? 'noindex' : 'max-image-preview:large'}">
<style>${raw(styleAndPolicyOf(theme).style)}</style>
<meta name="theme-color" content="${theme.colours.light.background}" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="${theme.colours.dark.background}" media="(prefers-color-scheme: dark)">
<link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
<link rel="manifest" href="/site.webmanifest">
${theme.touchIcon === undefined ? '' : html`<link rel="apple-touch-icon" href="${theme.touchIcon}">`}
${theme.searchPage === undefined ? '' : html`<link rel="search" type="application/opensearchdescription+xml" title="${name}" href="/opensearch.xml">`}
${head}
</head>
<body class="${kind}">
<a class="skip" href="#main"${frame}>${words.skip}</a>
${site.isPreview === true ? html`<aside class="preview"${frame}>${words.preview}</aside>` : ''}
<header class="masthead"${frame}>
<p class="name"><a href="/">${logo ? html`<img src="${logo.href}" alt="${name}" width="${logo.width}" height="${logo.height}">` : name}</a></p>
${sections.length === 0 && theme.searchPage === undefined ? '' : html`<nav class="sections" aria-label="${words.sections}"><ul>${sections.map(({ path, title: called }) => html`<li><a href="/section/${path}"${path === section ? html` aria-current="true"` : ''}>${called}</a></li>`)}${theme.searchPage === undefined ? '' : html`<li><a href="${searchAddress(theme.searchPage)}">${words.search}</a></li>`}</ul></nav>`}
</header>
<main id="main">
${main}
</main>
<footer class="foot"${frame}>
${theme.description === undefined ? '' : html`<p>${theme.description}</p>`}
${theme.footer === undefined ? '' : html`<ul>${theme.footer.map(({ label, href }) => html`<li><a href="${href}">${label}</a></li>`)}</ul>`}
<ul><li><a href="/latest">${words.latest}</a></li><li><a href="/feeds/latest.rss">RSS</a></li><li><a href="/feeds/latest.atom">Atom</a></li><li><a href="/feeds/latest.json">JSON Feed</a></li></ul>
${theme.copyright === undefined ? '' : html`<p>${theme.copyright}</p>`}
</footer>
${hasRails ? html`<script>${raw(script)}</script>` : ''}
${asksForPosts === true ? html`<script>${raw(liveScript)}</script>` : ''}
${hasEmbeds === true ? html`<script>${raw(embedScript)}</script>` : ''}
</body>
</html>
`;
  return page.toString();
}

/** Returns the address of the search page without a query. */
export function searchAddress(searchPage: string): string {
  return searchPage.replace('{query}', '');
}

/** Returns links to a feed in each format, for feed readers. */
export function feedLinks(site: Site, feed: string, title: string): Markup {
  return html`<link rel="alternate" type="application/rss+xml" title="${title}" href="${site.url}/feeds/${feed}.rss">
<link rel="alternate" type="application/atom+xml" title="${title}" href="${site.url}/feeds/${feed}.atom">
<link rel="alternate" type="application/feed+json" title="${title}" href="${site.url}/feeds/${feed}.json">`;
}

/** Returns metadata for search engines and for sharing: the canonical address, OpenGraph (ogp.me) and X. */
export function sharing(
  site: Site,
  {
    type,
    title,
    url: own,
    canonical: url = own,
    description,
    picture,
  }: {
    readonly type: string;
    readonly title: string;
    readonly url: string;
    /** The page that search engines and social networks should show instead. */
    readonly canonical?: string | undefined;
    readonly description?: string | undefined;
    readonly picture?: (Pick<Shown, 'href' | 'width' | 'height'> & { readonly alt?: string | undefined }) | undefined;
  },
): Markup {
  const image = picture ?? site.theme.shareImage;
  return html`<link rel="canonical" href="${url}">
${
  description === undefined
    ? ''
    : html`<meta name="description" content="${description}">
<meta property="og:description" content="${description}">`
}
<meta property="og:type" content="${type}">
<meta property="og:title" content="${title}">
<meta property="og:url" content="${url}">
<meta property="og:site_name" content="${site.theme.name}">
${
  image
    ? html`<meta property="og:image" content="${absolute(site, image.href)}">
${image.width === undefined || image.height === undefined ? '' : html`<meta property="og:image:width" content="${image.width}"><meta property="og:image:height" content="${image.height}">`}
${image.alt === undefined ? '' : html`<meta property="og:image:alt" content="${image.alt}">`}`
    : ''
}
<meta name="twitter:card" content="${image ? 'summary_large_image' : 'summary'}">`;
}

/** Returns the site's icon: the initial of its name on its accent colour. */
export async function iconOf({ theme: { name, colours } }: Site): Promise<string> {
  const { accent, background } = colours.light;
  const icon =
    await html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="${accent}"/><text x="16" y="23" text-anchor="middle" font-family="Georgia,serif" font-weight="700" font-size="21" fill="${background}">${String.fromCodePoint(name.codePointAt(0) ?? 0x20)}</text></svg>`;
  return icon.toString();
}
