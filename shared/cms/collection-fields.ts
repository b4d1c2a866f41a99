import * as v from 'valibot';
import type { Issue } from '../field-schema.ts';
import { pathOf, type GivenStory } from './cms-story.ts';
import { withoutStatus } from './publication.ts';
import { slugOf } from '../article/slug.ts';
import { isIdOfAnEntry, listSettings, pathsIn, relationFault, valueAt } from './field-paths.ts';
import { htmlOfBody } from './rich-text.ts';
import { withSetting } from './sections.ts';
import { unnamedTexts } from './unnamed-texts.ts';
import { foreignCanonical } from './own-links.ts';
import { isObject } from './source-api.ts';
import { warned, type Command, type ReadResult } from './command.ts';
import { isoOf, parsedLeniently } from './payload-schema.ts';
import type { SourceSettings } from './source-settings.ts';
import type { Warning } from '../article/warning.ts';

/** The fields of an entry, under the newsroom's own names. */
export interface CollectionFields {
  raw(name: string): unknown;
  /** Returns the text of a field; undefined if it is absent, null, empty or invalid. */
  text(name: string): string | undefined;
  time(name: string): string | undefined;
  /** Returns the fields of a story that Strapi and Directus have in common. */
  story(): Pick<
    GivenStory,
    'title' | 'canonical' | 'standfirst' | 'html' | 'sections' | 'topics' | 'genres' | 'authors'
  >;
  as<S extends v.GenericSchema>(name: string, schema: S): v.InferOutput<S> | undefined;
  /** Returns the issues of fields that a story requires or that decide when it is shown. */
  issues(): Issue[];
  /**
   * Returns the issues of fields whose related entries were not read: the payload has only their ids, or not the field
   * that leads to them. `remedy` ends their messages.
   */
  unread(remedy: string, names?: readonly string[]): Issue[];
  /**
   * Returns warnings for invalid values of the other fields, also of those that have a schema of their own. The story
   * is accepted without these fields.
   */
  warnings(...others: readonly (readonly [name: string, schema: v.GenericSchema])[]): Warning[];
}

/** A body as HTML, undefined if it cannot be read, and the paths of its parts that readers do not see. */
interface BodyRead {
  readonly html: string | undefined;
  readonly notShown: readonly string[];
}

function bodyIn(body: unknown, text: string | undefined, url: string): BodyRead {
  const notShown: string[] = [];
  const html = htmlOfBody(body, url, (path) => notShown.push(path)) ?? htmlOfBody(text, url);
  return { html, notShown };
}

const texts = ['standfirst', 'caption', 'credit', 'alt', 'canonical'];
const times = ['published', 'embargo'];

export function fieldsOf(
  entry: Readonly<Record<string, unknown>>,
  settings: SourceSettings,
  under: readonly string[],
): CollectionFields {
  const named = (name: string): string => settings.fields[name] ?? '';
  const raw = (name: string): unknown => {
    const value = valueAt(entry, named(name));
    return value === null || value === '' ? undefined : value;
  };
  const text = (name: string): string | undefined => {
    const value = raw(name);
    // If a path leads through a list of entries, the first value that is not empty counts.
    const first =
      Array.isArray(value) && named(name).includes('.') ? value.find((one) => typeof one === 'string') : value;
    return typeof first === 'string' ? first : undefined;
  };
  let bodyRead: BodyRead | undefined;
  const body = (): BodyRead => (bodyRead ??= bodyIn(raw('body'), text('body'), settings.url));
  const warningsOfBody = (): Warning[] => {
    const { html, notShown } = body();
    return raw('body') === undefined || html !== undefined
      ? notShown.map((path) => ({
          path: `${pathTo('body')}.${path}`,
          message: 'is not shown: fields of this kind are not read',
        }))
      : [{ path: pathTo('body'), message: 'must be HTML, Markdown, blocks or components: other kinds are not read' }];
  };
  const pathTo = (name: string): string => [...under, named(name)].join('.');
  const issuesOfTexts = (names: readonly string[]): Issue[] =>
    names.flatMap((name) =>
      raw(name) === undefined || text(name) !== undefined
        ? []
        : [{ path: pathTo(name), message: 'must be text: other kinds of field are not read' }],
    );
  const unread: CollectionFields['unread'] = (remedy, names = listSettings) =>
    names.flatMap((name) =>
      pathsIn(named(name))
        .flatMap((steps): Issue[] => {
          const fault = relationFault(entry, steps);
          return fault === undefined
            ? []
            : [{ path: [...under, ...steps.slice(0, 1)].join('.'), message: `${fault}: ${remedy}` }];
        })
        .slice(0, 1),
    );
  const lenient = <S extends v.GenericSchema>(
    name: string,
    schema: S,
  ): { readonly value?: v.InferOutput<S>; readonly warnings: readonly Warning[] } => {
    const read = parsedLeniently(v.object({ field: schema }), { field: raw(name) }, [], ['field']);
    const renamed = (issues: readonly Warning[]): Warning[] =>
      issues.map(({ path, message }) => ({ path: pathTo(name) + path.slice('field'.length), message }));
    return 'issues' in read
      ? { warnings: renamed(read.issues) }
      : { value: read.value.field, warnings: renamed(read.warnings) };
  };
  return {
    raw,
    text,
    unread,
    time: (name) => isoOf(text(name) ?? ''),
    story: () => ({
      title: text('title'),
      canonical: foreignCanonical(text('canonical'), settings.url),
      standfirst: text('standfirst'),
      html: body().html,
      // A name, a related entry, or a list of them.
      sections: withSetting(
        settings,
        namesIn(raw('section')).map((section) => ({ literal: section, name: section.split('/').at(-1) ?? section })),
      ),
      ...tagsIn(raw('tags')),
      authors: namesIn(raw('author')),
    }),
    as: (name, schema) => lenient(name, schema).value,
    issues: () => [
      // If the payload leaves out the embargo field, the story would be shown at once.
      ...(named('embargo') !== '' && valueAt(entry, named('embargo')) === undefined
        ? withoutStatus(
            [...under, named('embargo')],
            'send the field, null where there is no embargo, or name no embargo in sources',
          ).issues
        : []),
      ...issuesOfTexts(['title']),
      ...times.flatMap((name) =>
        raw(name) === undefined || isoOf(text(name) ?? '') !== undefined
          ? []
          : [{ path: [...under, named(name)].join('.'), message: 'must be a time such as 2026-05-01T18:00:00Z' }],
      ),
    ],
    warnings: (...others) => [
      ...issuesOfTexts(texts),
      ...warningsOfBody(),
      ...listSettings.flatMap((name) => {
        const [fault] = unread('have the entries read too', [name]);
        if (fault !== undefined) return [fault];
        return isNamed(raw(name))
          ? []
          : [{ path: pathTo(name), message: 'must be a name, an entry with a name or title, or a list of them' }];
      }),
      ...others.flatMap(([name, schema]) => lenient(name, schema).warnings),
      ...unnamedTexts(
        entry,
        [
          ...Object.values(settings.fields).flatMap((field) => pathsIn(field).map(([first = '']) => first)),
          ...Array.from(settings.path.matchAll(fieldInPattern), ([, field = '']) => field),
        ],
        under,
      ),
    ],
  };
}

/** No CMS nests the entries of one field deeper, and the recursion must be bounded for any input. */
const maxNesting = 20;

/** Returns the names of one or many related entries, or of a list of texts. */
export function namesIn(value: unknown, depth = 0): string[] {
  if (Array.isArray(value)) return depth === maxNesting ? [] : value.flatMap((item) => namesIn(item, depth + 1));
  if (typeof value === 'string') return value === '' || isIdOfAnEntry(value) ? [] : [value];
  if (!isObject(value)) return [];
  const { name, title, first_name: first, last_name: last } = value;
  // A user of Directus has no field `name`.
  const given =
    name ??
    title ??
    [first, last]
      .filter((part) => typeof part === 'string')
      .join(' ')
      .trim();
  if (typeof given === 'string' && given !== '') return [given];
  // The row of a junction leads to the related entry by a field such as `tags_id`.
  const related = Object.entries(value).flatMap(([field, entry]) =>
    field.endsWith('_id') && isObject(entry) ? entry : [],
  );
  return related.length === 1 ? namesIn(related, depth + 1) : [];
}

/** Separates tags from internal ones (`#…`). */
function tagsIn(value: unknown): { readonly topics: string[]; readonly genres: string[] } {
  const names = namesIn(value);
  return {
    topics: names.filter((name) => !name.startsWith('#')),
    genres: names.filter((name) => name.startsWith('#')).map((name) => name.slice(1)),
  };
}

/** A field in the pattern of paths, such as `{slug}`. */
const fieldInPattern = /\{([^{}]+)\}/g;

/**
 * Returns the path that the newsroom's pattern gives an entry; an empty object if a field of the pattern is missing.
 */
export function patternPath(
  entry: Readonly<Record<string, unknown>>,
  { path: pattern }: SourceSettings,
): { readonly path?: string } {
  let isWhole = pattern !== '';
  const path = pattern.replaceAll(fieldInPattern, (_, field: string) => {
    const [name = ''] = namesIn(entry[field]);
    isWhole &&= name !== '';
    return name.split('/').map(slugOf).join('/');
  });
  return isWhole ? pathOf(path) : {};
}

export function reading(
  issues: readonly Issue[],
  warnings: readonly Warning[],
  commands: () => readonly Command[],
): ReadResult {
  if (issues.length > 0) return { issues };
  return { commands: commands().map(({ type, detail }) => ({ type, detail: { ...detail, ...warned(warnings) } })) };
}

/** Returns whether the entry, or every entry of a list, has a name. */
function isNamed(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return Array.isArray(value) ? value.every(isNamed) : namesIn(value).length > 0;
}
