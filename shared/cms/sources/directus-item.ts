import * as v from 'valibot';
import { pictureOf, renditionOf } from '../../article/caption.ts';
import { ninjsOf, type GivenStory } from '../cms-story.ts';
import { fieldsOf, patternPath, reading, type CollectionFields } from '../collection-fields.ts';
import { merged, nothing, type Command, type ReadResult } from '../command.ts';
import { idGrammars } from '../ids.ts';
import { idAs, optionalNumber, optionalText, optionalTime, parsed } from '../payload-schema.ts';
import { publicationOf, withoutStatus, type Publication } from '../publication.ts';
import { isObject, within } from '../source-api.ts';
import { uriOf, type SourceSettings } from '../source-settings.ts';
import { articleIds, itemIdOf, translated, translationsField } from './directus-translations.ts';

/** The name of the source, with which the uris of its stories begin. */
export const directusName = 'directus';

export const id = idAs(idGrammars.directus);
const file = v.nullish(
  v.union(
    [
      v.pipe(
        v.string(),
        v.transform((id) => ({
          id,
          type: undefined,
          title: undefined,
          description: undefined,
          width: undefined,
          height: undefined,
        })),
      ),
      v.object({
        id: v.string('must be a file id'),
        type: optionalText,
        title: optionalText,
        description: optionalText,
        width: optionalNumber,
        height: optionalNumber,
      }),
    ],
    'must be a file or its id',
  ),
);
const item = v.looseObject({ id, date_created: optionalTime, date_updated: optionalTime }, 'must be an item');

/** The statuses of Directus's own template. Directus has no fixed workflow. */
export const words = { published: 'published', scheduled: 'scheduled' };

export function isShown(status: unknown): boolean {
  return status === words.published || status === words.scheduled;
}

export function statusField({ fields }: SourceSettings): string {
  return fields['status'] ?? 'status';
}

/** Returns the status of an item or of its changed fields; undefined if it is not included. */
export function statusIn(given: unknown, settings: SourceSettings): unknown {
  return statusField(settings) === '' ? words.published : within(given, statusField(settings));
}

export function withdrawals(
  id: string,
  settings: SourceSettings,
  type: Command['type'],
  versionCreated: string,
): Command[] {
  return articleIds(id, settings).map((each) => ({
    type,
    detail: { article: { uri: uriOf(directusName, settings, each), versionCreated } },
  }));
}

/** Reads an item as its articles: one, or one for each of the newsroom's languages. */
export function state(
  given: unknown,
  settings: SourceSettings,
  type: 'article.published' | 'article.updated',
  under: readonly string[],
): ReadResult {
  const read = parsed(item, given, under);
  if ('issues' in read) return read;
  const { value } = read;
  const updated = value.date_updated ?? value.date_created;
  if (!updated)
    return {
      issues: [
        {
          path: [...under, 'date_updated'].join('.'),
          message: 'is missing: let the Flow read the field, or date_created',
        },
      ],
    };
  const status = statusIn(value, settings);
  if (status === undefined)
    return withoutStatus(
      [...under, statusField(settings)],
      "let the Flow read the field, or set sources.directus.fields.status to its name, and to '' where the collection has none",
    );
  const fields = fieldsOf(value, settings, under);
  const publication = publicationIn(status, fields, updated);
  if (publication.state === 'not public') {
    // A draft that was never updated was never published.
    if (status === 'draft' && !value.date_updated) return nothing;
    return { commands: withdrawals(value.id, settings, 'article.unpublished', updated) };
  }
  const { locales } = settings;
  if (locales.length === 0) return live(value, value.id, { updated, publication }, settings, type, under);
  const rows = value[translationsField];
  if (!Array.isArray(rows) || rows.some((row) => !isObject(row)))
    return withoutStatus([...under, translationsField], `let the Flow read ${translationsField}.*`);
  return merged(
    locales.map((locale) => {
      const entry = translated(value, locale);
      return entry === undefined
        ? { commands: withdrawals(value.id, { ...settings, locales: [locale] }, 'article.unpublished', updated) }
        : live(entry, `${value.id}.${locale}`, { updated, publication, language: locale }, settings, type, under);
    }),
  );
}

/** Reads an item as one article, in its own language or with the fields of a translation. */
function live(
  value: Readonly<Record<string, unknown>>,
  id: string,
  known: Pick<GivenStory, 'updated' | 'publication' | 'language'>,
  settings: SourceSettings,
  type: 'article.published' | 'article.updated',
  under: readonly string[],
): ReadResult {
  const fields = fieldsOf(value, settings, under);
  const others = articleIds(itemIdOf(id, settings), settings).filter((other) => other !== id);
  return reading(fields.issues(), fields.warnings(['picture', file]), () => {
    const picture = fields.as('picture', file);
    const article = ninjsOf({
      uri: uriOf(directusName, settings, id),
      ...known,
      translations: others.map((other) => uriOf(directusName, settings, other)),
      ...fields.story(),
      pictures: picture
        ? pictureOf({
            renditions: [
              renditionOf('original', `${settings.url}/assets/${picture.id}`, {
                ...picture,
                contentType: picture.type,
              }),
            ],
            alt: fields.text('alt'),
            caption: fields.text('caption'),
            credit: fields.text('credit'),
          })
        : [],
    });
    return [{ type, detail: { article, ...patternPath(value, settings) } }];
  });
}

/**
 * Returns the publication by status, date and embargo field. Directus serves every `published` item even if its date is
 * ahead, and leaves the waiting to sites.
 */
function publicationIn(status: unknown, fields: CollectionFields, updated: string): Publication {
  const [published, embargo] = [fields.time('published'), fields.time('embargo')];
  const isAhead = status === words.scheduled || (published !== undefined && published > updated);
  // The story is public when both dates have passed.
  const until = [embargo, isAhead ? published : undefined]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  return publicationOf(
    status === words.published && until !== undefined ? words.scheduled : status,
    words,
    until ?? published,
  );
}
