import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { bodyOf } from '../../../shared/article/article.ts';
import { escapeHtml } from '../../../shared/article/html.ts';
import { sign } from '../../../shared/cms/signature.ts';
import { readWebhook, type Webhook } from '../../../shared/cms/source.ts';
import type { SourceSettings } from '../../../shared/cms/source-settings.ts';
import { settingsOf, sourceNamed, type SourceName } from '../../../shared/cms/sources.ts';
import { MemorySecrets } from '../../fakes/memory-webhooks.ts';
import { arcStory } from '../../fixtures/cms/arc.ts';
import { drupalDocument } from '../../fixtures/cms/drupal.ts';
import { atomEntry, atomFeed } from '../../fixtures/cms/feed.ts';
import { newsItem } from '../../fixtures/cms/newsml.ts';
import { directusItem, ghostPost, ghostPublished, strapiEntry, wordpressPost } from '../../fixtures/cms/newsroom.ts';
import { superdeskItem } from '../../fixtures/cms/superdesk.ts';
import { Pipeline } from '../../simulation/pipeline.ts';
import { bytesOf, WebhookEndpoint } from '../webhook-endpoint.ts';
import { busEvent, noon } from '../story.ts';

/**
 * The webhook by which each CMS sends a story with a headline (plain text) and a body (HTML), and the headers that its
 * source reads. Every new source is asked for it here.
 */
const stories: Readonly<Record<SourceName, (headline: string, html: string) => Webhook>> = {
  ghost: (title, html) => ({ body: ghostPublished(ghostPost('g1', { title, html })) }),
  wordpress: (headline, html) => ({
    body: {
      hook: 'wp_after_insert_post',
      rest: wordpressPost(11, {
        title: { rendered: escapeHtml(headline) },
        content: { rendered: html, protected: false },
      }),
      new_status: 'publish',
      old_status: null,
    },
  }),
  strapi: (title, body) => ({
    body: {
      event: 'entry.publish',
      createdAt: '2026-03-02T08:00:00Z',
      model: 'article',
      entry: strapiEntry(1, 's1', { title, body }),
    },
  }),
  directus: (title, body) => ({ body: directusItem('d1', { title, body }) }),
  arc: (basic, html) => ({
    body: {
      key: 'story:update',
      body: arcStory('A1', { headlines: { basic }, content_elements: [{ type: 'raw_html', content: html }] }),
    },
  }),
  superdesk: (headline, html) => ({
    body: superdeskItem('u1', { headline: escapeHtml(headline), body_html: html }),
  }),
  newsml: (headline, html) => ({
    body: newsItem('n1', {
      headline: escapeHtml(headline),
      content: `<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>${html}</body></html></inlineXML>`,
    }),
  }),
  drupal: (title, processed) => ({ body: drupalDocument(1, { title, body: { processed } }) }),
  feed: (headline, html) => ({
    body: atomFeed(atomEntry('e1', { title: escapeHtml(headline), content: html })),
  }),
  ninjs: (headline, html) => ({
    body: {
      uri: 'urn:agency:1',
      versionCreated: '2026-03-02T10:00:00Z',
      headlines: [{ role: 'main', value: headline }],
      bodies: [{ contentType: 'text/html', value: html }],
    },
  }),
};

async function shown(
  source: string,
  { body, headers }: Webhook,
): Promise<{ readonly headline?: string; readonly html?: string }> {
  const endpoint = new WebhookEndpoint();
  const { status, issues } = await endpoint.postWith(source, bytesOf(source, body), headers);
  expect({ source, status, issues }).toEqual({ source, status: 202, issues: [] });
  const pipeline = new Pipeline(noon + 1000);
  for (const [key, text] of endpoint.payloads.withClaimCheck) await pipeline.payloads.put(key, text);
  await pipeline.deliver(
    endpoint.bus.events.map(({ type, detail, source: from }) =>
      busEvent(type, detail, { source: from, time: new Date(noon).toISOString() }),
    ),
  );
  expect(pipeline.rejections.kept).toEqual([]);
  const [head] = [...pipeline.articles.heads.values()];
  const [version] = [...(pipeline.articles.versions.get(head?.articleId ?? '')?.values() ?? [])];
  const html = version && bodyOf(version.content.article)?.value;
  return { ...(head?.card && { headline: head.card.headline }), ...(html !== undefined && { html }) };
}

describe.each(Object.entries(stories))('%s', (source, storyOf) => {
  test.each([
    ['an emoji of several characters', '👩🏽‍🚒 saves 🐈‍⬛'],
    ['right to left', 'مرحبا بالعالم: שלום עולם'],
    ['Chinese, Thai and combining marks', '国际新闻 ข่าว é'],
    ['signs of markup', 'Profit < loss & "more"'],
  ])('keeps %s to the character', async (_, headline) => {
    const html = `<p>${escapeHtml(headline)}</p>`;
    const story = await shown(source, storyOf(headline, html));
    expect(story.headline).toBe(headline);
    expect(story.html?.replaceAll('&quot;', '"')).toBe(html.replaceAll('&quot;', '"'));
  });

  test('accepts a story of a megabyte', async () => {
    const html = `<p>${'A long read, and then some. '.repeat(38_000)}</p>`;
    expect(html.length).toBeGreaterThan(1024 * 1024);
    expect((await shown(source, storyOf('Long', html))).html).toBe(html);
  });

  test('accepts the current secret and the previous one, and no third', async () => {
    const authentication = sourceNamed(source)?.authentication;
    if (!authentication) throw new Error(`no source ${source}`);
    const endpoint = new WebhookEndpoint();
    const { body: story, headers } = storyOf('Story', '<p>Text</p>');
    const body = bytesOf(source, story);
    const secrets = new MemorySecrets({ [source]: JSON.stringify({ current: 'new', previous: 'old' }) });
    const answers = ['new', 'old', 'older'].map(async (secret) =>
      endpoint.postWith(
        source,
        body,
        { ...headers, ...sign(authentication, body, secret, endpoint.clock.time) },
        { secrets },
      ),
    );
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([202, 202, 401]);
  });
});

test('a document of an agency is read in the encoding that it declares', async () => {
  const endpoint = new WebhookEndpoint();
  const document = `<?xml version="1.0" encoding="ISO-8859-1"?>${newsItem('n1', { headline: 'Café' })}`;
  expect((await endpoint.postWith('newsml', Buffer.from(document, 'latin1'))).status).toBe(202);
  expect(JSON.stringify(endpoint.bus.events)).toContain('"Café"');
});

test('every source reads its sample alike in every time zone and locale', () => {
  const script = fileURLToPath(new URL('../../fixtures/cms/read-samples.ts', import.meta.url));
  const [first, ...others] = ['UTC', 'Pacific/Kiritimati', 'America/St_Johns'].map((TZ) =>
    execFileSync(process.execPath, [script], { env: { ...process.env, TZ, LC_ALL: 'tr_TR.UTF-8' }, encoding: 'utf8' }),
  );
  expect(JSON.parse(first ?? '')).toHaveLength(Object.keys(stories).length);
  for (const other of others) expect(other).toBe(first);
});

describe('the sample of a newsroom with settings of its own', () => {
  const fields = { title: 'headline', body: 'text', embargo: 'until' };
  test.each<[string, Partial<SourceSettings>]>([
    ['strapi', { collection: 'story', collectionPlural: 'stories', fields }],
    ['directus', { collection: 'stories', fields: { ...fields, status: 'state' } }],
    ['directus', { locales: ['en-US', 'fr-FR'], fields: { title: 'translations.title' } }],
    ['wordpress', { collection: 'opinion, post', collectionPlural: 'opinions,posts' }],
    ['drupal', { collection: 'story' }],
  ])('of %s is published and withdrawn with %j', (name, given) => {
    const source = sourceNamed(name);
    if (!source) throw new Error(name);
    const settings = settingsOf(source, { [name]: given });
    const commands = source.sample('7', new Date(noon).toISOString(), settings).map(({ body, headers = {} }) => {
      const reading = readWebhook(source, body, settings, { receivedAt: noon, headers });
      if ('issues' in reading) throw new Error(JSON.stringify(reading.issues));
      return reading.commands[0];
    });
    const [published, withdrawn] = commands;
    expect(published?.detail.article).toHaveProperty('headlines');
    expect(withdrawn?.type).toBe('article.deleted');
    expect(withdrawn?.detail.article.uri).toBe(published?.detail.article.uri);
  });
});
