import { expect, test } from '@jest/globals';
import { forCdn, pathOf } from '../../../functions/deliver/cdn.ts';
import { ON_RESPONSE } from '../../../infra/viewer-functions.ts';
import { story } from '../story.ts';
import { bench, hit, miss } from '../edge/bench.ts';
import { at, harbour, site } from './site.ts';

test('a withdrawn story is cached by the CDN, 410 for its readers, and live as soon as it comes back', async () => {
  const newsroom = site();
  const cdn = await bench({
    viewerResponse: ON_RESPONSE,
    tagHeader: 'x-amz-meta-cache-tag',
    origin: async ({ rawPath, headers }) => {
      const answer = forCdn(await newsroom.get(pathOf(rawPath), { ifNoneMatch: headers['if-none-match'] }));
      return { statusCode: answer.statusCode, headers: answer.headers, body: Buffer.from(answer.body) };
    },
  });
  const flush = (): void => {
    cdn.edge.invalidate(newsroom.purgeRequests.asked.flatMap(({ tags }) => tags.map((tag) => `#${tag}`)));
  };
  await newsroom.publish({}, { path: '/news/bridge' });
  const live = await cdn.read('/news/bridge');
  expect(live).toMatchObject({ status: 200, headers: { 'x-cache': miss } });

  await newsroom.send('article.unpublished', { article: { uri: story().uri, versionCreated: at(10) } });
  flush();
  for (const path of ['/news/bridge', `/articles/${harbour}.json`]) {
    const gone = await cdn.read(path, { headers: { 'if-none-match': String(live.headers.etag) } });
    expect(gone).toMatchObject({ status: 410, headers: { 'x-cache': miss } });
    for (const header of ['etag', 'last-modified', 'x-pressrun-status'])
      expect(gone.headers).not.toHaveProperty(header);
    const again = await cdn.read(path, { headers: { 'if-none-match': '*' } });
    expect(again).toMatchObject({ status: 410, body: gone.body, headers: { 'x-cache': hit } });
  }

  await newsroom.publish({ versionCreated: at(20) }, { path: '/news/bridge' });
  flush();
  expect(await cdn.read('/news/bridge')).toMatchObject({ status: 200, headers: { 'x-cache': miss } });
  expect(await cdn.read(`/articles/${harbour}.json`)).toMatchObject({ status: 200 });
});
