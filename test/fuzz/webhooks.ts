import assert from 'node:assert/strict';
import fc from 'fast-check';
import { accept } from '../../shared/article/accept.ts';
import { readableAt } from '../../shared/article/readable.ts';
import type { Command } from '../../shared/cms/command.ts';
import { readWebhook, type Source, type Webhook as Sent } from '../../shared/cms/source.ts';
import { settingsOf, sourceNamed, type GivenSettings } from '../../shared/cms/sources.ts';
import {
  directusItem,
  ghostPost,
  strapiEntry,
  wordpressPost,
  type CmsName,
  type PushName,
} from '../fixtures/cms/newsroom.ts';
import { message, newsItem, nitf, packageItem, pictureItem, textOf } from '../fixtures/cms/newsml.ts';
import { arcStory } from '../fixtures/cms/arc.ts';
import { drupalDeletion, drupalDocument } from '../fixtures/cms/drupal.ts';
import { atomEntry, atomFeed } from '../fixtures/cms/feed.ts';
import { superdeskItem, superdeskPicture } from '../fixtures/cms/superdesk.ts';

/** A webhook, and whether its CMS shows the story to visitors who are not signed in. */
export interface Webhook extends Sent {
  readonly source: CmsName | PushName;
  readonly settings?: GivenSettings;
  /** Whether it shows the story: always, from its date on, or not at all. */
  readonly shows: 'at once' | 'later' | 'never';
  /** A file of an item that may not be shown now: no reader sees it, in the text either. */
  readonly hides?: string;
  /** The end of the uri that the story has in this language; others must not share it. */
  readonly id?: string;
  readonly language?: string;
}

/** A mark that is in every text that is not public. */
export const locked = 'LOCKED';
const noon = Date.parse('2026-05-01T12:00:00Z');
const [past, updated, ahead] = ['2026-05-01T10:00:00Z', '2026-05-01T11:00:00Z', '2026-05-01T18:00:00Z'];

const statuses = (...own: readonly string[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...own) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<unknown>(
        '',
        'Published',
        'PUBLISH',
        'archived',
        'pending',
        'live',
        null,
        0,
        1,
        true,
        {},
        [],
      ),
    },
  );
const dates = fc.constantFrom<string | null | undefined>(past, ahead, null, undefined);

/** Undefined fields are left out of the payload. */
function sent(payload: unknown): unknown {
  return JSON.parse(JSON.stringify(payload));
}

const openText = '<p>For everybody.</p>';
const gated = fc
  .record({
    parameters: fc.constantFrom(
      'nonMember:false memberSegment:"status:-free" ',
      'memberSegment:"" ',
      'nonMember:false\n',
    ),
    isEnded: fc.boolean(),
  })
  .map(
    ({ parameters, isEnded }) =>
      `<!--kg-gated-block:begin ${parameters}--><p>${locked}</p>${isEnded ? '<!--kg-gated-block:end-->' : ''}`,
  );

const ghost = fc
  .record({
    status: statuses('published', 'scheduled', 'draft', 'sent'),
    visibility: fc.constantFrom('public', 'members', 'paid', 'tiers', 'label:vip'),
    published_at: dates,
    email_only: fc.constantFrom(undefined, false, true),
    was: fc.constantFrom('published', 'scheduled', 'draft', undefined),
    cards: fc.array(gated, { maxLength: 3 }),
    hasPreview: fc.boolean(),
  })
  .map(({ cards, hasPreview, was, ...state }): Webhook => {
    const isOpen = state.visibility === 'public';
    const html =
      openText +
      cards.join('') +
      (isOpen ? '' : `${hasPreview ? '<!--members-only-->' : `<p>${locked}</p>`}<p>${locked}</p>`);
    const isShown =
      state.email_only !== true &&
      (state.status === 'published' || (state.status === 'scheduled' && Boolean(state.published_at)));
    const current = ghostPost('g1', {
      ...state,
      updated_at: updated,
      html,
      plaintext: locked,
      excerpt: `${locked} …`,
      custom_excerpt: null,
    });
    const isLater = state.status === 'scheduled' && state.published_at === ahead;
    return {
      source: 'ghost',
      body: sent({ post: { current, previous: { status: was } } }),
      shows: isShown ? (isLater ? 'later' : 'at once') : 'never',
    };
  });

const wordpress = fc
  .record({
    status: statuses('publish', 'future', 'draft', 'pending', 'private', 'trash', 'auto-draft', 'inherit'),
    date_gmt: dates,
    was: fc.constantFrom('publish', 'future', 'draft', 'trash', null, undefined),
    isProtected: fc.boolean(),
  })
  .map(({ status, date_gmt, was, isProtected }): Webhook => {
    const text = { rendered: isProtected ? `<p>${locked}</p>` : openText, protected: isProtected };
    const rest = wordpressPost(11, { status, date_gmt, modified_gmt: updated, content: text, excerpt: text });
    const isShown = status === 'publish' || (status === 'future' && Boolean(date_gmt));
    const isLater = status === 'future' && date_gmt === ahead;
    const body = sent({
      hook: 'wp_after_insert_post',
      sent_at: noon / 1000,
      rest,
      new_status: status,
      old_status: was,
    });
    return { source: 'wordpress', body, shows: isShown ? (isLater ? 'later' : 'at once') : 'never' };
  });

const strapi = fc
  .record({
    event: fc.constantFrom('entry.publish', 'entry.update', 'entry.create'),
    publishedAt: fc.constantFrom<string | null | undefined>(past, null, undefined),
    embargoedUntil: dates,
    locale: fc.constantFrom<string | null | undefined>('en', 'fr', 'nb-NO', null, undefined),
  })
  .map(({ event, ...state }): Webhook => {
    const isShown = Boolean(state.publishedAt) && state.embargoedUntil !== undefined;
    const entry = strapiEntry(1, 's1', { ...state, updatedAt: updated, internalNotes: locked });
    const shows = isShown ? (state.embargoedUntil === ahead ? 'later' : 'at once') : 'never';
    const settings = { strapi: { fields: { embargo: 'embargoedUntil' } } };
    const { locale } = state;
    const body = sent({ event, model: 'article', createdAt: updated, entry });
    return {
      source: 'strapi',
      settings,
      body,
      shows,
      ...(locale ? { id: `s1.${locale}`, language: locale } : { id: 's1' }),
    };
  });

const directus = fc
  .record({
    status: fc.oneof(
      { weight: 4, arbitrary: statuses('published', 'scheduled', 'draft', 'archived') },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    published_at: dates,
    date_updated: fc.constantFrom<string | null | undefined>(updated, null, undefined),
    date_created: fc.constantFrom(past, updated),
  })
  .map((state): Webhook => {
    const isShown = state.status === 'published' || (state.status === 'scheduled' && Boolean(state.published_at));
    const body = sent(directusItem('d1', { ...state, internal_notes: locked }));
    return {
      source: 'directus',
      body,
      shows: isShown ? (state.published_at === ahead ? 'later' : 'at once') : 'never',
    };
  });

const arc = fc
  .record({
    key: fc.constantFrom('create', 'first-publish', 'update', 'unpublish', 'delete'),
    published: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom<unknown>(true, false) },
      { weight: 1, arbitrary: fc.constantFrom<unknown>(undefined, 'true', null) },
    ),
    editions: fc.constantFrom<unknown>(['default'], [], undefined),
    publish_date: dates,
    embargo: fc.option(fc.record({ active: fc.constantFrom(true, false, undefined), end_time: dates }), {
      nil: undefined,
    }),
  })
  .map(({ key, published, editions, publish_date: date, embargo }): Webhook => {
    const revision = sent({ published, editions });
    const isShown =
      !/unpublish|delete/.test(key) && published === true && !(Array.isArray(editions) && editions.length === 0);
    const isEmbargoed = embargo !== undefined && embargo.active !== false;
    const until = isEmbargoed ? embargo.end_time : date;
    const story = arcStory('A1', {
      last_updated_date: updated,
      publish_date: date,
      revision,
      content_restrictions: embargo && { embargo },
      content_elements: [{ type: 'text', content: 'Open.' }],
      planning: { internal_note: locked, budget_line: locked },
      workflow: { note: locked },
      editor_note: locked,
    });
    const isEndless = isEmbargoed && !embargo.end_time;
    return {
      source: 'arc',
      body: { key: `story:${key}`, body: sent(story) },
      shows: !isShown || isEndless ? 'never' : until === ahead ? 'later' : 'at once',
    };
  });

const hiddenFile = 'https://files.example.com/hidden.jpg';

/** An association of any type, or one within it, that has a file which the text shows too. */
const asides = fc
  .record({
    type: fc.constantFrom('picture', 'composite', 'text', 'Picture', undefined),
    isWithin: fc.boolean(),
    terms: fc.constantFrom<Record<string, unknown>>(
      {},
      { embargoed: past },
      { embargoed: ahead },
      { pubstatus: 'canceled' },
      { expires: past },
    ),
  })
  .map(({ type, isWithin, terms }) => {
    const held = { guid: 'urn:held', type, renditions: { original: { href: hiddenFile } }, ...terms };
    const item = isWithin ? { guid: 'urn:around', type: 'composite', associations: { held } } : held;
    return { item, isHidden: Object.keys(terms).length > 0 && terms['embargoed'] !== past };
  });

const superdesk = fc
  .record({
    pubstatus: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('usable', 'canceled', 'unpublished', 'withheld') },
      { weight: 1, arbitrary: fc.constantFrom<unknown>(undefined, 'Usable', 'archived', 0, {}) },
    ),
    embargoed: dates,
    publish_schedule: dates,
    type: fc.constantFrom('text', 'composite', 'picture', 'event'),
    evolvedfrom: fc.constantFrom(undefined, 'urn:newsml:desk.example.com:2026-03-02:u0'),
    main: fc.record({ pubstatus: fc.constantFrom('usable', 'canceled'), embargoed: dates }),
    aside: asides,
  })
  .map(({ main, type, aside, ...state }): Webhook => {
    const isPackage = type === 'composite';
    const inMain = superdeskItem('m1', {
      ...main,
      body_html: main.pubstatus === 'usable' ? openText : `<p>${locked}</p>`,
    });
    const body = sent(
      superdeskItem('u1', {
        ...state,
        type,
        versioncreated: updated,
        body_html: isPackage ? undefined : `${openText}<img src="${hiddenFile}">`,
        ednote: locked,
        associations: { featuremedia: superdeskPicture('p1'), aside: aside.item, ...(isPackage && { main: inMain }) },
      }),
    );
    const isShown = ['text', 'composite'].includes(type) && [undefined, 'usable'].includes(state.pubstatus as string);
    const times = [
      state.embargoed,
      state.publish_schedule,
      ...(isPackage && main.pubstatus === 'usable' ? [main.embargoed] : []),
    ];
    const shows = isShown ? (times.includes(ahead) ? 'later' : 'at once') : 'never';
    return { source: 'superdesk', body, shows, ...(aside.isHidden && { hides: hiddenFile }) };
  });

/** Each of several fields can hide a story, so most of them are as in one that is shown. */
const mostly = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
const embargoes = mostly<string | undefined>(undefined, past, ahead, '');

const newsml = fc
  .record({
    form: fc.constantFrom('item', 'message', 'nitf'),
    status: mostly('usable', 'withheld', 'canceled', 'embargoed', 'Usable', ''),
    embargoed: embargoes,
    itemClass: mostly('ninat:text', 'ninat:picture'),
    /** The state of the NITF in the item, of the package around it, and of a picture that its text shows. */
    inner: fc.record({ status: mostly('usable', 'canceled', 'hold'), release: embargoes }),
    around: fc.record({ status: mostly('usable', 'withheld', 'hold'), embargoed: embargoes }),
    beside: fc.record({
      embargoed: fc.constantFrom(past, ahead, '', undefined),
      isPacked: fc.boolean(),
      isFirst: fc.boolean(),
    }),
    again: mostly(undefined, '<pubStatus qcode="stat:usable"/>', `<embargoed>${past}</embargoed>`),
    elsewhere: mostly(undefined, past, ahead),
  })
  .map(({ form, status, embargoed, itemClass, inner, around, beside, again, elsewhere }): Webhook => {
    const until = embargoed === ahead ? 'later' : 'at once';
    if (form === 'nitf') {
      const docdata = embargoed === undefined ? '' : `<date.release norm="${embargoed}"/>`;
      const isShown = embargoed !== '' && (status === 'usable' || (status === 'embargoed' && embargoed !== undefined));
      const known = status === '' ? 'usable' : status;
      return {
        source: 'newsml',
        body: nitf('n1', {
          status: known,
          issued: updated,
          docdata,
          content: `<p>Open.</p><note><p>${locked}</p></note>`,
        }),
        shows: isShown || (status === '' && embargoed !== '') ? until : 'never',
      };
    }
    const release = inner.release === undefined ? '' : `<date.release norm="${inner.release}"/>`;
    const head = `<head><docdata management-status="${inner.status}">${release}</docdata></head>`;
    const item = newsItem('n1', {
      status: `stat:${status}`,
      created: updated,
      itemClass,
      item: `<edNote>${locked}</edNote>${again ?? ''}`,
      meta: elsewhere === undefined ? '' : `<contentMetaExtProperty rel="x:publishOn" value="${elsewhere}"/>`,
      content: textOf(`Open.</p><media><media-reference source="${hiddenFile}"/></media><p>`, head),
      ...(embargoed !== undefined && { embargoed }),
    });
    const isMessage = form === 'message';
    const times = [embargoed, inner.release, ...(isMessage ? [around.embargoed] : [])];
    const isShown =
      itemClass === 'ninat:text' &&
      [status, inner.status, ...(isMessage ? [around.status] : [])].every((one) => one === 'usable') &&
      !times.includes('') &&
      again?.includes('pubStatus') !== true &&
      (again === undefined || embargoed === undefined) &&
      elsewhere !== ahead;
    const shows = isShown ? (times.includes(ahead) ? 'later' : 'at once') : 'never';
    if (!isMessage) return { source: 'newsml', body: item, shows };
    const picture = pictureItem('p1', {
      content: `<remoteContent href="${hiddenFile}"/>`,
      ...(beside.embargoed !== undefined && { embargoed: beside.embargoed }),
    });
    const pack = packageItem(
      'k1',
      ['n1', ...(beside.isPacked ? ['p1'] : [])],
      '',
      around.status,
      around.embargoed === undefined ? '' : `<embargoed>${around.embargoed}</embargoed>`,
    );
    const isHidden = beside.embargoed === ahead || beside.embargoed === '';
    return {
      source: 'newsml',
      body: message(...(beside.isFirst ? [picture, item, pack] : [pack, item, picture])),
      shows,
      ...(isHidden && { hides: hiddenFile }),
    };
  });

const drupal = fc
  .record({
    status: fc.oneof(
      { weight: 4, arbitrary: fc.boolean() },
      { weight: 1, arbitrary: fc.constantFrom<unknown>(undefined, null, 1, 'true', 'published') },
    ),
    field_embargo: dates,
    event: fc.constantFrom(undefined, 'update', 'delete'),
  })
  .map(({ event, ...state }): Webhook => {
    const attributes = {
      ...state,
      changed: updated,
      revision_log: locked,
      body: { value: locked, processed: openText },
    };
    const document = event === 'delete' ? drupalDeletion(1) : { ...drupalDocument(1, attributes), meta: { event } };
    const isShown = state.status === true && state.field_embargo !== undefined && event !== 'delete';
    return {
      source: 'drupal',
      settings: { drupal: { fields: { embargo: 'field_embargo' } } },
      body: sent(document),
      shows: isShown ? (state.field_embargo === ahead ? 'later' : 'at once') : 'never',
    };
  });

/** A feed is public, so it can hide a story only until its date. */
const feed = fc
  .record({
    published: fc.constantFrom(past, ahead, 'soon'),
    updated: fc.constantFrom(past, updated, ahead, 'soon'),
    isDeleted: fc.boolean(),
  })
  .map(({ isDeleted, ...times }): Webhook => {
    const deleted = `<at:deleted-entry ref="tag:rivers.example.com,2026:e1" when="${updated}"/>`;
    const isLater = times.published === ahead;
    return {
      source: 'feed',
      body: atomFeed(isDeleted ? deleted : atomEntry('e1', times)),
      shows: isDeleted ? 'never' : isLater ? 'later' : 'at once',
    };
  });

/** The webhooks that each kind of CMS may send. A wire agency's items are those of the bus (embargoes.ts). */
const byCms: Readonly<Record<CmsName | PushName, fc.Arbitrary<Webhook>>> = {
  ghost,
  wordpress,
  strapi,
  directus,
  arc,
  superdesk,
  newsml,
  feed,
  drupal,
};

export const webhooks = fc.oneof(...Object.values(byCms));

/** Reads a webhook. Throws if readers would see something that the CMS does not show to everybody. */
export function tryWebhook({
  source: name,
  settings = {},
  body,
  headers = {},
  shows,
  hides,
  id,
  language,
}: Webhook): void {
  const source = sourceNamed(name);
  if (!source) throw new Error(`no source ${name}`);
  const reading = readWebhook(source, body, settingsOf(source, settings), { receivedAt: noon, headers });
  if ('issues' in reading) {
    assert.equal(shows, 'never', `${name} refuses what its CMS shows: ${JSON.stringify(reading.issues)}`);
    return;
  }
  assert.ok(!JSON.stringify(reading.commands).includes(locked), `${name} lets a locked text out`);
  for (const { detail } of reading.commands)
    assert.ok(
      id === undefined || detail.article.uri.endsWith(`/${id}`),
      `${name} confuses the languages of a document`,
    );
  const usable = reading.commands.filter(({ type }) => type === 'article.published' || type === 'article.updated');
  assert.equal(
    usable.length > 0,
    shows !== 'never',
    `${name} ${usable.length > 0 ? 'shows what is not public' : 'hides what is public'}`,
  );
  for (const command of usable) {
    assertDated(source, command, shows);
    if (hides !== undefined) assertHidden(command, hides);
    if (language !== undefined)
      assert.equal(command.detail.article.language, language, `${name} publishes a story in another language`);
  }
}

function assertDated({ name }: Source, { detail }: Command, shows: Webhook['shows']): void {
  const isLater = Date.parse(detail.article.embargoedUntil ?? '') > noon;
  assert.equal(isLater, shows === 'later', `${name} shows a story ${isLater ? 'too late' : 'before its date'}`);
}

function assertHidden({ type, detail }: Command, file: string): void {
  const now = new Date(noon).toISOString();
  const accepted = accept(JSON.stringify({ id: 'e', source: 's', time: now, 'detail-type': type, detail }), 'd');
  assert.ok(accepted.kind === 'version');
  const { article } = readableAt(accepted.version.content.article, noon);
  assert.ok(!JSON.stringify(article).includes(file), 'a file of an item that may not be shown stays');
}

export const properties = [fc.property(webhooks, tryWebhook)];
