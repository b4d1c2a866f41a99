import { bodyOf, isHtml, isPlain, isReadersRole, type Article, type Association, type Text } from './article.ts';
import { filesIn, isPlayerType } from './media.ts';
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
