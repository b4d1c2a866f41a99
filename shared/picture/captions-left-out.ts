import { bodyOf, isHtml, lineOf, type Article, type Association } from '../article/article.ts';
import { captionOf, picturesOf } from '../article/media.ts';
import { plainTextOf } from '../article/sanitise.ts';
import type { Warning } from '../article/warning.ts';
import { besideText } from './beside-text.ts';

/**
 * Returns a warning for each picture whose caption or credit no page shows, because the text shows the picture without
 * them.
 */
export function captionsLeftOut(article: Article): Warning[] {
  const body = bodyOf(article);
  const pictures = picturesOf(article).filter((picture) => wordsOf(picture).length > 0);
  if (pictures.length === 0 || !body || !isHtml(body)) return [];
  const beside = besideText(article, body.value).pictures;
  const inText = pictures.filter((picture) => !beside.includes(picture));
  if (inText.length === 0) return [];
  const text = plainTextOf(body.value);
  return inText
    .filter((picture) => !wordsOf(picture).every((words) => text.includes(words)))
    .map((picture) => ({
      path: `article.associations.${(article.associations ?? []).indexOf(picture)}`,
      message: 'has a caption or credit that is not shown: the text has this picture, without them',
    }));
}

function wordsOf(picture: Association): string[] {
  return [captionOf(picture), picture.by].map((text) => lineOf(text ?? '')).filter((text) => text !== '');
}
