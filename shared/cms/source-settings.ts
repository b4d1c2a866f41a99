/** The setup of one newsroom's CMS. Every setting is optional in context `sources`. */
export interface SourceSettings {
  /** Distinguishes two sites of one kind of CMS. It is part of every `uri`, so it must never change. */
  readonly site: string;
  /** The absolute origin of the CMS, without a trailing slash: the base of its API and of its relative addresses. */
  readonly url: string;
  /**
   * The collection that holds the articles (Strapi: singular and plural name; Directus: name; WordPress: post types and
   * their names in the REST API, separated by commas).
   */
  readonly collection: string;
  readonly collectionPlural: string;
  /** The pattern of paths if the CMS gives a story no address; `{field}` stands for the slug of a field. */
  readonly path: string;
  /** The newsroom's names of fields, where they differ from the defaults. */
  readonly fields: Readonly<Record<string, string>>;
  /** Section paths by the CMS's own categories, services or subject codes (see `sections.ts`). */
  readonly sections: Readonly<Record<string, string>>;
  /** The languages of the newsroom, as the CMS codes them: each translation of a story is an article of its own. */
  readonly locales: readonly string[];
  /**
   * Of Strapi: the fields whose entries, files and components the sweep asks for, also the files in the components of
   * the body. Empty for all fields, without files in components.
   */
  readonly populate: readonly string[];
  /** Of source `feed`: the section path of each feed, by the feed's address. Empty for no section. */
  readonly feeds: Readonly<Record<string, string>>;
}

export const noSettings: SourceSettings = {
  site: 'main',
  url: '',
  collection: '',
  collectionPlural: '',
  path: '',
  fields: {},
  sections: {},
  locales: [],
  populate: [],
  feeds: {},
};

export function uriOf(source: string, { site }: SourceSettings, id: string): string {
  return `${source}:${site}/${id}`;
}

/** Returns the part of a uri after source and site, in any form; undefined for another source or site. */
export function idIn(uri: string, source: string, { site }: SourceSettings): string | undefined {
  const prefix = `${source}:${site}/`;
  return uri.startsWith(prefix) ? uri.slice(prefix.length) : undefined;
}
