import { describe, expect, test } from '@jest/globals';
import { deliver } from '../../../functions/deliver/deliver.ts';
import type { Response } from '../../../functions/deliver/http.ts';
import { spokenDigest, spokenOf } from '../../../shared/audio/speech.ts';
import { story } from '../story.ts';
import { harbour, Site, site, json, elementsOf } from './site.ts';

describe('an audio rendition', () => {
  const href = `/audio/${harbour}/1-aaaaaaaaaaaaaaaa.mp3`;
  const rendition = { digest: spokenDigest(spokenOf(story())), voice: 'Amy neural', href, bytes: 123_456, seconds: 21 };
  const url = `https://www.example.com${href}`;
  const documents = [
    '/news/local/bridge',
    `/articles/${harbour}.json`,
    '/feeds/latest.json',
    '/feeds/latest.rss',
    '/feeds/latest.atom',
  ];
  const recorded = async (overrides = {}): Promise<Site> => {
    const pipeline = site();
    pipeline.articles.synthesisJobs.set(harbour, { seq: 1, rendition });
    return pipeline.publish(overrides, { path: '/news/local/bridge' });
  };
  const ask = async (pipeline: Site, path: string, offersAudio: boolean): Promise<Response> =>
    deliver(
      { ...pipeline.with({}), offersAudio },
      { method: 'GET', path, query: new URLSearchParams(), host: 'www.example.com' },
    );

  test('is in the page, the JSON and every feed, in the form of each', async () => {
    const pipeline = await recorded();
    const [page, article, jsonFeed, rss, atom] = await Promise.all(
      documents.map(async (path) => (await ask(pipeline, path, true)).body),
    );
    expect(elementsOf(page ?? '').filter(({ name }) => name === 'source')).toEqual([
      { name: 'source', attributes: { src: url, type: 'audio/mpeg' } },
    ]);
    expect(JSON.parse(article ?? '')).toMatchObject({
      renditions: [{ name: 'audio', href: url, contentType: 'audio/mpeg', sizeInBytes: 123_456, duration: 21 }],
    });
    expect(JSON.parse(jsonFeed ?? '')).toMatchObject({
      items: [{ attachments: [{ url, mime_type: 'audio/mpeg', size_in_bytes: 123_456, duration_in_seconds: 21 }] }],
    });
    expect(rss).toContain(`<enclosure url="${url}" length="123456" type="audio/mpeg"/>`);
    expect(atom).toContain(`<link href="${url}" rel="enclosure" type="audio/mpeg" length="123456"/>`);
  });

  test('is offered nowhere once narrate is switched off', async () => {
    const pipeline = await recorded();
    for (const path of documents)
      expect((await ask(pipeline, path, false)).body).not.toMatch(
        /<audio|\/audio\/|audio\/mpeg|attachments|renditions":\[\{"name":"audio/,
      );
  });

  test('is not offered if the words differ, nor twice if a story comes back with it', async () => {
    const pipeline = await recorded({ headlines: [{ value: 'Other words' }] });
    for (const path of documents) expect((await ask(pipeline, path, true)).body).not.toContain(href);
    const returned = await recorded({ renditions: [{ href: url.replace('/1-', '/9-'), contentType: 'audio/mpeg' }] });
    const { renditions } = json(await ask(returned, `/articles/${harbour}.json`, true)) as {
      renditions: { href: string }[];
    };
    expect(renditions.map((rendition) => rendition.href)).toEqual([url]);
  });
});
