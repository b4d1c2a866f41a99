import { expect, test } from '@jest/globals';
import { railsFront } from '../../shared/site/theme.ts';
import { sampleEdition } from '../../tools/sample-newsroom/sample-edition.ts';
import { sampleFronts } from '../../tools/sample-newsroom/sample-fronts.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { theme } from './newspaper.ts';
import { noon } from './story.ts';

const rails = [
  'More Latest News',
  'Latest News',
  'The News Explained',
  'Royals',
  'Highlights & Opinion',
  'More Topics',
];

test('all six rails below every article of the sample edition have a story', async () => {
  const pipeline = new Pipeline(noon, theme);
  const edition = sampleEdition(noon, 'https://www.example.com');
  for (const { 'detail-type': type, detail } of edition) await pipeline.send(type, detail);
  for (const front of sampleFronts(noon)) await pipeline.send('front.published', { front });
  const live = [...pipeline.articles.heads.values()].filter(({ visibility }) => visibility === 'live');
  expect(live).toHaveLength(17);
  for (const { articleId, path } of live) {
    const { body } = await pipeline.see(`/fronts/${railsFront(theme, undefined)}.json?exclude=${articleId}`);
    const { containers } = JSON.parse(body) as { containers: { title: string; items: unknown[]; links?: unknown[] }[] };
    expect(containers.map(({ title, items, links = [] }) => [path, title, items.length + links.length > 0])).toEqual(
      rails.map((title) => [path, title, true]),
    );
  }
});
