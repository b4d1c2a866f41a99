import * as v from 'valibot';
import { json, lists, text } from '../../shared/environment.ts';
import type { Theme } from '../../shared/site/theme.ts';

/** What `deliver` reads from its environment. infra/ takes the type, so that a wrong wiring does not compile. */
export const deliverEnv = v.object({
  ARTICLES_TABLE: text,
  FEEDS_TABLE: text,
  LISTS: lists,
  THEME: json<Theme>(),
  /** Absolute origin of every link, such as `https://www.example.com`; without it, the host the reader asked for. */
  SITE_URL: v.exactOptional(text),
  /** Where stories are read aloud (`narrate`): else none is offered, whatever was recorded once. */
  AUDIO: v.exactOptional(v.literal('on')),
});
export type DeliverEnv = v.InferInput<typeof deliverEnv>;
