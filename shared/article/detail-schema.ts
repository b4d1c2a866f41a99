import * as v from 'valibot';
import { instant, objectOf, text, webAddress, wholeNumber } from '../field-schema.ts';
import { longestUriBytes } from './article-schema.ts';
import type { FieldPath, Strictness } from './lenient.ts';
import { pathIssue } from './path.ts';
import { warningsSchema } from './warning.ts';

/** More links than an author has pages elsewhere. */
const maxLinks = 20;

const remark = v.optional(v.pipe(text, v.maxLength(1000, 'must be at most 1,000 characters')));

/** The fields of a detail beside its article or front. */
export const detailEntries = {
  revision: v.optional(
    v.pipe(
      wholeNumber(0, 9_999_999_999, 'must be 0 to 9,999,999,999'),
      v.description('Orders versions with the same `versionCreated`. 0 when absent.'),
    ),
  ),
  receivedAt: v.optional(
    v.pipe(
      wholeNumber(0, 9_999_999_999_999, 'must be epoch milliseconds'),
      v.description(
        "When a webhook endpoint received the event, in epoch milliseconds, at most 10 seconds after the bus event's `time`. When absent, `time` is used.",
      ),
    ),
  ),
  path: v.optional(
    v.pipe(
      text,
      v.rawCheck(({ dataset, addIssue }) => {
        const message = dataset.typed ? pathIssue(dataset.value) : undefined;
        if (message !== undefined) addIssue({ message });
      }),
      v.description(
        'The path of the article on the site, such as /news/world/a-story: absolute, at most 300 bytes, without a query, dot segments or empty segments, and not one that the site uses itself. An update without it keeps the present path. The default is `/articles/{articleId}/{slug of the first headline}`.',
      ),
    ),
  ),
  live: v.optional(
    v.pipe(
      objectOf({
        coverageStartTime: v.optional(instant),
        coverageEndTime: v.optional(
          v.pipe(instant, v.description('When the coverage ended, or will. Pages then stop asking for new posts.')),
        ),
      }),
      v.forward(
        v.partialCheck(
          [['coverageStartTime'], ['coverageEndTime']],
          ({ coverageStartTime: start, coverageEndTime: end }) =>
            start === undefined || end === undefined || start <= end,
          'must not be after coverageEndTime',
        ),
        ['coverageStartTime'],
      ),
      v.title('Live'),
      v.description('Makes the article a live story: its page shows the posts that name it, newest first.'),
    ),
  ),
  post: v.optional(
    v.pipe(
      objectOf({
        story: v.pipe(
          text,
          v.nonEmpty('must be the uri of the live story'),
          v.check((uri) => Buffer.byteLength(uri) <= longestUriBytes, `must be at most ${longestUriBytes} bytes`),
          v.description('The uri of the live story, which may arrive later.'),
        ),
        key: v.optional(
          v.pipe(v.boolean('must be true or false'), v.description('Whether the page lists it among the key points.')),
        ),
        pinned: v.optional(
          v.pipe(
            v.boolean('must be true or false'),
            v.description('Whether it is shown above all other posts; of several, the newest is.'),
          ),
        ),
      }),
      v.title('Post'),
      v.description(
        'Makes the item a post of a live story. Only the page and the feeds of that story show it, and only while the story is public. It has no address of its own, so `path` is ignored.',
      ),
    ),
  ),
  profile: v.optional(
    v.pipe(
      objectOf({
        jobTitle: v.optional(
          v.pipe(text, v.trim(), v.nonEmpty('must not be empty'), v.maxLength(200, 'must be at most 200 characters')),
        ),
        links: v.optional(
          v.pipe(
            v.array(
              v.pipe(
                objectOf(
                  {
                    label: v.pipe(
                      text,
                      v.trim(),
                      v.nonEmpty('must not be empty'),
                      v.maxLength(100, 'must be at most 100 characters'),
                    ),
                    href: v.pipe(webAddress, v.maxLength(2000, 'must be at most 2,000 characters')),
                  },
                  'must be an object with label and href',
                ),
                v.title('ProfileLink'),
              ),
              'must be an array',
            ),
            v.maxLength(maxLinks, `must be at most ${maxLinks} links`),
            v.description("The author's own pages elsewhere."),
          ),
        ),
      }),
      v.title('Profile'),
      v.description(
        'Makes the item the profile of the author whose name is its headline: the body is the biography, the first picture the portrait. Only the first page of that author shows it. It has no address of its own, so `path` is ignored.',
      ),
    ),
  ),
  continuedBy: v.optional(
    v.pipe(
      text,
      v.nonEmpty('must be the uri of an article'),
      v.check((uri) => Buffer.byteLength(uri) <= longestUriBytes, `must be at most ${longestUriBytes} bytes`),
      v.description(
        'Of a withdrawal: the uri of the article that continues this one. While that is live, the pages of this one lead to it.',
      ),
    ),
  ),
  correlationId: v.optional(
    v.pipe(
      v.unknown(),
      v.description(
        'An id of the sender, repeated in every announcement that the event causes: at most 100 letters, digits, and any of `_.:-`. An invalid one is ignored; the id of the event on the bus is used instead.',
      ),
    ),
  ),
  warnings: v.optional(
    v.pipe(
      warningsSchema,
      v.description(
        'Fields that the sender left out because Pressrun cannot show them. They are announced with the article: at most 20, each with a path of at most 200 characters and a message of at most 300, without values.',
      ),
    ),
  ),
  actor: remark,
  reason: remark,
};

/**
 * Returns how strictly a field is validated. Fields of the version order are strict: an unreadable number must not put
 * an old text above a new one. `post` and `profile` are strict too, because without them the item would become an
 * article.
 */
export function detailStrictness([field = '', inner]: FieldPath): Strictness {
  const isDecisive =
    field === 'revision' ||
    field === 'receivedAt' ||
    (field === 'post' && !isMark(inner)) ||
    (field === 'profile' && inner === undefined);
  return isDecisive ? 'strict' : 'field';
}

function isMark(name: string | undefined): boolean {
  return name === 'key' || name === 'pinned';
}

const { warnings, ...validatedEntries } = detailEntries;

/** Warnings are not included: a malformed list is ignored (see `warningsIn`). */
export const detailSchema = objectOf(validatedEntries);
