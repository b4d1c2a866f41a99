import type { Source } from './source.ts';
import { busSourceOf, sourceNamed } from './sources.ts';

/** Files are read from this folder of the bucket. The folder in it names their source. */
export const dropFolder = 'drop/';

const keyPattern = /^drop\/(?:([^/]+)\/)?(?:.*\/)?([^/]*)$/s;
/** Pictures, folders and the names of files that are still being written do not match. */
const readName = /^[^.].*\.(?:xml|json)$/is;

/** A file that was dropped into the bucket, by its key. */
export interface DroppedFile {
  /** Undefined if its folder is not named after a source. */
  readonly source: Source | undefined;
  /** The `source` of its events, and of its rejection. */
  readonly busSource: string;
  /** Whether its name is that of a story's file. */
  readonly isRead: boolean;
}

export function droppedFile(key: string): DroppedFile {
  const [, folder = '', name = ''] = keyPattern.exec(key) ?? [];
  const source = sourceNamed(folder);
  return { source, busSource: source ? busSourceOf(source) : 'aws.s3', isRead: readName.test(name) };
}
