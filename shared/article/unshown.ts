import {
  bodyOf,
  isHtml,
  isPlain,
  isReadersRole,
  standfirstOf,
  type Article,
  type Association,
  type Text,
} from './article.ts';
import type { Warning } from './warning.ts';

/** Returns a warning for each text of an article that no page shows: no person's text is dropped silently. */
export function unshownTexts(article: Article): Warning[] {
  return [
    ...unshownBodies(article),
    ...unshownDescriptions(article),
    ...foreignIn(article.associations, 'article.associations'),
  ];
}

const foreign = 'must be text/html or text/plain: text of another type is not shown';

function unshownBodies(article: Article): Warning[] {
  const shown = bodyOf(article);
  return (article.bodies ?? []).flatMap((body, index) => {
    const path = `article.bodies.${index}`;
    if (isForeign(body)) return [{ path: `${path}.contentType`, message: foreign }];
    // The role is the same because it is the same text in another form.
    if (body === shown || isBlank(body) || body.role === undefined || body.role === shown?.role) return [];
    return [
      { path, message: 'is not shown: an article has one body, the first in HTML, else the first in plain text' },
    ];
  });
}

function unshownDescriptions(article: Article): Warning[] {
  const shown = standfirstOf(article);
  return (article.descriptions ?? []).flatMap((text, index) => {
    const path = `article.descriptions.${index}`;
    if (isBlank(text)) return [];
    if (isForeign(text)) return [{ path: `${path}.contentType`, message: foreign }];
    if (isHtml(text))
      return shown === undefined
        ? [{ path: `${path}.contentType`, message: 'must be text/plain: a description in HTML is not shown' }]
        : [];
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
