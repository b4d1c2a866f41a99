import * as v from 'valibot';
import { pictureOf } from '../../article/caption.ts';
import { fieldsOf, patternPath, reading } from '../collection-fields.ts';
import { ninjsOf, pathOf } from '../cms-story.ts';
import { withAddresses } from '../file-addresses.ts';
import { idGrammars } from '../ids.ts';
import { nodeIn, pictureIn, type DrupalNode } from '../json-api.ts';
import { ownLink } from '../own-links.ts';
import { publicationOf, withoutStatus } from '../publication.ts';
import { within } from '../source-api.ts';
import { nothing, type Command, type ReadResult } from '../command.ts';
import { aTime, idAs, optionalText, optionalTime, parsed } from '../payload-schema.ts';
import { revisionOf } from '../revision.ts';
import type { Source } from '../source.ts';
import { noSettings, uriOf, type SourceSettings } from '../source-settings.ts';
import { drupalApi, languagesOf, prefixOf, typesOf } from './drupal-api.ts';

const ids = idGrammars.drupal;
const node = v.looseObject({ id: idAs(ids), type: v.string('must be a type such as node--article') });
const attributes = v.looseObject({ changed: aTime, created: optionalTime, langcode: optionalText });

/** Drupal 10 and 11: nodes in JSON:API, from a module of the site or from the API of Drupal's core. */
export const drupal: Source = {
  name: 'drupal',
  authentication: { kind: 'hmac', prefix: 'x-pressrun' },
  hidesScheduled: true,
  defaults: {
    ...noSettings,
    url: 'http://localhost:8888',
    collection: 'article',
    fields: {
      title: 'title',
      standfirst: 'body.summary',
      body: 'body.processed',
      section: '',
      tags: 'field_tags.name',
      author: 'uid.display_name',
      picture: 'field_image',
      caption: '',
      credit: '',
      canonical: '',
      published: 'created',
      embargo: '',
    },
  },

  read: (payload, settings, { receivedAt }): ReadResult => {
    const given = nodeIn(payload);
    const read = parsed(node, given.resource, ['data']);
    if ('issues' in read) return read;
    if (!typesOf(settings).includes(read.value.type)) return nothing;
    if (within(payload, 'meta', 'event') === 'delete') {
      const versionCreated = new Date(receivedAt).toISOString();
      return { commands: withdrawals(read.value.id, settings, 'article.deleted', versionCreated) };
    }
    // A webhook that only names the node: the sweep asks for it.
    return given.resource['attributes'] === undefined ? nothing : stateOf(given, settings, 'article.updated', ['data']);
  },

  sample: (id, at, settings = drupal.defaults) => {
    const changed = `${at.slice(0, 19)}+00:00`;
    const [type] = typesOf(settings);
    const data = { type, id: uuidOf(id) };
    const story = {
      status: true,
      title: 'Test of the Drupal webhook',
      body: { processed: '<p>It works.</p>' },
      changed,
    };
    return [{ body: { data: { ...data, attributes: story } } }, { body: { data, meta: { event: 'delete' } } }];
  },

  api: drupalApi((item, settings) => stateOf(nodeIn(item), settings, 'article.published', ['data'])),
};

/** Returns a UUID that a test may use. */
function uuidOf(id: string): string {
  return ids.test(id)
    ? id
    : `00000000-0000-4000-8000-${id
        .replaceAll(/[^\da-f]/g, '')
        .padStart(12, '0')
        .slice(-12)}`;
}

function withdrawals(id: string, settings: SourceSettings, type: Command['type'], versionCreated: string): Command[] {
  return languagesOf(settings).map((language) => ({
    type,
    detail: { article: { uri: uriOf(drupal.name, settings, language ? `${id}.${language}` : id), versionCreated } },
  }));
}

function stateOf(
  { resource, entry }: DrupalNode,
  settings: SourceSettings,
  type: 'article.published' | 'article.updated',
  under: readonly string[],
): ReadResult {
  const given = parsed(node, resource, under);
  if ('issues' in given) return given;
  const path = [...under, 'attributes'];
  const read = parsed(attributes, resource['attributes'], path);
  if ('issues' in read) return read;
  const { changed, langcode, status } = read.value;
  if (typeof status !== 'boolean') return withoutStatus([...path, 'status'], 'send the node as JSON:API has it');
  const language = settings.locales.length === 0 ? undefined : (langcode ?? '');
  // Drupal answers in its default language where a node has no translation.
  if (language !== undefined && !settings.locales.includes(language)) return nothing;
  const id = language === undefined ? given.value.id : `${given.value.id}.${language}`;
  const uri = uriOf(drupal.name, settings, id);
  // Drupal's times have whole seconds, and each saving of a newsroom makes a revision.
  const revision = revisionOf(read.value['drupal_internal__vid'], false);
  const numbered = revision > 0 && { revision };
  if (!status)
    return {
      commands: [{ type: 'article.unpublished', detail: { article: { uri, versionCreated: changed }, ...numbered } }],
    };
  const fields = fieldsOf(entry, settings, path);
  return reading(fields.issues(), fields.warnings(), () => {
    const alias = within(entry, 'path', 'alias');
    const address = typeof alias === 'string' ? `${prefixOf(language, settings)}${alias}` : undefined;
    const [published, embargo] = [fields.time('published'), fields.time('embargo')];
    const publication = publicationOf(
      embargo === undefined ? 'published' : 'scheduled',
      { published: 'published', scheduled: 'scheduled' },
      embargo ?? published,
    );
    if (publication.state === 'not public') return [];
    const story = fields.story();
    const picture = pictureIn(entry, settings);
    const article = ninjsOf({
      uri,
      updated: changed,
      publication,
      ...(langcode && langcode !== 'und' && langcode !== 'zxx' && { language: langcode }),
      ...story,
      html: htmlOf(fields.text('body') ?? '', address, settings),
      pictures: picture
        ? pictureOf({ ...picture, caption: fields.text('caption') ?? picture.caption, credit: fields.text('credit') })
        : [],
    });
    const own = address === undefined ? patternPath(entry, settings) : pathOf(address);
    return [{ type, detail: { article, ...own, ...numbered } }];
  });
}

/** Returns the text with absolute addresses of files, and with links to other stories as the newspaper has them. */
function htmlOf(html: string, address: string | undefined, { url }: SourceSettings): string {
  return withAddresses(html, (given, element) => {
    const whole = given.startsWith('#') ? undefined : URL.parse(given, `${url}/`)?.href;
    if (whole === undefined) return given;
    return element === 'a' && address !== undefined ? ownLink(whole, `${url}${address}`) : whole;
  });
}
