import * as v from 'valibot';
import { json, lists, text } from '../../shared/environment.ts';
import type { Theme } from '../../shared/site/theme.ts';

/** Environment variables of `deliver`. infra/ imports the type, so that wrong wiring does not compile. */
export const deliverEnv = v.object({
  ARTICLES_TABLE: text,
  FEEDS_TABLE: text,
  LISTS: lists,
  THEME: json<Theme>(),
  /** The name of the secret that signs links to previews. */
  PREVIEW_SECRET: text,
  /**
   * The absolute origin of every link, such as `https://www.example.com`. If absent, the host of the reader's request.
   */
  SITE_URL: v.exactOptional(text),
  /** Set if `narrate` is deployed. Otherwise no audio is offered, even if some is stored. */
  AUDIO: v.exactOptional(v.literal('on')),
});
export type DeliverEnv = v.InferInput<typeof deliverEnv>;
