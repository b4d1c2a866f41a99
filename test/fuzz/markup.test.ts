import { describe, expect, test } from '@jest/globals';
import { escapeHtml } from '../../shared/article/html.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { busEvent, noon } from '../unit/story.ts';
import { vectors } from '../fixtures/vectors.ts';
import { assertAnswer } from './outputs.ts';

const versionCreated = new Date(noon).toISOString();

/** A story that says the same thing in every text it has, plain or HTML. */
function saying(text: string): Record<string, unknown> {
  const texts = [
    { role: 'main', value: text },
    { contentType: 'text/plain', value: text },
    { contentType: 'text/html', value: text },
    { contentType: 'text/html; charset=utf-8', role: 'caption', value: text },
  ];
  const concept = { name: text, literal: text, uri: text };
  const rendition = {
    name: text,
    contentType: 'image/svg+xml',
    href: `https://pictures.example.com/?${text}`,
    width: 600,
    height: 400,
  };
  const picture = {
    type: 'picture',
    uri: text,
    name: text,
    title: text,
    by: text,
    headlines: texts,
    descriptions: texts,
    bodies: texts,
    renditions: [rendition],
  };
  return {
    uri: `urn:${text.replaceAll(/[\s\p{Cc}]/gu, '')}`.slice(0, 80),
    versionCreated,
    headlines: texts,
    descriptions: [{ role: 'standfirst', value: `A ${text}` }, ...texts],
    bodies: texts,
    by: text,
    slugline: text,
    located: text,
    edNote: text,
    copyrightHolder: text,
    copyrightNotice: text,
    usageTerms: text,
    profile: text,
    subjects: [
      { rel: 'section', name: text, literal: `news/${text.slice(0, 40)}` },
      { rel: 'about', ...concept },
    ],
    genres: [concept],
    people: [
      { ...concept, rel: 'author' },
      { ...concept, href: text },
    ],
    organisations: [{ ...concept, symbols: [{ href: text }] }],
    infoSources: [{ ...concept, href: text }],
    trustIndicators: [{ ...concept, title: text, href: text }],
    contactInfo: [{ type: 'web', value: text, href: text }],
    associations: [picture, { ...picture, associations: [picture] }],
    events: [{ headlines: texts, descriptions: texts }],
  };
}

/** Checks every answer that readers and programs get from the pipeline. */
async function assertAllHarmless(pipeline: Pipeline): Promise<number> {
  let seen = 0;
  const see = async (url: string, status = 200): Promise<void> => {
    const response = await pipeline.see(url);
    assertAnswer(response);
    expect([url, response.status]).toEqual([url, status]);
    seen += 1;
  };
  for (const { articleId, path = '', feeds = [] } of pipeline.articles.heads.values()) {
    await see(`/articles/${articleId}.json`);
    await see(path);
    for (const feed of feeds)
      for (const url of [`/feeds/${feed}.json`, `/feeds/${feed}.rss`, `/feeds/${feed}.atom`, `/${feed}`])
        await see(url);
  }
  for (const { name } of pipeline.fronts.heads.values())
    for (const format of ['json', 'html']) await see(`/fronts/${name}.${format}`);
  return seen;
}

describe('markup that runs code, in every text of a story', () => {
  test.each(vectors)('is harmless in HTML, RSS, Atom and JSON: %j', async (vector) => {
    const pipeline = new Pipeline();
    await pipeline.deliver(
      [vector, `Bridge ${vector} reopens`].map((text) =>
        busEvent('article.published', { article: saying(text), actor: vector, reason: vector }),
      ),
    );
    // A headline of markup alone is a headline where it is plain text.
    expect(pipeline.announcer.announced.filter(({ type }) => type === 'article.rejected')).toEqual([]);
    expect(await assertAllHarmless(pipeline)).toBeGreaterThan(20);
  });

  test.each(vectors)('is shown as text on a front, and rejected as a link: %j', async (vector) => {
    const front = (links: readonly string[]): Record<string, unknown> => ({
      name: 'home',
      versionCreated,
      containers: [
        {
          title: `T ${vector}`,
          backfill: 'latest',
          links: links.map((href) => ({ label: `L ${vector}`, href })),
          seeMore: '/latest',
        },
      ],
    });
    const pipeline = new Pipeline();
    await pipeline.deliver([
      busEvent('front.published', {
        front: front(['/about', `https://www.example.com/?${vector}`, `/${vector.replace(/^\//, '')}`]),
      }),
    ]);
    expect(await assertAllHarmless(pipeline)).toBe(2);
    const other = new Pipeline();
    await other.deliver([busEvent('front.published', { front: front([vector]) })]);
    expect(other.announcer.announced).toMatchObject([
      { type: 'article.rejected', detail: { errors: [{ path: 'front.containers.0.links.0.href' }] } },
    ]);
  });
});

function warningsIn({ announcer }: Pipeline): string[] {
  return announcer.announced.flatMap(({ type, detail }) =>
    type === 'article.live' ? (detail.warnings ?? []).map(({ path }) => path) : [],
  );
}

describe('links that run code', () => {
  test.each([
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    '\u0001javascript:alert(1)',
    'vbscript:msgbox(1)',
    'data:text/html,<script>alert(1)</script>',
    'data:image/svg+xml,<svg onload=alert(1)>',
    'view-source:javascript:1',
    'file:///etc/passwd',
    '//evil.example/x',
    '/relative',
  ])('are left out of pictures: %j', async (href) => {
    const pipeline = new Pipeline();
    await pipeline.deliver([
      busEvent('article.published', {
        article: {
          uri: 'urn:x',
          versionCreated,
          headlines: [{ value: 'x' }],
          associations: [{ type: 'picture', renditions: [{ href }] }],
        },
      }),
    ]);
    expect(warningsIn(pipeline)).toEqual(['article.associations.0.renditions.0.href']);
    for (const { articleId, path = '' } of pipeline.articles.heads.values())
      for (const url of [`/articles/${articleId}.json`, path, '/feeds/latest.json', '/feeds/latest.rss']) {
        const { body } = await pipeline.see(url);
        for (const written of [href, escapeHtml(href), JSON.stringify(href).slice(1, -1)])
          expect(body).not.toContain(`"${written}"`);
      }
    await assertAllHarmless(pipeline);
  });

  test.each([
    'javascript:alert(1)',
    '//evil.example/x',
    '/\\evil.example',
    'https://evil.example/x',
    '/..//evil.example',
    '/a\r\nlocation: https://evil.example',
  ])('are not accepted as an article’s path: %j', async (path) => {
    const pipeline = new Pipeline();
    await pipeline.deliver([
      busEvent('article.published', { article: { uri: 'urn:x', versionCreated, headlines: [{ value: 'x' }] }, path }),
    ]);
    const [head] = pipeline.articles.heads.values();
    expect([head?.path, warningsIn(pipeline)]).toEqual([`/articles/${head?.articleId ?? ''}/x`, ['path']]);
    await assertAllHarmless(pipeline);
  });
});
