import { headlineOf, isHtml, type Article, type Text } from './article.ts';
import { bodyHtmlOf } from './body.ts';
import type { Issue } from '../field-schema.ts';
import { isObject } from '../cms/source-api.ts';
import { shortened } from '../shortened.ts';
import type { Warning } from './warning.ts';

/**
 * The bytes that one story may have in a response. Lambda's limit is 6 MB, and JSON within JSON can double the size.
 */
const maxAnswerBytes = 2_000_000;

/**
 * A page repeats the headline up to eight times, the standfirst up to four times, and any other text up to three times,
 * each escaped. Together with the body they must fit into one response.
 */
const maxEscapedBytesBesideBodies = 250_000;

const maxHeadlineBytes = 2_000;
const maxTextBytes = 20_000;

/**
 * Returns the article with the texts that a page can carry. A plain text beside the bodies is cut to 20,000 bytes; any
 * other value that is longer is left out. Each has a warning.
 */
export function withBoundedTexts(article: Article): { readonly article: Article; readonly warnings: Warning[] } {
  const warnings: Warning[] = [];
  const bounded = (value: unknown, path: string): unknown => {
    if (typeof value === 'string') {
      if (Buffer.byteLength(value) <= maxTextBytes) return value;
      warnings.push({ path, message: 'must be at most 20,000 bytes: it is left out' });
      return undefined;
    }
    if (Array.isArray(value)) return value.flatMap((held: unknown, index) => bounded(held, `${path}.${index}`) ?? []);
    if (!isObject(value)) return value;
    if (isPlainText(value) && Buffer.byteLength(value.value) > maxTextBytes) {
      warnings.push({ path: `${path}.value`, message: 'must be at most 20,000 bytes: it is cut' });
      return { ...value, value: shortened(value.value, { bytes: maxTextBytes }) };
    }
    const kept = Object.entries(value).flatMap(([name, held]): [string, unknown][] => {
      const inner = name === 'bodies' ? held : bounded(held, `${path}.${name}`);
      return inner === undefined && held !== undefined ? [] : [[name, inner]];
    });
    const isWithoutText = 'value' in value && !kept.some(([name]) => name === 'value');
    return isWithoutText ? undefined : Object.fromEntries(kept);
  };
  const given = bounded(article, 'article') as Article;
  return warnings.length === 0 ? { article, warnings } : { article: given, warnings };
}

function isPlainText(value: object): value is Text {
  return 'value' in value && typeof value.value === 'string' && !isHtml({ ...value, value: value.value });
}

/** Returns an issue for each field that is too long to be shown in one response; an empty list if the article fits. */
export function tooLongFor(article: Article): Issue[] {
  const headline = headlineOf(article) ?? '';
  if (Buffer.byteLength(headline) > maxHeadlineBytes) {
    const place = (article.headlines ?? []).findIndex(({ value }) => value === headline);
    return [{ path: `article.headlines.${place}.value`, message: 'must be at most 2,000 bytes' }];
  }
  // The page is measured as well as the item, because escaping makes plain text longer.
  if ([article, bodyHtmlOf(article)].some((part) => Buffer.byteLength(JSON.stringify(part)) > maxAnswerBytes))
    return [
      {
        path: 'article.bodies',
        message:
          'must be smaller: as HTML, or with the rest of the item as JSON, the text exceeds the 2 MB of one response',
      },
    ];
  const { bodies, ...rest } = article;
  if (escapedBytesOf(rest) <= maxEscapedBytesBesideBodies) return [];
  const [largest = ''] = Object.entries(rest)
    .sort(([, a], [, b]) => escapedBytesOf([b]) - escapedBytesOf([a]))
    .map(([name]) => name);
  return [
    {
      path: `article.${largest}`,
      message: 'must be smaller: without its bodies, an item may have 250 KB of JSON, escaped for a page',
    },
  ];
}

/**
 * Returns the size of a value's JSON in bytes, if every character that HTML or JSON escapes takes the seven bytes of
 * the longest escape.
 */
function escapedBytesOf(value: object): number {
  const json = JSON.stringify(value);
  return Buffer.byteLength(json) + 6 * (json.match(/[<>&'\\]/g)?.length ?? 0);
}
