import { ownTests, type Owners } from './ownership.ts';
import type { Source, SourceSettings } from './source.ts';
import { directus } from './sources/directus.ts';
import { ghost } from './sources/ghost.ts';
import { ninjs, testUris } from './sources/ninjs.ts';
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

/** The `source` of what an endpoint and the sweep put on the bus. */
export function busSourceOf({ name }: Pick<Source, 'name'>): string {
  return `cms.${name}`;
}

/**
 * Who may write which uri. Each CMS owns all that begins with its name, as `uriOf` makes its uris, and what lies at its address, by which
 * pictures without a uri are named. `given` (context `owns`) adds prefixes to any source of the bus.
 */
export function ownersOf(settings: GivenSettings, given: Owners): Owners {
  const owners: Record<string, readonly string[]> = { ...ownTests };
  for (const source of sources) {
    const { url } = settings[source.name] ?? {};
    if (!source.hasOwnUris) owners[busSourceOf(source)] = [`${source.name}:`, ...(url === undefined ? [] : [`${url}/`])];
    // What `test-webhook` sends.
    else if (given[busSourceOf(source)]) owners[busSourceOf(source)] = [testUris];
  }
  for (const [source, prefixes] of Object.entries(given)) owners[source] = [...(owners[source] ?? []), ...prefixes];
  return owners;
}
