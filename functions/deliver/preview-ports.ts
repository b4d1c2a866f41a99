import type { Articles } from '../../shared/article/ports.ts';

/** What previews need beside the readers' ports. */
export interface PreviewPorts {
  readonly articles: Pick<Articles, 'open' | 'pathBefore'>;
  /** The secrets that sign links, those that are valid at the same time. */
  readonly secrets: () => Promise<readonly string[]>;
}
