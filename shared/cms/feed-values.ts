import { createHash } from 'node:crypto';
import { isoOf } from './payload-schema.ts';

/**
 * Returns the id of a story from the one that the feed gives it. Some sites change an address's scheme or count versions
 * in it (`#0`, `#1`), which is still the same entry. An id that is no uri is unique only at its site.
 */
export function idOf(given: string, site: string | undefined): string {
  const url = URL.parse(given.trim());
  const own =
    url && /^https?:$/.test(url.protocol)
      ? [
          url.host.replace(/^www\./, ''),
          url.pathname.replace(/\/$/, ''),
          searchOf(url),
          url.hash.replace(/^#\d+$/, ''),
        ].join('')
      : url
        ? given.trim()
        : `${URL.parse(site ?? '')?.host ?? ''} ${given.trim()}`;
  return createHash('sha256').update(own).digest('hex').slice(0, 32);
}

/** Returns the address of a page without the parameters by which its site counts visits. */
export function pageAddress(given: string | undefined, base: string | undefined): string | undefined {
  const url = URL.parse(given?.trim() ?? '', base);
  if (!given || !url || !/^https?:$/.test(url.protocol)) return undefined;
  url.search = searchOf(url);
  return url.href;
}

function searchOf({ searchParams, search }: URL): string {
  const counted = [...searchParams.keys()].filter((name) => name.startsWith('utm_'));
  if (counted.length === 0) return search;
  const kept = new URLSearchParams(searchParams);
  for (const name of counted) kept.delete(name);
  return kept.size === 0 ? '' : `?${kept.toString()}`;
}

export function absolute(given: string | undefined, base: string | undefined): string | undefined {
  return given === undefined ? undefined : URL.parse(given.trim(), base)?.href;
}

/** Returns an RFC 822 or ISO 8601 time. One without a zone is UTC. */
export function timeIn(given: string | undefined): string | undefined {
  const time = given?.trim() ?? '';
  const iso = isoOf(/^\d{4}-\d{2}-\d{2}$/.test(time) ? `${time}T00:00` : time);
  if (iso !== undefined || !/^(?:[a-z]+,?\s*)?\d{1,2}\s+[a-z]+\s+\d{4}\b/i.test(time)) return iso;
  const instant = Date.parse(/\d$/.test(time) && !/[+-]\d{4}$/.test(time) ? `${time} GMT` : time);
  return Number.isNaN(instant) || instant < 0 ? undefined : new Date(instant).toISOString();
}

/** Returns a whole number above 0. */
export function number(given: string | undefined): number | undefined {
  const value = /^\d{1,12}$/.test(given?.trim() ?? '') ? Number(given) : 0;
  return value > 0 ? value : undefined;
}

/** Returns a duration in seconds, which podcasts also give as hours, minutes and seconds. */
export function seconds(given: string | undefined): number | undefined {
  const parts = given?.trim() ?? '';
  if (!/^\d{1,6}(?:\.\d+)?$|^(?:\d{1,3}:)?\d{1,3}:\d{2}$/.test(parts)) return undefined;
  const value = parts.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return value > 0 ? Math.round(value) : undefined;
}
