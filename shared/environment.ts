import * as v from 'valibot';
import type { GivenSettings } from './cms/sources.ts';
import type { Lists } from './feed/lists.ts';

/** A required variable. An empty one counts as absent. */
export const text = v.pipe(v.string(), v.nonEmpty('must not be empty'));

/** Returns a schema for a whole number within bounds. */
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

/** Returns a schema for JSON that was validated at synthesis, so here only its type is declared. */
export function json<Value extends object>() {
  return v.pipe(
    text,
    v.parseJson({}, 'must be JSON'),
    v.custom<Value>((value) => typeof value === 'object' && value !== null, 'must be a JSON object'),
  );
}

/** The variables of every function that reads stories as their CMSes write them, and puts events on the bus. */
export const intakeEntries = {
  BUS_NAME: text,
  PAYLOADS_BUCKET: text,
  /** The settings of each CMS, by source. */
  SOURCES: json<GivenSettings>(),
};

/**
 * The variables of every function that settles articles: the articles table, and release's queue for scheduled settles.
 */
export const settleEntries = {
  ARTICLES_TABLE: text,
  RELEASE_QUEUE_URL: text,
  RELEASE_QUEUE_ARN: text,
  SCHEDULE_GROUP: text,
  SCHEDULE_ROLE_ARN: text,
};
/** The variables that name release's queue and schedules. */
export type SettleScheduleEnv = Readonly<Record<Exclude<keyof typeof settleEntries, 'ARTICLES_TABLE'>, string>>;
