import type { Source, SourceSettings } from './source.ts';
import { directus } from './sources/directus.ts';
import { ghost } from './sources/ghost.ts';
import { ninjs } from './sources/ninjs.ts';
import { strapi } from './sources/strapi.ts';
import { wordpress } from './sources/wordpress.ts';

/** Every kind of CMS that has a door. A new one is a file in `sources/`, a line here, and a fixture. */
export const sources: readonly Source[] = [ghost, wordpress, strapi, directus, ninjs];

export function sourceNamed(name: string): Source | undefined {
  return sources.find((source) => source.name === name);
}

/** What context `sources` may say of each source. */
export type GivenSettings = Readonly<Record<string, Partial<SourceSettings> | undefined>>;

export function settingsOf(source: Source, given: GivenSettings): SourceSettings {
  const own = given[source.name] ?? {};
  return { ...source.defaults, ...own, fields: { ...source.defaults.fields, ...own.fields } };
}
