import * as v from 'valibot';
import type { Article } from '../../article/article.ts';
import type { Warning } from '../../article/warning.ts';
import { addressOf, bodyOfElements, imageOf, listIn, textOf } from '../arc-elements.ts';
import { correctionsIn, relatedIn, unshownIn } from '../arc-texts.ts';
import { ninjsOf, pathOf } from '../cms-story.ts';
import { idGrammars } from '../ids.ts';
import { publicationOf, withoutStatus, type Shown } from '../publication.ts';
import { withSetting, type GivenSection } from '../sections.ts';
import { trimmedEnd } from '../../trim.ts';
import { isObject } from '../source-api.ts';
import { nothing, warned, type ReadResult } from '../command.ts';
import { aTime, idAs, optionalTime, parsed } from '../payload-schema.ts';
import { revisionBetween, timeOfWithdrawal } from '../revision.ts';
import type { Source } from '../source.ts';
import { noSettings, uriOf, type SourceSettings } from '../source-settings.ts';

const id = idAs(idGrammars.arc);
const optionalFlag = v.nullish(v.boolean('must be true or false'));
/** The fields that decide whether and when an ANS story is shown (washingtonpost/ans-schema 0.10, `story.json`). */
const decisive = v.object({
  _id: id,
  last_updated_date: aTime,
  publish_date: optionalTime,
  first_publish_date: optionalTime,
  revision: v.nullish(
    v.object(
      { published: optionalFlag, editions: v.nullish(v.array(v.string('must be a string'), 'must be an array')) },
      'must be an object',
    ),
  ),
  additional_properties: v.nullish(v.object({ is_published: optionalFlag }, 'must be an object')),
  content_restrictions: v.nullish(
    v.object(
      { embargo: v.nullish(v.object({ active: optionalFlag, end_time: optionalTime }, 'must be an object')) },
      'must be an object',
    ),
  ),
});
type Decisive = v.InferOutput<typeof decisive>;

/**
 * Arc XP: an IFX integration that forwards the events of stories (`story:update` and similar), with ANS 0.10 as body.
 */
export const arc: Source = {
  name: 'arc',
  authentication: { kind: 'hmac', prefix: 'x-pressrun' },
  hidesScheduled: true,
  defaults: noSettings,

  sample: (id, at) => {
    const body = {
      _id: id,
      type: 'story',
      version: '0.10.9',
      last_updated_date: at,
      revision: { published: true, editions: ['default'] },
      headlines: { basic: 'Test of the Arc XP integration' },
      content_elements: [{ type: 'text', content: 'It works.' }],
    };
    const time = Math.floor(Date.parse(at) / 1000);
    return [{ body: { key: 'story:update', time, body } }, { body: { key: 'story:unpublish', time: time + 1, body } }];
  },

  read: (payload, settings, { receivedAt }): ReadResult => {
    const key = textOf(payload, 'key');
    const [story, under] = key === '' ? [payload, []] : [isObject(payload) ? payload['body'] : undefined, ['body']];
    if (!isObject(story)) return { issues: [{ path: under.join('.'), message: 'must be an ANS story' }] };
    // Pictures, galleries and collections come within the stories that show them.
    if (textOf(story, 'type') !== 'story') return nothing;
    const sentAt = isObject(payload) ? instantOf(payload['time']) : undefined;
    if (/:(?:unpublish|delete)/.test(key)) return withdrawal(key, story, settings, sentAt ?? receivedAt);
    const read = parsed(decisive, story, under);
    if ('issues' in read) return read;
    return stateOf(story, read.value, settings, sentAt, under);
  },
};

/** Returns the time of an event as epoch ms. IFX gives it in seconds, and formerly gave it in milliseconds. */
function instantOf(time: unknown): number | undefined {
  if (typeof time !== 'number' || !Number.isFinite(time) || time <= 0) return undefined;
  return time < 1e11 ? time * 1000 : time;
}

function withdrawal(key: string, story: object, settings: SourceSettings, sentAt: number): ReadResult {
  const read = parsed(v.object({ _id: id }), story, ['body']);
  if ('issues' in read) return read;
  const versionCreated = timeOfWithdrawal(textOf(story, 'last_updated_date'), sentAt);
  const article = { uri: uriOf(arc.name, settings, read.value._id), versionCreated };
  // The story in the event is the one that was public, with the time of its last edit.
  const revision = revisionBetween(versionCreated, sentAt);
  const type = key.includes('delete') ? 'article.deleted' : 'article.unpublished';
  return { commands: [{ type, detail: { article, ...(revision > 0 && { revision }) } }] };
}

function stateOf(
  story: Readonly<Record<string, unknown>>,
  decisive: Decisive,
  settings: SourceSettings,
  sentAt: number | undefined,
  under: readonly string[],
): ReadResult {
  const isPublished = decisive.revision?.published ?? decisive.additional_properties?.is_published;
  if (isPublished === undefined || isPublished === null)
    return withoutStatus([...under, 'revision', 'published'], 'pass the story on as Arc XP sends it');
  // `published` is a property of the story. A revision to which no edition points is a draft of the story.
  if (!isPublished || decisive.revision?.editions?.length === 0) return nothing;
  const updated = decisive.last_updated_date;
  const uri = uriOf(arc.name, settings, decisive._id);
  const revision = revisionBetween(updated, sentAt);
  const numbered = revision > 0 && { revision };
  const publication = publicationIn(decisive, updated);
  if (publication === undefined)
    return {
      commands: [{ type: 'article.unpublished', detail: { article: { uri, versionCreated: updated }, ...numbered } }],
    };
  const { article, warnings } = articleOf(story, uri, updated, publication, settings);
  const path = pathOf(siteAddressOf(story));
  return {
    commands: [{ type: 'article.published', detail: { article, ...path, ...numbered, ...warned(warnings) } }],
  };
}

/** Returns when readers may see a story; undefined for a story whose embargo has no end. */
function publicationIn(decisive: Decisive, updated: string): Shown | undefined {
  const embargo = decisive.content_restrictions?.embargo;
  const since = decisive.first_publish_date ?? decisive.publish_date;
  if (embargo && embargo.active !== false)
    return embargo.end_time ? { state: 'scheduled', at: embargo.end_time } : undefined;
  const isAhead =
    decisive.publish_date !== undefined && decisive.publish_date !== null && decisive.publish_date > updated;
  const shown = publicationOf(
    isAhead ? 'scheduled' : 'published',
    { published: 'published', scheduled: 'scheduled' },
    isAhead ? decisive.publish_date : since,
  );
  return shown.state === 'not public' ? undefined : shown;
}

function articleOf(
  story: Readonly<Record<string, unknown>>,
  uri: string,
  updated: string,
  publication: Shown,
  settings: SourceSettings,
): { readonly article: Article; readonly warnings: readonly Warning[] } {
  const { html, warnings } = bodyOfElements(story['content_elements']);
  const { headlines, subheadlines, description, taxonomy, promo_items: promoted, label } = story;
  const tags = isObject(taxonomy) ? listIn(taxonomy['tags']) : [];
  const kicker =
    isObject(label) && isObject(label['basic']) && label['basic']['display'] !== false ? label['basic'] : {};
  const article = ninjsOf({
    uri,
    updated,
    publication,
    language: textOf(story, 'language') || undefined,
    title: textOf(headlines, 'basic'),
    standfirst: textOf(subheadlines, 'basic') || textOf(description, 'basic'),
    html,
    sections: withSetting(settings, sectionsIn(taxonomy)),
    topics: tags.map((tag) => textOf(tag, 'text')),
    genres: [textOf(kicker, 'text')],
    authors: authorsIn(story),
    pictures: leadOf(promoted),
  });
  const descriptions = [...(article.descriptions ?? []), ...correctionsIn(story['corrections'])];
  const related = relatedIn(story['related_content'], (id) => uriOf(arc.name, settings, id));
  const associations = [...(article.associations ?? []), ...related];
  const [located, copyrightNotice] = [textOf(story, 'location'), textOf(story, 'copyright')];
  return {
    article: {
      ...article,
      ...(descriptions.length > 0 && { descriptions }),
      ...(associations.length > 0 && { associations }),
      ...(located !== '' && { located }),
      ...(copyrightNotice !== '' && { copyrightNotice }),
    },
    warnings: [...warnings, ...unshownIn(story)],
  };
}

function sectionsIn(taxonomy: unknown): GivenSection[] {
  if (!isObject(taxonomy)) return [];
  const { primary_section: primary, sections, primary_site: site, sites } = taxonomy;
  const given = [...listIn([primary ?? site]), ...listIn(sections ?? sites)];
  const all = given.flatMap((section) => {
    const literal = trimmedEnd((textOf(section, 'path') || textOf(section, '_id')).replace(/^\/+/, ''), /\//);
    const name = textOf(section, 'name');
    return literal === '' ? [] : [{ literal, ...(name !== '' && { name }) }];
  });
  return [...new Map(all.map((section) => [section.literal, section])).values()];
}

/**
 * Returns the authors. Credits that the desk wrote for readers replace those of the system. A story of an agency may
 * only have the desk's.
 */
function authorsIn(story: Readonly<Record<string, unknown>>): string[] {
  const names = (credits: unknown): string[] =>
    listIn(isObject(credits) ? credits['by'] : undefined)
      .map((person) => textOf(person, 'byline') || textOf(person, 'name'))
      .filter((name) => name !== '');
  const [vanity, own] = [names(story['vanity_credits']), names(story['credits'])];
  if (vanity.length > 0) return vanity;
  if (own.length > 0) return own;
  const distributor = story['distributor'];
  const agency = textOf(distributor, 'category') === 'wires' ? textOf(distributor, 'name') : '';
  return agency === '' ? [] : [agency];
}

function leadOf(promoted: unknown): Article['associations'] & object {
  if (!isObject(promoted)) return [];
  const lead = [promoted['lead_art'], promoted['basic']].filter(isObject);
  // The lead of a video or a gallery is its own picture.
  const image = lead.flatMap((item) => {
    if (textOf(item, 'type') === 'image') return [item];
    const inner = isObject(item['promo_items']) ? item['promo_items']['basic'] : item['promo_image'];
    return isObject(inner) ? [inner] : listIn(item['content_elements']).slice(0, 1);
  })[0];
  return image === undefined ? [] : imageOf(image);
}

/** Returns the story's address on the site that it belongs to. */
function siteAddressOf(story: Readonly<Record<string, unknown>>): string {
  const { websites } = story;
  const own = isObject(websites) ? websites[textOf(story, 'canonical_website')] : undefined;
  return textOf(own, 'website_url') || addressOf(story);
}
