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

/** The parts in which pages differ. */
export interface PageParts {
  /** BCP 47; the site's where it is absent. */
  readonly language?: string | undefined;
  readonly title: string;
  /** Whether search engines leave it out. */
  readonly isUnlisted?: true;
  /** The kind of page, for the stylesheet. */
  readonly kind: string;
  /** The section that it belongs to, by path: marked in the navigation. */
  readonly section?: string | undefined;
  readonly head: Markup;
  readonly main: Markup;
  /** Whether the script of the rails belongs on it. */
  readonly runs?: true;
  /** Whether it shows posts of a live story, and asks for new ones. */
  readonly polls?: boolean;
  /** Whether it may show content of other sites. */
  readonly embeds?: boolean;
}

const styles = new WeakMap<Theme, { readonly style: string; readonly policy: string }>();

/** The stylesheet of a theme, and the policy that lets in that, the scripts, the frames of the theme's providers and nothing else. */
function dressOf(theme: Theme): { readonly style: string; readonly policy: string } {
  const known = styles.get(theme);
  if (known) return known;
  const style = styleOf(theme);
  const more = (directive: CspDirective): string =>
    (theme.csp?.[directive] ?? []).map((source) => ` ${source}`).join('');
  const frames = [...frameSources(theme), ...(theme.csp?.['frame-src'] ?? [])];
  const policy = [
    "default-src 'none'",
    // Pictures and sound come from wherever the agencies keep them.
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
  const dress = { style, policy };
  styles.set(theme, dress);
  return dress;
}

/** CSP 3, §2.3.1: the hash of the element's content, byte for byte. */
function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** No form, no script but the page's own, no frame but those that readers ask for. */
export function pageHeaders({ theme }: Site): Readonly<Record<string, string>> {
  return { 'content-security-policy': dressOf(theme).policy };
}

export async function document(
  site: Site,
  { language: own, title, kind, section, head, main, runs, polls, embeds, isUnlisted }: PageParts,
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
<style>${raw(dressOf(theme).style)}</style>
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
${runs ? html`<script>${raw(script)}</script>` : ''}
${polls === true ? html`<script>${raw(liveScript)}</script>` : ''}
${embeds === true ? html`<script>${raw(embedScript)}</script>` : ''}
</body>
</html>
`;
  return page.toString();
}

/** Returns the address of the search page before anything is searched for. */
export function searchAddress(searchPage: string): string {
  return searchPage.replace('{query}', '');
}

/** Links by which programs find a feed in its formats. */
export function feedLinks(site: Site, feed: string, title: string): Markup {
  return html`<link rel="alternate" type="application/rss+xml" title="${title}" href="${site.url}/feeds/${feed}.rss">
<link rel="alternate" type="application/atom+xml" title="${title}" href="${site.url}/feeds/${feed}.atom">
<link rel="alternate" type="application/feed+json" title="${title}" href="${site.url}/feeds/${feed}.json">`;
}

/** Metadata for sharing: OpenGraph (ogp.me) and X. */
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

/** The icon of a site that brings none: its initial on its own colour. */
export async function iconOf({ theme: { name, colours } }: Site): Promise<string> {
  const { accent, background } = colours.light;
  const icon =
    await html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="${accent}"/><text x="16" y="23" text-anchor="middle" font-family="Georgia,serif" font-weight="700" font-size="21" fill="${background}">${String.fromCodePoint(name.codePointAt(0) ?? 0x20)}</text></svg>`;
  return icon.toString();
}
