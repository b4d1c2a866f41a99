import { ownTests, type Owners } from '../article/ownership.ts';
import type { Source, SourceSettings } from './source.ts';
import { directus } from './sources/directus.ts';
import { ghost } from './sources/ghost.ts';
import { ninjs, testUris } from './sources/ninjs.ts';
import { strapi } from './sources/strapi.ts';
import { wordpress } from './sources/wordpress.ts';

/** Every kind of CMS that has a webhook endpoint, by its name. A new one is a file in `sources/` and a line here: CONTRIBUTING.md, "Add a CMS". */
const byName = { ghost, wordpress, strapi, directus, ninjs };

export type SourceName = keyof typeof byName;

export const sources: readonly Source[] = Object.values(byName);

export function sourceNamed(name: string): Source | undefined {
  return sources.find((source) => source.name === name);
}

/** Whether a uri names a CMS whose ids are written otherwise. */
export function hasForeignId(uri: string): boolean {
  const [, name = '', id = ''] = /^([a-z]+):[^/]*\/(.*)$/s.exec(uri) ?? [];
  const ids = sourceNamed(name)?.api?.id;
  return ids !== undefined && !ids.test(id);
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
 * pictures without a uri are named. `given` (context `owns`) adds prefixes to any source of the bus. An endpoint that takes any uri, as an
 * agency sends them, could withdraw what others publish: in production it writes none but those that `given` names.
 */
export function ownersOf(settings: GivenSettings, given: Owners, { isProduction = false } = {}): Owners {
  const owners: Record<string, readonly string[]> = { ...ownTests };
  for (const source of sources) {
    const { url } = settings[source.name] ?? {};
    if (!source.hasOwnUris)
      owners[busSourceOf(source)] = [`${source.name}:`, ...(url === undefined ? [] : [`${url}/`])];
    // What `test-webhook` sends.
    else if (isProduction || given[busSourceOf(source)]) owners[busSourceOf(source)] = [testUris];
  }
  for (const [source, prefixes] of Object.entries(given)) owners[source] = [...(owners[source] ?? []), ...prefixes];
  return owners;
}
