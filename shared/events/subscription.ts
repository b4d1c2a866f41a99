import * as v from 'valibot';
import type { Announcement } from './announcement.ts';
import { rebuildPrefix } from '../article/origin.ts';
import { strictObjectOf } from '../did-you-mean.ts';
import { faultsOf, text, type Fault } from '../field-schema.ts';
import { feedsNamed, type FeedSetting } from '../feed/placement.ts';
import { articleIdOf } from '../article/article.ts';
import { articleTag } from '../purge/tags.ts';
import { canaryUri } from '../trace/publish-trace.ts';

/** All that can be subscribed to. */
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

/** Those that say which feeds they are about. */
const aboutFeeds: readonly AnnouncementType[] = [
  'article.live',
  'article.revised',
  'article.withdrawn',
  'feed.changed',
];

/** Names of feeds by their kind: sections as slash paths, whose own sections belong to them. */
type FeedChoice = { readonly [setting in FeedSetting]?: readonly string[] | undefined };

/** Which announcements somebody wants. With sections, topics or others: those about a story that stands in one of them, or has just left it. */
export interface Interest extends FeedChoice {
  readonly events: readonly AnnouncementType[];
  /** `false` leaves out what an archive replay or an announced rebuild caused: for push notifications, which must not repeat. */
  readonly replays?: boolean | undefined;
}

/** What the house's own consumers say beside that. */
export interface InternalInterest {
  /** Whether it hears of the canary too, which is nobody's business but its keeper's. */
  readonly withCanary?: boolean | undefined;
  /** Whether it has nothing to do where a rebuild only says again what stands. */
  readonly withoutRebuilds?: boolean | undefined;
}

const canaryId = articleIdOf(canaryUri);

/** Where announcements go. Exactly one of these. */
export interface GivenDestination {
  /** `true`: a queue of Pressrun's own, `pressrun-<stage>-to-<name>`. Else the ARN of one that exists. */
  readonly queue?: true | string | undefined;
  /** ARN of a Lambda function of this account. */
  readonly function?: string | undefined;
  /** Address that takes signed POSTs (Standard Webhooks). */
  readonly webhook?: string | undefined;
  /** Address that knows its callers by a key in a header. */
  readonly apiDestination?: { readonly url: string; readonly header: string } | undefined;
  /** ARN of an event bus, of this account or another. */
  readonly bus?: string | undefined;
}

/** A subscription as whoever runs Pressrun writes it down. */
export interface GivenSubscription extends Interest, GivenDestination {}

export type GivenSubscriptions = Readonly<Record<string, GivenSubscription>>;

/** As an EventBridge pattern. A list in a pattern matches when any of its values is among the event's. */
export function patternOf(
  interest: Interest,
  { withCanary = false, withoutRebuilds = false }: InternalInterest = {},
): { readonly source: string[]; readonly 'detail-type': string[]; readonly detail?: object } {
  const feeds = feedsIn(interest);
  const replay = replayPatternOf(interest, withoutRebuilds);
  // What leaves a section must be told to whoever shows that section. The canary stands in none.
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

/** By what each event names its article; a purge names the tags of all that it served. */
function otherThanCanary(events: readonly AnnouncementType[]): object[] {
  const some = (...types: AnnouncementType[]): boolean => events.some((type) => types.includes(type));
  return [
    ...(some('article.live', 'article.revised', 'article.withdrawn', 'article.fresh', 'feed.changed')
      ? [{ articleId: [{ 'anything-but': canaryId }] }]
      : []),
    ...(some('cdn.purged') ? [{ tags: [{ 'anything-but': articleTag(canaryId) }] }] : []),
    // The canary stands on no front.
    ...(some('front.changed') ? [{ name: [{ exists: true }] }] : []),
    ...(some('article.rejected') ? [{ eventId: [{ exists: true }] }] : []),
  ];
}

/** The detail-types that a pattern names; `undefined` for one that describes them otherwise. */
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
      // The pattern would match none of them, and nobody would be told.
      addIssue({
        message: `cannot choose among ${mute.join(', ')}, which name no feeds: subscribe to those apart`,
        path: [{ type: 'object', origin: 'value', input: dataset.value, key: filter, value: rest[filter] }],
      });
    }
  }),
);

/** Their rules are named in the same way. */
const ownConsumers: readonly string[] = ['narrate', 'watch'];

const subscriptionsSchema: v.GenericSchema<unknown, GivenSubscriptions> = v.record(
  // With a stage's longest name, a function's name stays within Lambda's 64 characters.
  v.pipe(
    text,
    v.regex(
      /^[a-z][a-z0-9-]{0,27}$/,
      'must be named by 1 to 28 lower-case letters, digits and hyphens, starting with a letter',
    ),
    v.check(
      (name) => !ownConsumers.includes(name),
      "must have another name: this one is that of a consumer of Pressrun's own",
    ),
  ),
  subscriptionSchema,
  'must be a JSON object: subscriptions by name',
);

/** Subscriptions as they were written down, or every fault with its field. */
export function acceptSubscriptions(
  given: unknown,
): { readonly subscriptions: GivenSubscriptions } | { readonly faults: readonly Fault[] } {
  const { success, output, issues } = v.safeParse(subscriptionsSchema, given, { abortPipeEarly: true });
  return success ? { subscriptions: output } : { faults: faultsOf(issues) };
}

function isSafe(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.hash !== '') return false;
  return (
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname))
  );
}
