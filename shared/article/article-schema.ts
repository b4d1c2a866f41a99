import * as v from 'valibot';
import { headlineOf, lineOf, type Association } from './article.ts';
import { languageTag } from './language.ts';
import type { FieldPath, Strictness } from './lenient.ts';
import { instant, objectOf, pixels, text, versionCreated, webAddress, wholeNumber } from '../field-schema.ts';
import { sectionSlugs } from '../feed/placement.ts';

export const longestUriBytes = 255;

const strictFields: readonly string[] = ['uri', 'versionCreated', 'type', 'pubStatus', 'embargoedUntil', 'expires'];
const strictInside: readonly string[] = ['pubStatus', 'embargoedUntil', 'expires'];

/**
 * Returns how strictly a field is validated. Fields that decide whether or when something may be shown are strict, in
 * the article and in its associations; all others may be left out.
 */
export function articleStrictness(path: FieldPath): Strictness {
  const [field = '', ...inner] = path;
  const last = path.at(-1) ?? '';
  if (strictFields.includes(field) || (field === 'headlines' && inner.length === 0)) return 'strict';
  if (inner.length === 0) return 'field';
  // Without its role, a note to the desk would be taken for a standfirst; without its uri, a pulled picture for another
  // one.
  const isDecisive =
    last === 'role' || last === 'rel' || (field === 'associations' && (last === 'uri' || last === 'type'));
  return field === 'associations' && strictInside.includes(last) ? 'strict' : isDecisive ? 'whole' : 'field';
}

const textField = v.pipe(
  objectOf({ role: v.optional(text), contentType: v.optional(text), value: text }, 'must be an object with a value'),
  v.title('TextField'),
);
const texts = v.array(textField, 'must be an array');
const conceptFields = {
  name: v.optional(text),
  literal: v.optional(text),
  rel: v.optional(text),
  uri: v.optional(text),
};
const concept = v.pipe(objectOf(conceptFields), v.title('Concept'));
const section = v.pipe(
  objectOf(conceptFields),
  v.title('Subject'),
  v.forward(
    v.check(
      ({ rel, literal }) => rel !== 'section' || sectionSlugs(literal ?? '').length > 0,
      'must be the section as a slash path, such as news/world',
    ),
    ['literal'],
  ),
  v.forward(
    v.check(
      ({ rel, literal }) => rel !== 'section' || sectionSlugs(literal ?? '').join('/').length <= 100,
      'must be at most 100 characters',
    ),
    ['literal'],
  ),
);
const rendition = v.pipe(
  objectOf({
    name: v.optional(text),
    href: v.optional(webAddress),
    contentType: v.optional(text),
    width: v.optional(pixels),
    height: v.optional(pixels),
  }),
  v.title('Rendition'),
);
const altId = v.pipe(objectOf({ role: v.optional(text), value: v.optional(text) }), v.title('AltId'));
const pubStatus = v.optional(
  v.pipe(v.picklist(['usable', 'withheld', 'canceled'], 'must be usable, withheld or canceled'), v.title('PubStatus')),
);

/**
 * An association is a whole ninjs item. Its fields that decide whether or when it may be shown are as strict as the
 * article's own.
 */
export const association: v.GenericSchema<Association> = objectOf({
  uri: v.optional(text),
  pubStatus,
  embargoedUntil: v.optional(instant),
  expires: v.optional(instant),
  type: v.optional(text),
  name: v.optional(text),
  title: v.optional(text),
  by: v.optional(text),
  headlines: v.optional(texts),
  descriptions: v.optional(texts),
  bodies: v.optional(texts),
  renditions: v.optional(v.array(rendition, 'must be an array')),
  associations: v.optional(
    v.array(
      v.lazy((): v.GenericSchema<Association> => association),
      'must be an array',
    ),
  ),
});

const identity = {
  uri: v.pipe(
    v.string('must be a string: the uri that identifies the article for ever'),
    v.regex(/^[^\s\p{Cc}]+$/u, 'must be a uri without spaces or control characters'),
    v.check(
      (uri) => Buffer.byteLength(JSON.stringify(uri)) - 2 <= longestUriBytes,
      `must be at most ${longestUriBytes} bytes`,
    ),
  ),
  versionCreated,
  type: v.optional(
    v.pipe(
      v.picklist(['text', 'composite'], 'must be text or composite (or absent): other items are no articles'),
      v.title('ArticleType'),
    ),
  ),
  pubStatus,
};

/** Fields that pages use are validated strictly; other ninjs fields are stored as received. */
export const usableArticle = v.pipe(
  objectOf(
    {
      ...identity,
      uri: v.pipe(
        identity.uri,
        v.description('Must be at most 255 bytes. Must hold an id as the CMS that it names writes them.'),
      ),
      firstCreated: v.optional(instant),
      firstPublished: v.optional(
        v.pipe(
          instant,
          v.description(
            'When readers first saw the article, where that is not the `versionCreated` of its first version: an import names it so that old stories keep their dates. It places the article in feeds; `firstCreated` does not.',
          ),
        ),
      ),
      embargoedUntil: v.optional(instant),
      expires: v.optional(instant),
      urgency: v.optional(wholeNumber(1, 9)),
      language: v.optional(
        v.pipe(
          text,
          v.regex(/^[A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8})*$/, 'must be a language tag such as en or nb-NO (BCP 47)'),
          v.transform((tag) => languageTag(tag) ?? tag),
          v.check((tag) => languageTag(tag) === tag, 'must be a language tag such as en or nb-NO (BCP 47)'),
        ),
      ),
      headlines: v.pipe(
        texts,
        v.check(
          (headlines) => lineOf(headlineOf({ headlines }) ?? '') !== '',
          'must have a headline: an article needs one to be listed',
        ),
      ),
      descriptions: v.optional(texts),
      bodies: v.optional(texts),
      by: v.optional(v.pipe(text, v.maxLength(2000, 'must be at most 2,000 characters'))),
      slugline: v.optional(text),
      located: v.optional(text),
      edNote: v.optional(text),
      altIds: v.optional(v.array(altId, 'must be an array')),
      copyrightHolder: v.optional(text),
      copyrightNotice: v.optional(text),
      subjects: v.optional(v.array(section, 'must be an array')),
      people: v.optional(v.array(concept, 'must be an array')),
      genres: v.optional(v.array(concept, 'must be an array')),
      associations: v.optional(v.array(association, 'must be an array')),
      renditions: v.optional(v.array(rendition, 'must be an array')),
    },
    'must be a ninjs item',
  ),
  v.title('Article'),
);

/** The types (ninjs `type`) of associations that can be pulled from all articles at once. */
export const pullableTypes = ['picture', 'graphic', 'video', 'audio'] as const;

export function isPullableType(raw: unknown): boolean {
  return (
    typeof raw === 'object' && raw !== null && 'type' in raw && (pullableTypes as readonly unknown[]).includes(raw.type)
  );
}

/** A picture is identified by its `uri` or by an address, which may be longer. */
export const namedPicture = v.object(
  {
    uri: v.pipe(
      v.string("must be a string: the picture's uri, or the address of its first rendition where it has none"),
      v.regex(/^[^\s\p{Cc}]+$/u, 'must be a uri without spaces or control characters'),
      v.maxLength(2000, 'must be at most 2,000 characters'),
    ),
    versionCreated,
  },
  'must be a ninjs item',
);

export function hasUnusableStatus(raw: unknown): boolean {
  return (
    typeof raw === 'object' &&
    raw !== null &&
    'pubStatus' in raw &&
    (raw.pubStatus === 'withheld' || raw.pubStatus === 'canceled')
  );
}

/** The fields that a withdrawal needs; all others are ignored. */
export const namedArticle = v.pipe(v.object(identity, 'must be a ninjs item'), v.title('ArticleReference'));
