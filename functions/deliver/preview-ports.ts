import type { Articles } from '../../shared/article/ports.ts';

/** The ports that only previews need. */
export interface PreviewPorts {
  readonly articles: Pick<Articles, 'open' | 'pathBefore'>;
  /** Returns the secrets that sign links: during a rotation, two are valid. */
  readonly secrets: () => Promise<readonly string[]>;
}
