import type { Article, Association } from '../article/article.ts';
import { filesIn, mediaOf, picturesOf, renditionsOf } from '../article/media.ts';
import { sameAddress } from './picture.ts';
import { referencesIn } from './text-files.ts';

/** Returns the pictures of an article that its text (HTML) does not show, and the media that it does not refer to. */
export function besideText(
  article: Article,
  body: string,
): { readonly pictures: readonly Association[]; readonly media: readonly Association[] } {
  const references = referencesIn(body).map(({ address, isImage }) => ({ address: sameAddress(address), isImage }));
  const linked = new Set(references.map(({ address }) => address));
  const shown = new Set(references.flatMap(({ address, isImage }) => (isImage ? [address] : [])));
  return {
    pictures: picturesOf(article).filter(
      (picture) => !renditionsOf(picture).some(({ href }) => shown.has(sameAddress(href))),
    ),
    media: mediaOf(article).filter((item) => !filesIn(item).some(({ href }) => linked.has(sameAddress(href)))),
  };
}
