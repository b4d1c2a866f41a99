import { html } from 'hono/html';
import type { Markup } from './document.ts';
import type { Site } from './site.ts';

/** An instant as its page tells it: in the newsroom's zone and language. */
export function longTime({ theme: { language, timeZone } }: Site, instant: string): string {
  return new Date(instant).toLocaleString(language, {
    timeZone,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
}

/** The same where many stand below each other. */
export function shortTime({ theme: { language, timeZone } }: Site, instant: string): string {
  return new Date(instant).toLocaleString(language, {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
}

export function timeElement(instant: string, text: string): Markup {
  return html`<time datetime="${instant}">${text}</time>`;
}
