import type { SettlePorts } from '../../shared/article/settle-article.ts';
import type { NarrationQueue, SoundFiles, Speech, SynthesisJobs } from '../../shared/audio/ports.ts';
import type { Voices } from '../../shared/audio/speech.ts';
import type { Timer } from '../../shared/clock.ts';
import type { Pictures } from '../../shared/picture/ports.ts';
import type { PurgeRequests } from '../../shared/purge/ports.ts';

export interface NarratePorts extends SettlePorts {
  readonly clock: Timer;
  readonly pictures: Pick<Pictures, 'pulled'>;
  readonly synthesisJobs: SynthesisJobs;
  readonly speech: Speech;
  readonly files: SoundFiles;
  readonly narrationQueue: NarrationQueue;
  readonly purgeRequests: PurgeRequests;
  readonly voices: Voices;
  /** BCP 47. The language of articles that name none. */
  readonly language: string;
  /** The number of seconds after which no request from before a file's removal can be in flight. */
  readonly purgeAgainSeconds: number;
}
