import * as v from 'valibot';
import type { Lists } from './feed/lists.ts';

/** A variable that has to be there. An empty one says nothing. */
export const text = v.pipe(v.string(), v.nonEmpty('must not be empty'));

/** A whole number. */
export function integer(least: number, most: number) {
  return v.pipe(
    text,
    v.digits('must be a whole number'),
    v.toNumber(),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );
}

/** How lists are kept fresh. */
export const lists = v.picklist(['purged', 'ttl'] satisfies Lists[], 'must be purged or ttl');

/** JSON that was judged at synthesis: nobody else writes it, so only its kind is looked at again. */
export function json<Value extends object>() {
  return v.pipe(
    text,
    v.parseJson({}, 'must be JSON'),
    v.custom<Value>((value) => typeof value === 'object' && value !== null, 'must be a JSON object'),
  );
}

/** What every function that settles an article is wired with: the articles table, and release's queue for wake-up calls. */
export const settleEntries = {
  ARTICLES_TABLE: text,
  RELEASE_QUEUE_URL: text,
  RELEASE_QUEUE_ARN: text,
  SCHEDULE_GROUP: text,
  SCHEDULE_ROLE_ARN: text,
};
/** What of it names release's queue and schedules. */
export type SettleScheduleEnv = Readonly<Record<Exclude<keyof typeof settleEntries, 'ARTICLES_TABLE'>, string>>;
