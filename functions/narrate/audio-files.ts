import { audioFolder, partsFolder, type AudioRendition } from '../../shared/audio/audio-rendition.ts';
import { articleTag } from '../../shared/purge/tags.ts';
import { before } from '../../shared/trim.ts';
import type { NarratePorts } from './ports.ts';

/** Returns the key of an audio rendition's file in the bucket. */
export function keyOf({ href }: AudioRendition): string {
  return href.slice(1);
}

/** Returns the `seq` of the synthesis job with which a file was made. */
export function seqOf(key: string): number {
  return Number(/\/(\d+)-[^/]*$/.exec(key)?.[1] ?? 0);
}

/** Returns the keys of the parts in the bucket, by the part's id; if a part has two files, either of them. */
export async function storedParts({ files }: NarratePorts, articleId: string): Promise<ReadonlyMap<string, string>> {
  const folder = partsFolder(articleId);
  return new Map((await files.list(folder)).map((key) => [before(key.slice(folder.length), '.'), key]));
}

/**
 * Removes the audio that was made with this `seq` or a lower one, and all files of `known`, but not the file of
 * `rendition`. The known files were listed before the job got this `seq`. So they are older whatever their number, which
 * may come from a table before it was restored. The CDN may cache a file for a minute; a withdrawn file is purged.
 */
export async function removeOlder(
  ports: NarratePorts,
  articleId: string,
  seq: number,
  { rendition, known = [] }: { readonly rendition?: AudioRendition; readonly known?: readonly string[] },
): Promise<void> {
  const files = await ports.files.list(audioFolder(articleId));
  const older = files.filter(
    (key) => (seqOf(key) <= seq || known.includes(key)) && (rendition === undefined || key !== keyOf(rendition)),
  );
  if (older.length === 0) return;
  // The purge is requested first, and runs when no earlier request is in flight, so a crash in between loses no purge.
  if (rendition === undefined)
    await ports.purgeRequests.send(
      { tags: [articleTag(articleId)], articles: [] },
      { urgent: true, delaySeconds: ports.purgeAgainSeconds },
    );
  for (const key of older) await ports.files.remove(key);
}
