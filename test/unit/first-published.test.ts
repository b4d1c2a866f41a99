import { expect, test } from '@jest/globals';
import { Pipeline } from '../simulation/pipeline.ts';
import { noon, story } from './story.ts';

const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();
const week = 7 * 24 * 60;
const uri = (name: string): string => `urn:newsroom:${name}`;

/** A story of an hour ago, one of twenty minutes ago, and between them the one that is tried. */
async function between(article: Record<string, unknown>): Promise<Pipeline> {
  const pipeline = new Pipeline();
  for (const [name, minutes, more] of [
    ['early', -60, {}],
    ['tried', -40, article],
    ['late', -20, {}],
  ] as const)
    await pipeline.send('article.published', {
      article: story({ uri: uri(name), versionCreated: at(minutes), headlines: [{ value: name }], ...more }),
      receivedAt: noon,
    });
  return pipeline;
}

async function latest(pipeline: Pipeline): Promise<unknown[]> {
  const feed = JSON.parse((await pipeline.see('/feeds/latest.json')).body) as { items: { title: string }[] };
  return feed.items.map(({ title }) => title);
}

test.each(['firstCreated', 'firstcreated'])(
  'a draft that was begun a week ago (%s) and is published now is sorted by its publication',
  async (name) => {
    const pipeline = await between({ [name]: at(-week) });
    expect(await latest(pipeline)).toEqual(['late', 'tried', 'early']);
    expect((await pipeline.see('/sitemap-news.xml')).body).toContain('<news:title>tried</news:title>');
  },
);

test.each(['firstPublished', 'firstpublished'])(
  'an imported story that names its publication (%s) keeps its date',
  async (name) => {
    const pipeline = await between({ [name]: at(-week) });
    expect(await latest(pipeline)).toEqual(['late', 'early', 'tried']);
    expect((await pipeline.see('/sitemap-news.xml')).body).not.toContain('<news:title>tried</news:title>');
  },
);
