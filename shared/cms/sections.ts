import type { SourceSettings } from './source-settings.ts';

/** A section as a story names it; `literal` is a slash path. A section that comes from the setting has no name. */
export interface GivenSection {
  readonly literal: string;
  readonly name?: string;
}

/**
 * Returns the section of a category by the newsroom's setting `sections`, for the first of the category's names that
 * the setting has (a code, a name, a uri; case is ignored). Returns undefined if it has none of them, and null if the
 * setting says that the category is not a section.
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

/** Returns the sections of a story in its own order, each by the newsroom's setting, else with the CMS's name. */
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
