import * as v from 'valibot';
import type { Announcement } from './announcement.ts';
import { rebuildPrefix } from '../article/origin.ts';
import { strictObjectOf } from '../did-you-mean.ts';
import { issuesOf, text, type Issue } from '../field-schema.ts';
import { feedsNamed, type FeedSetting } from '../feed/placement.ts';
import { articleIdOf } from '../article/article.ts';
import { articleTag } from '../purge/tags.ts';
import { canaryUri } from '../trace/publish-trace.ts';

/** The announcements that can be subscribed to. */
export const announcementTypes = [
  'article.live',
  'article.revised',
  'article.withdrawn',
  'article.rejected',
  'article.fresh',
  'front.changed',
  'feed.changed',
  'cdn.purged',
] as const satisfies readonly Announcement['type'][];

export type AnnouncementType = (typeof announcementTypes)[number];

/** The announcements that name feeds. */
const aboutFeeds: readonly AnnouncementType[] = [
  'article.live',
  'article.revised',
  'article.withdrawn',
  'feed.changed',
];

/** Feeds by kind: sections as slash paths, each with its subsections. */
type FeedChoice = { readonly [setting in FeedSetting]?: readonly string[] | undefined };

/**
 * The announcements that a subscriber wants. If it names sections, topics or other feeds, it gets those about an
 * article that is listed there or has just left.
 */
export interface Interest extends FeedChoice {
  readonly events: readonly AnnouncementType[];
  /**
   * `false` leaves out announcements caused by an archive replay or an announced rebuild, for push notifications, which
   * must not repeat.
   */
  readonly replays?: boolean | undefined;
}

/** Further choices of Pressrun's own consumers. */
export interface InternalInterest {
  /** Whether announcements about the canary are included. Other subscribers never get them. */
  readonly withCanary?: boolean | undefined;
  /** Whether the announcements that a rebuild repeats are left out. */
  readonly withoutRebuilds?: boolean | undefined;
}

const canaryId = articleIdOf(canaryUri);

/** The destination of announcements: exactly one of these. */
export interface GivenDestination {
  /** `true` creates the queue `pressrun-<stage>-to-<name>`; otherwise the ARN of an existing queue. */
  readonly queue?: true | string | undefined;
  /** ARN of a Lambda function of this account. */
  readonly function?: string | undefined;
  /** The address of a webhook that takes signed POSTs (Standard Webhooks). */
  readonly webhook?: string | undefined;
  /** The address of an API that authenticates callers by a key in a header. */
  readonly apiDestination?:
    | { readonly url: string; readonly header: string; readonly keyVersion?: number | undefined }
    | undefined;
  /** ARN of an event bus, of this account or another. */
  readonly bus?: string | undefined;
}

/** A subscription in the configuration. */
export interface GivenSubscription extends Interest, GivenDestination {}

export type GivenSubscriptions = Readonly<Record<string, GivenSubscription>>;

/**
 * Returns the EventBridge pattern of an interest. A list in a pattern matches if the event's list has any of its
 * values.
 */
export function patternOf(
  interest: Interest,
  { withCanary = false, withoutRebuilds = false }: InternalInterest = {},
): { readonly source: string[]; readonly 'detail-type': string[]; readonly detail?: object } {
  const feeds = feedsIn(interest);
  const replay = replayPatternOf(interest, withoutRebuilds);
  // A subscriber to a section also gets the changes by which articles leave it. The canary is in no section.
  const wanted =
    feeds.length > 0 ? [{ feeds }, { leftFeeds: feeds }] : withCanary ? [] : otherThanCanary(interest.events);
  return {
    source: ['pressrun'],
    'detail-type': [...interest.events],
    ...((wanted.length > 0 || replay) && {
      detail: { ...(wanted.length > 1 ? { $or: wanted } : wanted[0]), ...(replay && { replay }) },
    }),
  };
}

function replayPatternOf({ replays = true }: Interest, withoutRebuilds: boolean): object[] | undefined {
  if (!replays) return [{ exists: false }];
  return withoutRebuilds ? [{ exists: false }, { 'anything-but': { prefix: rebuildPrefix } }] : undefined;
}

/**
 * Returns the conditions that leave out the canary, by the fields that name an article. A purge names the tags of all
 * its articles.
 */
function otherThanCanary(events: readonly AnnouncementType[]): object[] {
  const some = (...types: AnnouncementType[]): boolean => events.some((type) => types.includes(type));
  return [
    ...(some('article.live', 'article.revised', 'article.withdrawn', 'article.fresh', 'feed.changed')
      ? [{ articleId: [{ 'anything-but': canaryId }] }]
      : []),
    ...(some('cdn.purged') ? [{ tags: [{ 'anything-but': articleTag(canaryId) }] }] : []),
    // The canary is on no front.
    ...(some('front.changed') ? [{ name: [{ exists: true }] }] : []),
    ...(some('article.rejected') ? [{ eventId: [{ exists: true }] }] : []),
  ];
}

/** Returns the detail-types that a pattern names; `undefined` if the pattern does not list them. */
export function subscriptionTypes(pattern: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  const types: unknown = pattern['detail-type'];
  return Array.isArray(types) && types.every((type) => typeof type === 'string') ? types : undefined;
}

function feedsIn(interest: Interest): string[] {
  return feedSettings.flatMap((setting) => feedsNamed(setting, interest[setting] ?? []));
}

const destinations = ['queue', 'function', 'webhook', 'apiDestination', 'bus'] as const;

const arnOf = (what: string, pattern: RegExp) => v.pipe(text, v.regex(pattern, `must be the ARN of ${what}`));
const address = v.pipe(
  text,
  v.check(
    isSafe,
    'must be an https address such as https://search.example.com/pressrun; plain http goes to this machine only',
  ),
);
const names = v.pipe(
  v.array(v.pipe(text, v.trim(), v.nonEmpty('must not be empty')), 'must be a list of texts'),
  v.minLength(1, 'must not be empty'),
);

const feedChoice = {
  sections: v.optional(names),
  topics: v.optional(names),
  authors: v.optional(names),
  genres: v.optional(names),
} satisfies Record<FeedSetting, unknown>;
const feedSettings = Object.keys(feedChoice) as readonly FeedSetting[];

const subscriptionSchema = v.pipe(
  strictObjectOf(
    {
      events: v.pipe(
        v.array(
          v.picklist(announcementTypes, `must be one of ${announcementTypes.join(', ')}`),
          'must be a list of events',
        ),
        v.minLength(1, 'must name at least one event'),
      ),
      ...feedChoice,
      replays: v.optional(v.boolean('must be true or false')),
      queue: v.optional(
        v.union(
          [v.literal(true), v.pipe(v.string(), v.regex(/^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$/))],
          'must be true, or the ARN of a queue',
        ),
      ),
      function: v.optional(arnOf('a function', /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}$/)),
      webhook: v.optional(address),
      apiDestination: v.optional(
        strictObjectOf(
          {
            url: address,
            header: v.pipe(text, v.regex(/^[\w-]{1,100}$/, 'must be the name of a header, such as X-Api-Key')),
            keyVersion: v.optional(
              v.pipe(
                v.number('must be a whole number'),
                v.integer('must be a whole number'),
                v.minValue(1, 'must be 1 or more'),
              ),
            ),
          },
          'an API destination',
        ),
      ),
      bus: v.optional(arnOf('an event bus', /^arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]{1,256}$/)),
    },
    'a subscription',
  ),
  v.check(
    (given) => destinations.filter((kind) => given[kind] !== undefined).length === 1,
    `must have exactly one of ${destinations.join(', ')}`,
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { events, ...rest } = dataset.value;
    const mute = events.filter((type) => !aboutFeeds.includes(type));
    if (mute.length === 0) return;
    for (const filter of feedSettings) {
      if (rest[filter] === undefined) continue;
      // The pattern would match no announcement.
      addIssue({
        message: `cannot choose among ${mute.join(', ')}, which name no feeds: use another subscription for them`,
        path: [{ type: 'object', origin: 'value', input: dataset.value, key: filter, value: rest[filter] }],
      });
    }
  }),
);

/** Pressrun's own consumers have rules of these names. */
const ownConsumers: readonly string[] = ['narrate', 'watch'];

const subscriptionsSchema: v.GenericSchema<unknown, GivenSubscriptions> = v.record(
  // With the longest stage name, the function's name has at most Lambda's 64 characters.
  v.pipe(
    text,
    v.regex(
      /^[a-z][a-z0-9-]{0,27}$/,
      'must be named by 1 to 28 lower-case letters, digits and hyphens, starting with a letter',
    ),
    v.check((name) => !ownConsumers.includes(name), 'must have another name: a consumer of Pressrun has this one'),
  ),
  subscriptionSchema,
  'must be a JSON object: subscriptions by name',
);

/** Returns the subscriptions of a configuration, or every fault with its field. */
export function acceptSubscriptions(
  given: unknown,
): { readonly subscriptions: GivenSubscriptions } | { readonly issues: readonly Issue[] } {
  const { success, output, issues } = v.safeParse(subscriptionsSchema, given, { abortPipeEarly: true });
  return success ? { subscriptions: output } : { issues: issuesOf(issues) };
}

function isSafe(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.hash !== '') return false;
  return (
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname))
  );
}
