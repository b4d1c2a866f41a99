import type { Fault } from '../announcement.ts';
import type { Article } from '../article.ts';
import { deepestJson } from '../canonical.ts';
import { ninjs3 } from '../ninjs.ts';
import { isObject } from '../source-api.ts';
import { noSettings, type Reading, type Source } from '../source.ts';

/** What other doors of this house call their stories: an agency must not speak for them. */
const foreign = /^(?:ghost|wordpress|strapi|directus):/i;

/** Wire agencies and Superdesk: a ninjs item as the body, of 3.x, 2.x or 1.x. Its `uri` is its own. */
export const ninjs: Source = {
  name: 'ninjs',
  proof: { kind: 'hmac', prefix: 'x-pressrun' },
  defaults: noSettings,

  sample: (id, at) => {
    const item = {
      uri: `urn:pressrun:test:${id}`,
      type: 'text',
      versionCreated: at,
      headlines: [{ role: 'main', value: 'Test of the ninjs door' }],
    };
    // Of one time, a withdrawal is the later when it comes later.
    return [item, { ...item, pubStatus: 'canceled' }];
  },

  read: (payload): Reading => {
    if (!isObject(payload)) return { faults: [{ path: '', message: 'must be a ninjs item' }] };
    if (depthOf(payload) > deepestJson) return { faults: [{ path: '', message: `must be nested at most ${deepestJson} deep` }] };
    const item = withoutContacts(ninjs3(fromNinjs1(payload)));
    const uri = isObject(item) ? item['uri'] : undefined;
    const faults: Fault[] =
      typeof uri === 'string' && foreign.test(uri)
        ? [{ path: 'uri', message: 'must be one of your own: it names a story of another CMS' }]
        : [];
    // It is judged with everything else that the bus takes: every fault there is named.
    return faults.length > 0 ? { faults } : { commands: [{ type: 'article.published', detail: { article: item as Article } }] };
  },
};

/** ninjs 1.x, as Superdesk writes it: one headline, one body, associations and renditions by name. */
function fromNinjs1(item: Record<string, unknown>): Record<string, unknown> {
  const {
    guid,
    headline,
    body_html,
    body_text,
    description_text,
    description_html,
    byline,
    subject,
    genre,
    place,
    person,
    associations,
    renditions,
    ...rest
  } = item;
  const text = (value: unknown, role: string, contentType: string): Record<string, unknown>[] | undefined =>
    typeof value === 'string' && value !== '' ? [{ role, contentType, value }] : undefined;
  const listed = (value: unknown): unknown[] | undefined =>
    isObject(value)
      ? Object.entries(value).flatMap(([name, held]) => (isObject(held) ? [{ name, ...held }] : []))
      : Array.isArray(value)
        ? value
        : undefined;
  const pieces = listed(associations)?.map((piece): unknown => (isObject(piece) ? fromNinjs1(piece) : piece));
  const older: Record<string, unknown> = {
    uri: guid,
    headlines: text(headline, 'main', 'text/plain'),
    bodies: text(body_html, 'main', 'text/html') ?? text(body_text, 'main', 'text/plain'),
    descriptions: text(description_text, 'standfirst', 'text/plain') ?? text(description_html, 'standfirst', 'text/html'),
    by: byline,
    subjects: subject,
    genres: genre,
    places: place,
    people: person,
    associations: pieces,
    renditions: listed(renditions),
  };
  return { ...Object.fromEntries(Object.entries(older).filter(([, value]) => value !== undefined)), ...rest };
}

/** Addresses of people are none of the readers' business. */
function withoutContacts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutContacts);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, held]) => (name === 'contactInfo' ? [] : [[name, withoutContacts(held)]])),
  );
}

function depthOf(value: unknown): number {
  let deepest = 0;
  const waiting: [unknown, number][] = [[value, 1]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [inner, depth] = next;
    deepest = Math.max(deepest, depth);
    if (depth <= deepestJson && typeof inner === 'object' && inner !== null)
      for (const held of Object.values(inner)) waiting.push([held, depth + 1]);
  }
  return deepest;
}
