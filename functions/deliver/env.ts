import type { Lists } from '../../shared/lists.ts';

export interface DeliverEnv {
  readonly ARTICLES_TABLE: string;
  readonly FEEDS_TABLE: string;
  readonly LISTS: Lists;
  /** The theme as JSON (`shared/theme.ts`), judged at synthesis. */
  readonly THEME: string;
  /** Absolute origin of every link, such as `https://www.example.com`; without it, the host the reader asked for. */
  readonly SITE_URL?: string;
  /** `on` where stories are read aloud (`narrate`): else none is offered, whatever was recorded once. */
  readonly AUDIO?: string;
}
