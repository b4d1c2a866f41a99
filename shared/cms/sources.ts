import { ownTests, type Owners } from '../article/ownership.ts';
import type { Source } from './source.ts';
import type { SourceSettings } from './source-settings.ts';
import { arc } from './sources/arc.ts';
import { directus } from './sources/directus.ts';
import { drupal } from './sources/drupal.ts';
import { feed } from './sources/feed.ts';
import { ghost } from './sources/ghost.ts';
import { newsml } from './sources/newsml.ts';
import { ninjs, testUris } from './sources/ninjs.ts';
import { strapi } from './sources/strapi.ts';
import { superdesk } from './sources/superdesk.ts';
import { wordpress } from './sources/wordpress.ts';

/**
 * Every kind of CMS with a webhook endpoint, by name. To add one, add a file in `sources/` and an entry here:
 * CONTRIBUTING.md, "Add a CMS".
 */
const byName = { ghost, wordpress, strapi, directus, drupal, arc, superdesk, newsml, ninjs, feed };

export type SourceName = keyof typeof byName;

export const sources: readonly Source[] = Object.values(byName);

export function sourceNamed(name: string): Source | undefined {
  return sources.find((source) => source.name === name);
}

/** The settings of each source in context `sources`. */
export type GivenSettings = Readonly<Record<string, Partial<SourceSettings> | undefined>>;

export function settingsOf(source: Source, given: GivenSettings): SourceSettings {
  const own = given[source.name] ?? {};
  return {
    ...source.defaults,
    ...own,
    fields: { ...source.defaults.fields, ...own.fields },
    sections: { ...source.defaults.sections, ...own.sections },
  };
}

/** Returns the `source` of the bus events of an endpoint and its sweep. */
export function busSourceOf({ name }: Pick<Source, 'name'>): string {
  return `cms.${name}`;
}

/**
 * Returns which source may write which uri. Each CMS owns the uris that begin with its name, as `uriOf` makes them, and
 * those at its own address, which identify pictures without a uri. `given` (context `owns`) adds prefixes for any
 * source of the bus. An endpoint that accepts any uri, as for agencies, could withdraw the articles of others, so in
 * production it may write only the uris that `given` names.
 */
export function ownersOf(settings: GivenSettings, given: Owners, { isProduction = false } = {}): Owners {
  const owners: Record<string, readonly string[]> = { ...ownTests };
  for (const source of sources) {
    const { url } = settings[source.name] ?? {};
    if (!source.hasOwnUris)
      owners[busSourceOf(source)] = [`${source.name}:`, ...(url === undefined ? [] : [`${url}/`])];
    // `test-webhook` sends these uris.
    else if (isProduction || given[busSourceOf(source)]) owners[busSourceOf(source)] = [testUris];
  }
  for (const [source, prefixes] of Object.entries(given)) owners[source] = [...(owners[source] ?? []), ...prefixes];
  return owners;
}
