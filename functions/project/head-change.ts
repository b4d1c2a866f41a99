import type { Head } from '../../shared/article/head.ts';

/** One change of a head: the two images of one stream record. */
export interface HeadChange {
  readonly before: Head | undefined;
  readonly after: Head | undefined;
}
