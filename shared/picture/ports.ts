import type { PulledPictures } from './pulled-pictures.ts';

/** The list of pulled pictures: one row of the articles table. Every response to a reader is checked against it. */
export interface Pictures {
  pulled(): Promise<PulledPictures>;
  /**
   * Writes the list if its `seq` still equals `previousSeq` (0: if there is none). Returns false if another writer was
   * faster.
   */
  writePulled(pulled: PulledPictures, previousSeq: number): Promise<boolean>;
}
