import type { Articles, Fronts } from '../../shared/article/ports.ts';
import type { Changes, Feeds } from '../../shared/feed/ports.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Pictures } from '../../shared/picture/ports.ts';
import type { PreviewPorts } from './preview-ports.ts';
import type { SiteSettings } from './site.ts';

export interface DeliverPorts extends SiteSettings {
  readonly articles: Pick<Articles, 'head' | 'version' | 'pathOwner'>;
  readonly fronts: Pick<Fronts, 'head' | 'version'>;
  readonly feeds: Pick<Feeds, 'page'>;
  readonly pictures: Pick<Pictures, 'pulled'>;
  readonly changeList: Pick<Changes, 'page'>;
  readonly clock: Clock;
  /** Absent if previews are off. */
  readonly preview?: PreviewPorts | undefined;
  /** Whether text-to-speech is on. */
  readonly offersAudio?: boolean;
}
