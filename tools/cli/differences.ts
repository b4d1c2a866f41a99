import { diffArrays, diffWordsWithSpace } from 'diff';
import type { Article } from '../../shared/article/article.ts';
import { bodyHtmlOf } from '../../shared/article/body.ts';
import { isObject } from '../../shared/cms/source-api.ts';

/** A field, a paragraph of the body or a container of a front that differs between two versions. */
export interface Difference {
  /** The name of the field; `body` for a paragraph. */
  readonly field: string;
  /** Absent: the older version does not have it. */
  readonly before?: string;
  /** Absent: the newer version does not have it. */
  readonly after?: string;
}

/** A run of words, and whether only the older version has it (`removed`) or only the newer one (`added`). */
export type Words = ReturnType<typeof diffWordsWithSpace>[number];

/** Returns the differences that a reader would see: by field, and by paragraph of the body. */
export function differencesBetween(before: Article, after: Article): Difference[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => field !== 'bodies')
    .sort();
  return [
    ...fields.flatMap((field) => {
      const old: unknown = Reflect.get(before, field);
      const current: unknown = Reflect.get(after, field);
      if (jsonOf(old) === jsonOf(current)) return [];
      // Attributes of a text, such as its type, are only in the JSON.
      const shown = readable(old) === readable(current) ? jsonOf : readable;
      return [differenceOf(field, shown(old), shown(current))];
    }),
    ...bodyDifferences(paragraphsOf(before), paragraphsOf(after)),
  ];
}

/** Returns the differences as lines of text. In a changed paragraph, words are marked as `[-old-]` and `{+new+}`. */
export function differenceLines(before: Article, after: Article): string[] {
  return differencesBetween(before, after).flatMap((difference, index, all) => [
    ...(difference.field === all[index - 1]?.field ? [] : [`${difference.field}:`]),
    ...linesOf(difference),
  ]);
}

function linesOf({ field, before, after }: Difference): string[] {
  if (field === 'body' && before !== undefined && after !== undefined) return [`  ~ ${marked(before, after)}`];
  return [...(before === undefined ? [] : [`  - ${before}`]), ...(after === undefined ? [] : [`  + ${after}`])];
}

function marked(before: string, after: string): string {
  return wordsOf(before, after)
    .map(({ added, removed, value }) => (added ? `{+${value}+}` : removed ? `[-${value}-]` : value))
    .join('');
}

/** Compares two texts word by word. */
export function wordsOf(before: string, after: string): readonly Words[] {
  return diffWordsWithSpace(before, after);
}

function bodyDifferences(before: readonly string[], after: readonly string[]): Difference[] {
  const parts = diffArrays([...before], [...after]);
  return parts.flatMap((part, index) => {
    const [previous, next] = [parts[index - 1], parts[index + 1]];
    if (part.removed && next?.added && part.value.length === next.value.length)
      return part.value.map((paragraph, at) => differenceOf('body', paragraph, next.value[at] ?? ''));
    // Paired with the paragraphs that it replaces.
    if (part.added && previous?.removed && part.value.length === previous.value.length) return [];
    if (part.added) return part.value.map((paragraph) => differenceOf('body', '', paragraph));
    return part.removed ? part.value.map((paragraph) => differenceOf('body', paragraph, '')) : [];
  });
}

function differenceOf(field: string, before: string, after: string): Difference {
  return { field, ...(before !== '' && { before }), ...(after !== '' && { after }) };
}

export function paragraphsOf(article: Article): string[] {
  return bodyHtmlOf(article)
    .split(/<\/(?:p|h2|h3|h4|li|blockquote|figcaption)>|<br \/>/)
    .map((part) =>
      part
        .replaceAll(/<[^>]*>/g, '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )
    .filter((part) => part !== '');
}

function jsonOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Headlines and descriptions as their texts, each with its role; other values as JSON. */
function readable(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return jsonOf(value);
  const texts = value.map(textOf);
  return texts.includes(undefined) ? jsonOf(value) : texts.join(' · ');
}

function textOf(item: unknown): string | undefined {
  if (!isObject(item) || typeof item['value'] !== 'string') return undefined;
  return typeof item['role'] === 'string' ? `${item['role']}: ${item['value']}` : item['value'];
}
