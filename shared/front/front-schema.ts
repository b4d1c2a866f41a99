import * as v from 'valibot';
import { text, versionCreated, webAddress } from '../field-schema.ts';
import { frontTags, maxFrontTags } from './front.ts';
import { feedKinds, feedPattern } from '../feed/placement.ts';

/** A link to a page of the site or to the web. */
const link = v.pipe(
  text,
  v.check(
    (value) => /^\/(?!\/)/.test(value) || v.is(webAddress, value),
    'must be an http or https URL, or a path such as /section/news',
  ),
);

const feedWords = ['latest', ...Object.keys(feedKinds).map((kind) => `${kind}/…`)]
  .join(', ')
  .replace(/, (?=[^,]*$)/, ' or ');

const frontLink = v.pipe(
  v.object(
    { label: v.pipe(text, v.nonEmpty('must not be empty')), href: link },
    'must be an object with label and href',
  ),
  v.title('FrontLink'),
);

const containerSchema = v.pipe(
  v.object(
    {
      title: v.pipe(text, v.trim(), v.nonEmpty('must not be empty')),
      pins: v.optional(
        v.array(
          v.pipe(v.string('must be the uri of an article'), v.nonEmpty('must be the uri of an article')),
          'must be an array',
        ),
      ),
      backfill: v.optional(v.pipe(text, v.regex(feedPattern, `must be a feed: ${feedWords}, at most 120 characters`))),
      limit: v.optional(
        v.pipe(
          v.number('must be a number'),
          v.integer('must be an integer'),
          v.minValue(1, 'must be 1 to 100'),
          v.maxValue(100, 'must be 1 to 100'),
        ),
      ),
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
      ),
    },
    'must be a front',
  ),
  v.title('Front'),
  v.forward(
    v.check(
      (front) => frontTags(front).length <= maxFrontTags,
      `must name fewer pins and feeds: together with the front itself more than ${maxFrontTags} cache tags do not fit`,
    ),
    ['containers'],
  ),
);
export const namedFront = v.pipe(v.object(frontIdentity, 'must be a front'), v.title('FrontReference'));
