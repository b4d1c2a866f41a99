import * as v from 'valibot';
import { text, versionCreated, webAddress, wholeNumber } from '../field-schema.ts';
import { frontTags, maxFrontTags, placesOf } from './front.ts';
import { feedKinds, feedPattern } from '../feed/placement.ts';

const maxTitle = 1000;
const maxHref = 2000;
const maxContainers = 100;
/** A page with this many stories, each with the longest card, fits into one response of a function (6 MB). */
const maxPlaces = 500;
const maxContainersBytes = 100_000;

// These are checks and not lengths of the published schema, which may only be widened. No page could show longer texts.
const words = v.pipe(
  text,
  v.nonEmpty('must not be empty'),
  v.check((value) => value.length <= maxTitle, 'must be at most 1,000 characters'),
);

/** A link to a page of the site or to the web. */
const link = v.pipe(
  text,
  v.check((value) => value.length <= maxHref, 'must be at most 2,000 characters'),
  v.check(
    (value) => /^\/(?!\/)/.test(value) || v.is(webAddress, value),
    'must be an http or https URL, or a path such as /section/news',
  ),
);

const feedWords = ['latest', ...Object.keys(feedKinds).map((kind) => `${kind}/…`)]
  .join(', ')
  .replace(/, (?=[^,]*$)/, ' or ');

const frontLink = v.pipe(
  v.object({ label: words, href: link }, 'must be an object with label and href'),
  v.title('FrontLink'),
);

const containerSchema = v.pipe(
  v.object(
    {
      title: v.pipe(words, v.trim(), v.nonEmpty('must not be empty')),
      pins: v.optional(
        v.array(
          v.pipe(v.string('must be the uri of an article'), v.nonEmpty('must be the uri of an article')),
          'must be an array',
        ),
      ),
      backfill: v.optional(v.pipe(text, v.regex(feedPattern, `must be a feed: ${feedWords}, at most 120 characters`))),
      limit: v.optional(wholeNumber(1, 100)),
      seeMore: v.optional(link),
      links: v.optional(v.array(frontLink, 'must be an array')),
    },
    'must be an object',
  ),
  v.title('FrontContainer'),
);

const frontName = v.pipe(
  v.string('must be a string'),
  v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and hyphens, at most 64'),
);
const frontIdentity = { name: frontName, versionCreated };

export const usableFront = v.pipe(
  v.object(
    {
      ...frontIdentity,
      containers: v.pipe(
        v.array(containerSchema, 'must be an array'),
        v.minLength(1, 'must hold at least one container'),
        v.check((containers) => containers.length <= maxContainers, 'must hold at most 100 containers'),
        v.check(
          (containers) => Buffer.byteLength(JSON.stringify(containers)) <= maxContainersBytes,
          'must be at most 100 KB as JSON',
        ),
      ),
    },
    'must be a front',
  ),
  v.title('Front'),
  v.forward(
    v.check(
      (front) => frontTags(front).length <= maxFrontTags,
      `must name fewer pins and feeds: a front has room for ${maxFrontTags} cache tags, its own included`,
    ),
    ['containers'],
  ),
  v.forward(
    v.check(
      (front) => placesOf(front) <= maxPlaces,
      'must have room for at most 500 stories: the limits of all containers together',
    ),
    ['containers'],
  ),
);
export const namedFront = v.pipe(v.object(frontIdentity, 'must be a front'), v.title('FrontReference'));
