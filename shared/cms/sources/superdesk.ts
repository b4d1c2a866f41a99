import * as v from 'valibot';
import { bodyHtmlOf } from '../../article/body.ts';
import type { Article, Association, Concept, Rendition, Text } from '../../article/article.ts';
import { hasUnusableStatus, isPullableType } from '../../article/article-schema.ts';
import { escapeHtml, unescapeHtml } from '../../article/html.ts';
import { readNinjs } from '../../article/ninjs.ts';
import { plainTextOf } from '../../article/sanitise.ts';
import type { Warning } from '../../article/warning.ts';
import { patternPath } from '../collection-fields.ts';
import { asCanceled, isOfNoArticle } from '../ninjs-item.ts';
import { sectionBySetting } from '../sections.ts';
import { isObject } from '../source-api.ts';
import {
  isoOf,
  noSettings,
  nothing,
  optionalText,
  parsedLeniently,
  uriOf,
  warned,
  type ReadResult,
  type Source,
  type SourceSettings,
} from '../source.ts';

const category = v.object({
  code: v.nullish(v.union([v.string(), v.pipe(v.number(), v.transform(String))], 'must be a string')),
  name: optionalText,
  scheme: optionalText,
});
const categories = v.nullish(v.array(category, 'must be an array'));
/** The fields that Superdesk adds to ninjs 1 (superdesk-core, `docs/superdesk-ninjs-schema.json`). */
const additions = v.object({
  authors: v.nullish(
    v.array(
      v.object({ name: v.string('must be a string'), uri: optionalText, role: optionalText, biography: optionalText }),
      'must be an array',
    ),
  ),
  service: categories,
  subject: categories,
  signal: categories,
  keywords: v.nullish(v.array(v.string('must be a string'), 'must be an array')),
  publish_schedule: v.nullish(
    v.pipe(
      v.string('must be a time'),
      v.check((time) => isoOf(time) !== undefined, 'must be a time such as 2026-05-01T18:00:00+0000'),
    ),
  ),
});
type Additions = v.InferOutput<typeof additions>;
type Category = v.InferOutput<typeof category>;
const ornaments = ['authors', 'service', 'subject', 'signal', 'keywords'];

/** Superdesk: the transmitter `http_push` with the formats `ninjs` and `ninjs2`. */
export const superdesk: Source = {
  name: 'superdesk',
  authentication: { kind: 'superdesk' },
  hidesScheduled: false,
  defaults: noSettings,

  sample: (id, at) => {
    const item = {
      guid: id,
      version: '1',
      type: 'text',
      pubstatus: 'usable',
      versioncreated: at,
      headline: 'Test of the Superdesk webhook',
      body_html: '<p>It works.</p>',
    };
    return [{ body: item }, { body: { ...item, version: '2', pubstatus: 'canceled' } }];
  },

  read: (payload, settings, { receivedAt }): ReadResult => {
    if (!isObject(payload)) return { issues: [{ path: '', message: 'must be a ninjs item, as Superdesk sends it' }] };
    // A request without an item tests the endpoint.
    if (payload['guid'] === undefined && payload['uri'] === undefined && payload['headline'] === undefined)
      return nothing;
    // This field of Superdesk's own is read below.
    const { publish_schedule: _, ...rest } = payload;
    const { item: read, issues: unsure } = readNinjs(asCanceled(rest), receivedAt);
    // Superdesk sends a picture by itself and again within each article that shows it, there with its own embargo.
    if (isOfNoArticle(read) || !isObject(read)) return nothing;
    const item = identified(read, settings);
    const { uri, type, versionCreated, pubStatus } = item;
    const added = parsedLeniently(additions, payload, [], ornaments);
    const { version } = payload;
    const revision = typeof version === 'string' || typeof version === 'number' ? Number(version) : 0;
    const numbered = Number.isSafeInteger(revision) && revision > 0 ? { revision } : {};
    // `accept` validates the item like every other event and names every fault.
    if (hasUnusableStatus(item)) {
      const article = { uri, type, versionCreated, pubStatus } as unknown as Article;
      return { commands: [{ type: 'article.unpublished', detail: { article, ...numbered } }] };
    }
    if (pubStatus !== undefined && pubStatus !== 'usable')
      return { issues: [{ path: 'pubstatus', message: 'must be usable, withheld, canceled or unpublished' }] };
    if (unsure.length > 0 || 'issues' in added)
      return { issues: [...unsure, ...('issues' in added ? added.issues : [])] };
    const article = articleOf(item, payload, added.value, settings) as unknown as Article;
    const warnings = warned([...added.warnings, ...biographiesIn(added.value), ...updateIn(payload)]);
    return {
      commands: [
        { type: 'article.published', detail: { article, ...patternPath(payload, settings), ...numbered, ...warnings } },
      ],
    };
  },
};

/** Superdesk identifies items by `guid`, and those that it took from an agency by the agency's. */
function identified(item: Record<string, unknown>, settings: SourceSettings): Record<string, unknown> {
  const { uri, associations } = item;
  return {
    ...item,
    ...(typeof uri === 'string' && { uri: uriOf(superdesk.name, settings, encodeURI(uri.toWellFormed())) }),
    ...(Array.isArray(associations) && {
      associations: associations.map((held: unknown) => (isObject(held) ? identified(held, settings) : held)),
    }),
  };
}

function articleOf(
  item: Record<string, unknown>,
  payload: Record<string, unknown>,
  { authors, service, subject, signal, keywords, publish_schedule: schedule }: Additions,
  settings: SourceSettings,
): Record<string, unknown> {
  const people = (authors ?? []).filter(({ name }) => name.trim() !== '').map(personOf);
  const subjects = [...sectionsIn(service ?? [], subject ?? [], settings), ...topicsIn(subject ?? [], settings)];
  const topics = (keywords ?? []).filter((name) => name.trim() !== '').map((name) => ({ rel: 'about', name }));
  const { type, associations: given, embargoedUntil: embargo } = item;
  const associations = (Array.isArray(given) ? given : []).filter((one): one is Association => isObject(one));
  const ordered = inOrder(associations, textIn(payload, 'body_html'));
  const whole = {
    ...item,
    ...(people.length > 0 && { people }),
    ...(subjects.length + topics.length > 0 && { subjects: [...subjects, ...topics] }),
    ...(Array.isArray(item['headlines']) && { headlines: item['headlines'].map(inPlainText) }),
    ...(ordered.length > 0 && { associations: ordered.map(linked) }),
    ...((signal ?? []).some(isCorrection) && { trustIndicators: [{ title: 'Correction' }] }),
    // Superdesk sends a scheduled item at its date; one that arrives earlier must wait.
    ...laterOf(embargo, schedule),
  };
  return type === 'composite' ? withMainText(whole, ordered) : whole;
}

function textIn(payload: Record<string, unknown>, field: string): string {
  const value = payload[field];
  return typeof value === 'string' ? value : '';
}

/** Superdesk's editor allows markup in headlines. */
function inPlainText(headline: unknown): unknown {
  return isObject(headline) && typeof headline['value'] === 'string'
    ? { ...headline, value: plainTextOf(headline['value']) }
    : headline;
}

/** Roles of people who did not write the text. They are kept, and have no feed. */
const otherRoles = /photo|camera|illustrat|graphic|edit|translat|sound|video|produc/i;

function personOf({ name, uri, role }: NonNullable<Additions['authors']>[number]): Concept & { role?: string } {
  const isAuthor = !role || !otherRoles.test(role);
  return { rel: isAuthor ? 'author' : role, name, ...(uri && { uri }), ...(role && { role }) };
}

function biographiesIn({ authors }: Additions): Warning[] {
  return (authors ?? []).flatMap(({ biography }, index) =>
    biography ? [{ path: `authors.${index}.biography`, message: 'is not shown: authors have no biography here' }] : [],
  );
}

/** Superdesk gives an update of a story a guid of its own, by which the story can be neither withdrawn nor held. */
function updateIn(payload: Record<string, unknown>): Warning[] {
  const message = 'continues another article: unpublish that one, or give this one its path; both are shown';
  return ['evolvedfrom', 'rewrite_of']
    .filter((path) => textIn(payload, path) !== '')
    .map((path) => ({ path, message }));
}

/**
 * Returns the sections of a story: its services, and the subjects that the newsroom's setting makes sections. A service
 * that the setting does not have is a section by its own name.
 */
function sectionsIn(services: readonly Category[], subjects: readonly Category[], settings: SourceSettings): Concept[] {
  const ofServices = services.flatMap((service) => {
    const set = sectionBySetting(settings, namesOf(service));
    return set === undefined && service.name
      ? [{ literal: service.name.replaceAll('/', '-'), name: service.name }]
      : (set ?? []);
  });
  const ofSubjects = subjects.flatMap((subject) => sectionBySetting(settings, namesOf(subject)) ?? []);
  return [...new Map([...ofServices, ...ofSubjects].map((one) => [one.literal, one])).values()].map((section) => ({
    rel: 'section',
    ...section,
  }));
}

function topicsIn(subjects: readonly Category[], settings: SourceSettings): Concept[] {
  return subjects.flatMap((subject) =>
    subject.name && sectionBySetting(settings, namesOf(subject)) === undefined
      ? [{ rel: 'about', name: subject.name, ...(subject.code && { literal: subject.code }) }]
      : [],
  );
}

function namesOf({ code, name, scheme }: Category): (string | undefined)[] {
  return [scheme && code ? `${scheme}:${code}` : undefined, code ?? undefined, name ?? undefined];
}

/** IPTC's signal for a corrected item. */
function isCorrection({ code, name }: Category): boolean {
  return [code, name].some((said) => /^corr(?:ection)?$/i.test(said ?? ''));
}

/** Returns the later of two times, and one that is none, because an embargo that cannot be read must be rejected. */
function laterOf(embargo: unknown, other: unknown): { readonly embargoedUntil?: unknown } {
  const [latest = ''] = [embargo, other]
    .filter((time) => time !== undefined && time !== null)
    .sort((a, b) => instantOf(b) - instantOf(a));
  return latest === '' ? {} : { embargoedUntil: latest };
}

function instantOf(time: unknown): number {
  const instant = typeof time === 'string' ? Date.parse(time) : NaN;
  return Number.isNaN(instant) ? Infinity : instant;
}

/** Returns the earlier of two times, and one that is none. */
function earlierOf(expiry: unknown, other: unknown): { readonly expires?: unknown } {
  const [first] = [expiry, other]
    .filter((time) => time !== undefined && time !== null)
    .sort((a, b) => endOf(a) - endOf(b));
  return first === undefined ? {} : { expires: first };
}

function endOf(time: unknown): number {
  const instant = instantOf(time);
  return instant === Infinity ? -Infinity : instant;
}

/** Returns an item that came twice: it may be shown when both may, and its files are those of both until then. */
function strictest(item: Association, other: Association): Association {
  const merged = {
    ...item,
    ...(severityOf(other) > severityOf(item) && { pubStatus: other.pubStatus }),
    ...laterOf(item.embargoedUntil, other.embargoedUntil),
    ...earlierOf(item.expires, other.expires),
  } as Association;
  const { embargoedUntil, expires } = merged;
  const isShown = severityOf(merged) === 0 && embargoedUntil === undefined && expires === undefined;
  return isShown
    ? merged
    : { ...merged, renditions: [...listOf(item.renditions), ...listOf(other.renditions)] as Rendition[] };
}

function severityOf({ pubStatus = 'usable' }: Association): number {
  return pubStatus === 'usable' ? 0 : pubStatus === 'withheld' ? 1 : 2;
}

/** Returns a list that was not validated yet. */
function listOf(field: unknown): Record<string, unknown>[] {
  return (Array.isArray(field) ? field : []).filter((one) => isObject(one));
}

/** Superdesk's name for the lead picture of an article. */
const leadName = 'featuremedia';

/**
 * Returns the associations, the lead picture first and each item once. A picture that the text shows gets the text's
 * rendition of it, which is of another size and address, so that it is known to be shown already.
 */
function inOrder(associations: readonly Association[], html: string): Association[] {
  const embedded = embedsIn(html);
  const byUri = new Map<string, Association>();
  for (const [index, association] of [...associations]
    .sort((a, b) => Number(b.name === leadName) - Number(a.name === leadName))
    .entries()) {
    const href = embedded.get(association.name ?? '');
    const key = association.uri ?? String(index);
    const earlier = byUri.get(key);
    const held = earlier === undefined ? withAlternative(association) : strictest(earlier, association);
    byUri.set(
      key,
      href === undefined ? held : { ...held, renditions: [...(held.renditions ?? []), { name: 'embedded', href }] },
    );
  }
  return [...byUri.values()];
}

/** Returns the address of the image in each embed of a text, by the name of its association. */
function embedsIn(html: string): ReadonlyMap<string, string> {
  const [, ...parts] = html.split(/<!-- EMBED START \w{1,20} \{id: "([^"]{1,200})"\} -->/);
  const embeds = new Map<string, string>();
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [markup = ''] = (parts[index + 1] ?? '').split('<!-- EMBED END', 1);
    const [, address] = /<img\b[^>]{0,2000}?\ssrc="([^"]{1,2000})"/.exec(markup) ?? [];
    if (address !== undefined) embeds.set(parts[index] ?? '', unescapeHtml(address));
  }
  return embeds;
}

/** A picture's alternative text is its body in Superdesk, and its headline in ninjs. */
function withAlternative(association: Association): Association {
  if (association.type !== 'picture') return association;
  const { bodies, ...picture } = association;
  const alternative = textsIn(bodies).find(({ value }) => value.trim() !== '');
  return alternative ? { ...picture, headlines: [{ role: 'main', value: alternative.value }] } : picture;
}

/** Any item but media is a link: the copy of its text that came with it would outlive its own withdrawal. */
function linked(association: Association): Association {
  const { uri, type, name, pubStatus, embargoedUntil, expires } = association;
  return isPullableType(association) ? association : { uri, type, name, pubStatus, embargoedUntil, expires };
}

/** Returns the texts in a field that was not validated yet. */
function textsIn(field: unknown): Text[] {
  return (Array.isArray(field) ? field : []).filter(
    (text): text is Text => isObject(text) && typeof text['value'] === 'string',
  );
}

const mainGroup = /^main(?:-\d+)?$/;

/**
 * Returns a package with the texts of its group `main`, which Superdesk sends within the package; the items of the
 * other groups are links. The package is embargoed and expires as these texts do, and has what goes with them.
 */
function withMainText(item: Record<string, unknown>, associations: readonly Association[]): Record<string, unknown> {
  const main = associations.filter(
    ({ name, type, bodies, pubStatus = 'usable' }) =>
      mainGroup.test(name ?? '') && type === 'text' && pubStatus === 'usable' && textsIn(bodies).length > 0,
  );
  const [first] = main;
  if (!first || item['bodies'] !== undefined) return item;
  const texts = main.map(({ headlines, bodies }, index) => {
    const [headline] = index === 0 ? [] : textsIn(headlines);
    return (headline ? `<h2>${escapeHtml(headline.value)}</h2>` : '') + bodyHtmlOf({ bodies: textsIn(bodies) });
  });
  const within = main.flatMap(({ bodies, associations: held }) =>
    inOrder(
      listOf(held),
      textsIn(bodies)
        .map(({ value }) => value)
        .join('\n'),
    ),
  );
  return {
    ...Object.fromEntries(Object.entries(first).filter(([field]) => fromMain.includes(field))),
    ...item,
    bodies: [{ role: 'main', contentType: 'text/html', value: texts.join('\n') }],
    associations: inOrder([...associations.filter((one) => !main.includes(one)), ...within], '').map(linked),
    ...main.reduce(
      (latest, { embargoedUntil }) => laterOf(latest.embargoedUntil, embargoedUntil),
      laterOf(item['embargoedUntil'], undefined),
    ),
    ...main.reduce(
      (earliest, { expires }) => earlierOf(earliest.expires, expires),
      earlierOf(item['expires'], undefined),
    ),
  };
}

/** What a package without a field of its own has of its main text. */
const fromMain = ['by', 'people', 'subjects', 'descriptions', 'located', 'language', 'genres'];
