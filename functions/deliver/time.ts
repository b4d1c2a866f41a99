import { html } from 'hono/html';
import type { Markup } from './document.ts';
import type { Site } from './site.ts';

const long = {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
} as const;
const short = { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const;

/** Caches formatters: creating one takes longer than formatting. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(
  { language, theme: { timeZone } }: Site,
  style: typeof long | typeof short,
  instant: string,
): string {
  const key = `${language} ${timeZone} ${style.month}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(language, { timeZone, ...style });
  formats.set(key, format);
  return format.format(new Date(instant));
}

/** Returns an instant in the newsroom's time zone and language. */
export function longTime(site: Site, instant: string): string {
  return formatted(site, long, instant);
}

/** Returns an instant in a short form, for lists. */
export function shortTime(site: Site, instant: string): string {
  return formatted(site, short, instant);
}

export function timeElement(instant: string, text: string): Markup {
  return html`<time datetime="${instant}">${text}</time>`;
}
