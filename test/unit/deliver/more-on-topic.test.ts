import { expect, test } from '@jest/globals';
import { articleIdOf } from '../../../shared/article/article.ts';
import { Pipeline } from '../../simulation/pipeline.ts';
import { theme } from '../newspaper.ts';
import { noon, story } from '../story.ts';

const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();
const fragment = `/articles/${articleIdOf('urn:own')}.fragment.html`;

async function pipelineWith(own: readonly string[], others: readonly (readonly string[])[]): Promise<Pipeline> {
  const pipeline = new Pipeline(noon + 24 * 3_600_000, theme);
  const send = async (name: string, minutes: number, topics: readonly string[], more = {}): Promise<void> =>
    pipeline.send('article.published', {
      article: story({
        uri: `urn:${name}`,
        versionCreated: at(minutes),
        headlines: [{ value: `Story ${name}` }],
        subjects: topics.map((topic) => ({ name: topic })),
        ...more,
      }),
      path: `/${name}`,
    });
  await send('own', 0, own);
  for (const [index, topics] of others.entries()) await send(`other${index}`, index + 1, topics);
  return pipeline;
}

test('below an article are the newest other stories of its most specific topic', async () => {
  const pipeline = await pipelineWith(
    ['Ships', 'Lighthouses', 'Nothing else'],
    [['Ships'], ['Ships'], ['Ships', 'Lighthouses'], ['Ships'], ['Ships'], ['Ships']],
  );
  expect((await pipeline.see('/own')).body).toContain(`data-more="${fragment}"`);
  const { body, headers } = await pipeline.see(fragment);
  expect(body).toContain('More on Lighthouses');
  expect(body).toContain('href="/topic/lighthouses"');
  expect([...body.matchAll(/<a href="(\/\w+\d)">/g)].map(([, path]) => path)).toEqual(['/other2']);
  expect(headers).toMatchObject({
    'cache-control': expect.stringContaining('s-maxage=10') as unknown,
    'x-robots-tag': 'noindex',
    'x-amz-meta-cache-tag': `article:${articleIdOf('urn:own')},feeds,feed:topic:ships,feed:topic:lighthouses,feed:topic:nothing-else`,
  });
});

test('the most specific of large topics is the one whose last stories are the oldest; four are shown', async () => {
  const busy = ['Busy'];
  const rare = ['Rare'];
  const pipeline = await pipelineWith(['Busy', 'Rare'], [rare, rare, rare, rare, rare, busy, busy, busy, busy, busy]);
  const { body } = await pipeline.see(fragment);
  expect([...body.matchAll(/<a href="(\/\w+\d)">/g)].map(([, path]) => path)).toEqual([
    '/other4',
    '/other3',
    '/other2',
    '/other1',
  ]);
});

test('an article without topics, or with related stories of the desk, has no such list', async () => {
  expect((await (await pipelineWith([], [])).see('/own')).body).not.toContain('data-more');
  const pipeline = await pipelineWith(['Ships'], [['Ships']]);
  await pipeline.send('article.updated', {
    article: story({
      uri: 'urn:own',
      versionCreated: at(60),
      subjects: [{ name: 'Ships' }],
      associations: [{ type: 'text', uri: 'urn:other0' }],
    }),
    path: '/own',
  });
  expect((await pipeline.see('/own')).body).not.toContain('data-more');
  expect((await pipeline.see('/articles/aaaaaaaaaaaaaaaa.fragment.html')).status).toBe(404);
});

test('a topic without other stories is an empty fragment', async () => {
  const { status, body } = await (await pipelineWith(['Ships'], [])).see(fragment);
  expect([status, body]).toEqual([200, '']);
});
