import type { SourceSettings } from './source.ts';

/** A section as a story names it; `literal` is a slash path. A section of the setting has no name of the CMS's. */
export interface GivenSection {
  readonly literal: string;
  readonly name?: string;
}

/**
 * Returns the section that the newsroom's setting `sections` gives a category, by the first of its names that the
 * setting has (a code, a name, a uri; case is ignored). Returns undefined if it has none of them, and null if the
 * setting says that the category is no section.
 */
export function sectionBySetting(
  { sections }: Pick<SourceSettings, 'sections'>,
  names: readonly (string | undefined)[],
): GivenSection | null | undefined {
  const paths = new Map(Object.entries(sections).map(([name, path]) => [name.toLowerCase(), path]));
  const path = names.flatMap((name) => paths.get(name?.toLowerCase() ?? '') ?? [])[0];
  if (path === undefined) return undefined;
  return path === '' ? null : { literal: path };
}

/** Returns the sections of a story in its own order, each as the newsroom's setting has it, else as the CMS names it. */
export function withSetting(
  settings: Pick<SourceSettings, 'sections'>,
  given: readonly GivenSection[],
): GivenSection[] {
  const sections = given.flatMap((section) => {
    const set = sectionBySetting(settings, [section.literal, section.literal.split('/').at(-1), section.name]);
    return set === undefined ? [section] : (set ?? []);
  });
  return [...new Map(sections.map((section) => [section.literal, section])).values()];
}
