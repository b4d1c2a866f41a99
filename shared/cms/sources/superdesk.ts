import * as v from 'valibot';
import type { Article, Association, Concept } from '../../article/article.ts';
import { hasUnusableStatus } from '../../article/article-schema.ts';
import { readNinjs } from '../../article/ninjs.ts';
import { plainTextOf } from '../../article/sanitise.ts';
import type { Warning } from '../../article/warning.ts';
import { patternPath } from '../collection-fields.ts';
import { asCanceled, isOfNoArticle } from '../ninjs-item.ts';
import { sectionBySetting } from '../sections.ts';
import { isObject } from '../source-api.ts';
import { nothing, warned, type Command, type ReadResult } from '../command.ts';
import { isoOf, optionalText, parsedLeniently } from '../payload-schema.ts';
import { revisionOf, timeOfWithdrawal } from '../revision.ts';
import type { Source } from '../source.ts';
import { noSettings, type SourceSettings } from '../source-settings.ts';
import { laterOf } from '../terms.ts';
import { inOrder, linked, withMainText } from './superdesk-associations.ts';
import { earlierIn, earlierStays, itemUri, withdrawalOf } from './superdesk-updates.ts';

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
    const revision = revisionOf(payload['version'], hasUnusableStatus(item));
    const numbered = revision > 0 ? { revision } : {};
    // `accept` validates the item like every other event and names every fault.
    if (hasUnusableStatus(item)) {
      const time = timeOfWithdrawal(versionCreated, receivedAt);
      const article = { uri, type, versionCreated: time, pubStatus } as unknown as Article;
      return { commands: [{ type: 'article.unpublished', detail: { article, ...numbered } }] };
    }
    if (pubStatus !== undefined && pubStatus !== 'usable')
      return { issues: [{ path: 'pubstatus', message: 'must be usable, withheld, canceled or unpublished' }] };
    if (unsure.length > 0 || 'issues' in added)
      return { issues: [...unsure, ...('issues' in added ? added.issues : [])] };
    const { item: article, later, warnings: ofMain = [] } = articleOf(item, payload, added.value, settings, receivedAt);
    const { embargoedUntil } = article;
    const isWaiting = typeof embargoedUntil === 'string' && Date.parse(embargoedUntil) > receivedAt;
    const earlier = earlierIn(payload, settings, uri);
    const warnings = warned([
      ...added.warnings,
      ...biographiesIn(added.value),
      ...(earlier && isWaiting ? [{ path: earlier.path, message: earlierStays }] : []),
      ...ofMain,
    ]);
    const command = (shown: object, others: Partial<Command['detail']>): Command => ({
      type: 'article.published',
      detail: { article: shown as Article, ...patternPath(payload, settings), ...numbered, ...others },
    });
    return {
      commands: [
        command(article, warnings),
        ...(later ? [command(later, { receivedAt: receivedAt + 1 })] : []),
        ...(earlier && !isWaiting
          ? [withdrawalOf(earlier.uri, uri, timeOfWithdrawal(versionCreated, receivedAt))]
          : []),
      ],
    };
  },
};

/** Returns the item, and those that it holds, with the uris of this source. */
function identified(item: Record<string, unknown>, settings: SourceSettings): Record<string, unknown> {
  const { uri, associations } = item;
  return {
    ...item,
    ...(typeof uri === 'string' && { uri: itemUri(uri, settings) }),
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
  receivedAt: number,
): ReturnType<typeof withMainText> {
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
  return type === 'composite' ? withMainText(whole, ordered, receivedAt) : { item: whole };
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
    biography
      ? [{ path: `authors.${index}.biography`, message: 'is not shown: send it as a profile of the author' }]
      : [],
  );
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
  return [code, name].some((text) => /^corr(?:ection)?$/i.test(text ?? ''));
}
