import {
  bodyOf,
  correctionOf,
  headlineOf,
  isHtml,
  isPlain,
  isReadersRole,
  lineOf,
  standfirstOf,
  type Article,
  type Association,
  type Text,
} from './article.ts';
import { captionOf, filesIn, isPlayerType } from './media.ts';
import type { Warning } from './warning.ts';

/** Returns a warning for each text of an article that no page shows. */
export function unshownTexts(article: Article): Warning[] {
  return [
    ...unshownBodies(article),
    ...unshownDescriptions(article),
    ...foreignIn(article.associations, 'article.associations'),
    ...unshownAssociations(article),
  ];
}

/**
 * Returns a warning for each text of a cleaned article that has the place of another on its page, and says something
 * else.
 */
export function secondTexts(article: Article): Warning[] {
  const { headlines, descriptions = [], associations = [] } = article;
  const forReaders = descriptions.map((text) => (isReadersRole(text.role) ? text : { value: '' }));
  return [
    ...others(headlines, [headlineOf(article)]).map((index) => ({
      path: `article.headlines.${index}`,
      message: 'is not shown: an article has one headline, that of role main, else the first',
    })),
    ...others(forReaders, [standfirstOf(article), correctionOf(article)]).map((index) => ({
      path: `article.descriptions.${index}`,
      message: 'is not shown: an article has one standfirst and one correction',
    })),
    ...associations.flatMap((association, position) =>
      isLink(association)
        ? []
        : others(association.descriptions, [captionOf(association), headlineOf(association)]).map((index) => ({
            path: `article.associations.${position}.descriptions.${index}`,
            message: 'is not shown: a picture, video or sound has one caption',
          })),
    ),
  ];
}

/** Returns the positions of the texts that say something else than those shown. */
function others(texts: readonly Text[] = [], shown: readonly (string | undefined)[]): number[] {
  const lines = shown.map((text) => lineOf(text ?? ''));
  return texts.flatMap((text, index) =>
    isBlank(text) || isForeign(text) || lines.includes(lineOf(text.value)) ? [] : [index],
  );
}

/** Returns whether a page shows an association as a link to another story. */
function isLink({ type }: Association): boolean {
  return type === 'text' || type === 'composite';
}

const foreign = 'must be text/html or text/plain: text of another type is not shown';

function unshownBodies(article: Article): Warning[] {
  const shown = bodyOf(article);
  return (article.bodies ?? []).flatMap((body, index) => {
    const path = `article.bodies.${index}`;
    if (isForeign(body)) return [{ path: `${path}.contentType`, message: foreign }];
    // An equal role means the same text in another form.
    if (body === shown || isBlank(body) || body.role === undefined || body.role === shown?.role) return [];
    return [
      { path, message: 'is not shown: an article has one body, the first in HTML, else the first in plain text' },
    ];
  });
}

function unshownDescriptions(article: Article): Warning[] {
  return (article.descriptions ?? []).flatMap((text, index) => {
    const path = `article.descriptions.${index}`;
    if (isBlank(text)) return [];
    if (isForeign(text)) return [{ path: `${path}.contentType`, message: foreign }];
    return isReadersRole(text.role)
      ? []
      : [
          {
            path: `${path}.role`,
            message: 'must be standfirst, summary or correction: a description of another role is not shown',
          },
        ];
  });
}

/** Types of associations that the page shows, or links to. */
const shownTypes = ['picture', 'graphic', 'video', 'audio', 'text', 'composite'];

/** Returns a warning for each association with a text that has no place on the page. */
function unshownAssociations({ associations = [] }: Article): Warning[] {
  return associations.flatMap((association, index) => {
    const { type, headlines = [], descriptions = [], bodies = [] } = association;
    const path = `article.associations.${index}`;
    if (![...headlines, ...descriptions, ...bodies].some((text) => !isBlank(text))) return [];
    if (type === undefined || !shownTypes.includes(type))
      return [{ path: `${path}.type`, message: `must be one of ${shownTypes.join(', ')}: another is not shown` }];
    if (isLink(association))
      return association.uri === undefined
        ? [{ path: `${path}.uri`, message: 'is missing: another story is shown as a link to it' }]
        : [];
    return isPlayerType(type) && filesIn(association).length === 0
      ? [
          {
            path: `${path}.renditions`,
            message: `must have one with an href and the contentType ${type}/…, or with the address of its page: it is not shown`,
          },
        ]
      : [];
  });
}

function foreignIn(associations: readonly Association[] = [], under: string): Warning[] {
  return associations.flatMap((association, index) => {
    const path = `${under}.${index}`;
    const texts = (['descriptions', 'bodies'] as const).flatMap((name) =>
      (association[name] ?? []).flatMap((text, position) =>
        isForeign(text) ? [{ path: `${path}.${name}.${position}.contentType`, message: foreign }] : [],
      ),
    );
    return [...texts, ...foreignIn(association.associations, `${path}.associations`)];
  });
}

function isForeign(text: Text): boolean {
  return !isHtml(text) && !isPlain(text) && !isBlank(text);
}

function isBlank({ value }: Text): boolean {
  return value.trim() === '';
}
