import { headlineOf, isHtml, type Article, type Association, type Rendition } from './article.ts';

/** Returns the pictures and graphics, in the desk's order. */
export function picturesOf(article: Article): Association[] {
  return (article.associations ?? []).filter(
    (association) =>
      (association.type === 'picture' || association.type === 'graphic') && renditionsOf(association).length > 0,
  );
}

export function isPlayerType(type: string | undefined): type is 'video' | 'audio' {
  return type === 'video' || type === 'audio';
}

/** The types of files that browsers play, by the extension of an address. */
const playedTypes: ReadonlyMap<string, string> = new Map([
  ['mp4', 'video/mp4'],
  ['m4v', 'video/mp4'],
  ['webm', 'video/webm'],
  ['mp3', 'audio/mpeg'],
  ['m4a', 'audio/mp4'],
  ['ogg', 'audio/ogg'],
  ['wav', 'audio/wav'],
]);

function playedTypeOf({ contentType, href = '' }: Rendition): string {
  return contentType ?? playedTypes.get(/\.(\w+)(?:[?#]|$)/.exec(href)?.[1]?.toLowerCase() ?? '') ?? '';
}

/** Returns the renditions of a video or sound that a browser can play, widest first. */
export function playableOf({
  type,
  renditions = [],
}: Association): (Rendition & { href: string; contentType: string })[] {
  return renditions
    .flatMap((rendition) => {
      const { href } = rendition;
      const contentType = playedTypeOf(rendition);
      const isPlayed = contentType.toLowerCase().startsWith(`${type ?? ''}/`);
      return href !== undefined && isPlayed ? [{ ...rendition, href, contentType }] : [];
    })
    .sort((a, b) => (b.width ?? 0) - (a.width ?? 0));
}

/**
 * Returns videos, sounds and interactive graphics, in the desk's order. Each has a file to play, a frame to show or a
 * page to link to.
 */
export function mediaOf(article: Article): Association[] {
  return (article.associations ?? []).filter(
    (association) =>
      (isPlayerType(association.type) || (association.type === 'graphic' && renditionsOf(association).length === 0)) &&
      filesIn(association).length > 0,
  );
}

/**
 * Returns the renditions that are the video, sound or graphic itself, without posters, captions and transcripts. Those
 * that browsers play come first.
 */
export function filesIn(item: Association): (Rendition & { href: string })[] {
  const others = (item.renditions ?? []).filter(
    (rendition): rendition is Rendition & { href: string } =>
      rendition.href !== undefined &&
      !/^image\//i.test(rendition.contentType ?? '') &&
      !(rendition.contentType === undefined && beside.test(rendition.href)) &&
      !isCaptions(rendition) &&
      !isTranscript(rendition),
  );
  const playable = playableOf(item);
  return [...playable, ...others.filter((rendition) => playable.every(({ href }) => href !== rendition.href))];
}

const beside = /\.(?:jpe?g|png|gif|webp|avif|svg)(?:\?|$)/i;

function isCaptions({ contentType, href = '' }: Rendition): boolean {
  return contentType === undefined ? /\.vtt(?:\?|$)/i.test(href) : /^text\/vtt\b/i.test(contentType);
}

function isTranscript({ name }: Rendition): boolean {
  return /transcript/i.test(name ?? '');
}

/** Returns the captions of a video or sound: renditions in WebVTT, the only format of browsers. */
export function captionFilesOf({ renditions = [] }: Association): (Rendition & { href: string })[] {
  return renditions.filter(
    (rendition): rendition is Rendition & { href: string } => rendition.href !== undefined && isCaptions(rendition),
  );
}

/** Returns the address of the transcript: a rendition with that word in its name. */
export function transcriptOf({ renditions = [] }: Association): string | undefined {
  return renditions.find(
    (rendition) => isTranscript(rendition) && !isCaptions(rendition) && rendition.href !== undefined,
  )?.href;
}

/** Formats of picture files that not every browser shows. */
const notForBrowsers =
  /(?:^image\/|\.)(?:tiff?|heic|heif|x-[\w-]+|vnd\.[\w.-]+|psd|eps|bmp|jp2|pdf|ai|indd|dng|raw|cr2|cr3|nef|arw|zip)(?:;|$)/i;

/** Returns whether an address is, by its extension, that of a file that not every browser shows. */
export function isForPrint(href: string): boolean {
  return notForBrowsers.test(href.replace(/[?#][^]*/, ''));
}

/**
 * Returns the renditions that a browser can show, widest last. A rendition without a width counts as narrow. Zero, with
 * which CMSes mean that they do not know a size, is left out.
 */
export function renditionsOf(picture: Association): (Rendition & { href: string })[] {
  return (picture.renditions ?? [])
    .filter((rendition): rendition is Rendition & { href: string } => rendition.href !== undefined)
    .filter(({ contentType, href }) =>
      contentType === undefined
        ? !isForPrint(href)
        : /^image\//i.test(contentType) && !notForBrowsers.test(contentType),
    )
    .map(({ width, height, ...rest }) => ({
      ...rest,
      ...(width !== undefined && width > 0 && { width }),
      ...(height !== undefined && height > 0 && { height }),
    }))
    .sort((a, b) => (a.width ?? 0) - (b.width ?? 0));
}

export function captionOf(picture: Association): string | undefined {
  const plain = (picture.descriptions ?? []).filter((text) => !isHtml(text));
  return (
    plain.find((text) => text.role === 'caption') ??
    plain.find((text) => text.role === 'text') ??
    plain[0]
  )?.value.trim();
}

/** Returns the alternative text of a picture: `headlines`, else `title`. */
export function altOf(picture: Association): string | undefined {
  return headlineOf(picture);
}

/** Returns the audio renditions that the desk supplies (ninjs 3.1 `renditions[]`). */
export function audioOf({ renditions = [] }: Article): (Rendition & { href: string; contentType: string })[] {
  return renditions.filter(
    (rendition): rendition is Rendition & { href: string; contentType: string } =>
      rendition.href !== undefined && /^audio\//i.test(rendition.contentType ?? ''),
  );
}
