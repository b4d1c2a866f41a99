import { escapeHtml, unescapeHtml } from '../../shared/article/html.ts';
import { directionOf } from '../../shared/article/language.ts';
import { embedAt, type Embed } from '../../shared/site/embeds.ts';
import type { Theme } from '../../shared/site/theme.ts';
import type { Site } from './site.ts';

// The sanitiser wrote the text: `href` comes first, and attributes are in double quotes, with `<` and `>` escaped.
const link = String.raw`<a href="[^"]*"[^<>]*>[^<]*</a>`;
const places = new RegExp(
  [
    String.raw`<blockquote\b[^<>]*>(?:(?!</?blockquote\b)[^])*</blockquote>`,
    String.raw`<p>\s*(?:${link}\s*)+</p>`,
    String.raw`<figure>\s*${link}(?=\s*<(?:figcaption|/figure)\b)`,
    String.raw`(?<=<(?:li|td|th|dd)\b[^<>]*>)\s*${link}\s*(?=</(?:li|td|th|dd)>)`,
  ].join('|'),
  'g',
);
const links = /<a href="([^"]*)"[^<>]*>([^<]*)<\/a>/g;
const addresses = /\s(?:cite|href)="([^"]*)"/g;

/** An embed that a text has, as a link or a quoted post. */
interface Found {
  readonly embed: Embed;
  /** The title that the newsroom gave it. */
  readonly label: string | undefined;
  /** The HTML of a quoted post. */
  readonly quote?: string;
}

/** Replaces each element of a text that consists of an embed. Links within sentences stay. */
function replaced(theme: Theme, html: string, write: (found: Found) => string): string {
  return html.replaceAll(places, (element) => {
    if (element.startsWith('<blockquote')) {
      const embed = [...element.matchAll(addresses)]
        .map(([, address = '']) => embedAt(theme, unescapeHtml(address), true))
        .findLast((each) => each?.isPost);
      return embed ? write({ embed, label: undefined, quote: element }) : element;
    }
    const found = [...element.matchAll(links)].map(([, href = '', words = '']): Found | undefined => {
      const [address, text] = [unescapeHtml(href), unescapeHtml(words).trim()];
      // The visible address may lack the parameters of a campaign.
      const paged = embedAt(theme, address, true);
      const isBare = text === address || (paged !== undefined && embedAt(theme, text, true)?.frame === paged.frame);
      const embed = isBare ? paged : embedAt(theme, address, false);
      return embed && { embed, label: isBare ? undefined : text };
    });
    const holder = element.startsWith('<figure>') ? '<figure>' : '';
    return found.every((each) => each !== undefined) ? holder + found.map(write).join('\n') : element;
  });
}

/**
 * Returns a text with a placeholder for each embed, and a link for readers without scripts. Nothing of another site
 * loads before the reader presses the placeholder's button.
 */
export function withPlaceholders(site: Site, html: string): string {
  return replaced(site.theme, html, (found) => placeholder(site, found));
}

/** Returns a text with a link for each embed, for programs that show no frames. */
export function withEmbedLinks({ theme }: Site, html: string): string {
  return replaced(theme, html, ({ embed, label, quote }) => quote ?? linkTo(embed, label));
}

/** Returns a link to a video, sound or graphic: to its page at a provider, else to its file. */
export function embedLink({ theme }: Site, address: string, label: string | undefined): string {
  const embed = embedAt(theme, address, true);
  return embed ? linkTo(embed, label) : paragraph(URL.parse(address)?.href ?? address, label ?? address);
}

function linkTo({ provider, page }: Embed, label: string | undefined): string {
  return paragraph(page, label === undefined ? `${provider}: ${shortened(page)}` : `${label} (${provider})`);
}

function paragraph(address: string, words: string): string {
  return `<p><a href="${escapeHtml(address)}">${escapeHtml(words)}</a></p>`;
}

/** Returns the placeholder of an embed. */
export function placeholder({ words, language: own }: Site, { embed, label, quote }: Found): string {
  const { provider, page, frame, shape } = embed;
  const ask = `${escapeHtml(words.showFrom)} ${escapeHtml(provider)}`;
  const name = label ?? shortened(page);
  const title = escapeHtml(`${provider}: ${name}`);
  return `<div class="embed ${shape}" data-frame="${escapeHtml(frame)}" data-title="${title}">
${quote ?? `<p><a href="${escapeHtml(page)}">${escapeHtml(name)}</a></p>`}
<p class="ask" lang="${own}" dir="${directionOf(own)}"><button type="button" aria-label="${ask}: ${escapeHtml(name)}">${ask}</button> <small>${escapeHtml(words.contacts)}</small></p>
</div>`;
}

/** Returns an address to display, without the parameters of a player. */
function shortened(address: string): string {
  return address.replace(/^https:\/\/(?:www\.)?/, '').replace(/\/\?url=.*/, '');
}
