import { describe, expect, test } from '@jest/globals';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { theme } from '../newspaper.ts';
import { noon, story } from '../story.ts';
import { at, harbour, pipelineWith, publish } from './newsroom.ts';

const full = { ...theme, feeds: { text: 'full' as const } };

describe('feeds', () => {
  test('as Atom have tombstones of withdrawn stories (RFC 6721 §3), which change the ETag', async () => {
    const pipeline = await pipelineWith();
    await publish(pipeline, 1);
    const before = await pipeline.see('/feeds/latest.atom');
    expect(before.body).not.toContain('deleted-entry');
    pipeline.clock.time = noon + 5_000_000;
    await pipeline.send('article.unpublished', { article: { uri: 'urn:story:1', versionCreated: at(30) } });
    const after = await pipeline.see('/feeds/latest.atom');
    expect(after.headers['etag']).not.toBe(before.headers['etag']);
    expect(after.body).toContain(
      `<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="urn:story:1" when="${new Date(noon + 5_000_000).toISOString()}" /></feed>`,
    );
    expect(parseAtomFeed(after.body).entries).toHaveLength(1);
    for (const format of ['rss', 'json'])
      expect((await pipeline.see(`/feeds/latest.${format}`)).body).not.toContain('urn:story:1');
  });

  test('have no tombstone of a story that only moved within a feed, or out of it and back', async () => {
    const pipeline = await pipelineWith();
    await pipeline.send('article.updated', { article: story({ versionCreated: at(1), subjects: [] }), path: '/p' });
    await publish(pipeline, 1);
    expect((await pipeline.see('/feeds/section/news.atom')).body).toContain(`ref="${story().uri}"`);
    // An older version arrives, so the story was first published earlier and has another sort position.
    await pipeline.send('article.updated', { article: story({ versionCreated: at(-60) }), path: '/p' });
    expect((await pipeline.see('/feeds/latest.atom')).body).not.toContain('deleted-entry');
    await pipeline.send('article.updated', { article: story({ versionCreated: at(2) }), path: '/p' });
    expect((await pipeline.see('/feeds/section/news.atom')).body).not.toContain('deleted-entry');
  });

  test('have whole texts if the theme says so, with absolute links and the tag of each story', async () => {
    const pipeline = await pipelineWith(
      {
        associations: [],
        bodies: [
          {
            contentType: 'text/html',
            value:
              '<p>See <a href="/q">there</a> &amp; <a href="//other.example/">there</a>.<sup><a href="#n">1</a></sup></p><p id="n">n</p>',
          },
        ],
      },
      full,
    );
    const text =
      '<p>See <a href="https://www.example.com/q">there</a> &amp; <a href="https://other.example/">there</a>.<sup><a href="https://www.example.com/p#user-content-n">1</a></sup></p><p id="user-content-n">n</p>';
    expect(parseRssFeed((await pipeline.see('/feeds/latest.rss')).body).items?.[0]?.content?.encoded).toBe(text);
    expect(parseAtomFeed((await pipeline.see('/feeds/latest.atom')).body).entries?.[0]?.content).toEqual({
      value: text,
      type: 'html',
    });
    const { headers, body } = await pipeline.see('/feeds/latest.json');
    expect(parseJsonFeed(JSON.parse(body)).items?.[0]).toMatchObject({
      content_html: text,
      summary: story().descriptions?.[0]?.value,
    });
    expect(headers['x-amz-meta-cache-tag']).toBe(`feed:latest,feeds,article:${harbour}`);
    expect((await (await pipelineWith()).see('/feeds/latest.rss')).body).not.toContain('content:encoded');
  });

  test('have no pulled picture, and no text of a withdrawn story', async () => {
    const pipeline = await pipelineWith(
      {
        bodies: [
          {
            contentType: 'text/html',
            value: '<p>One</p><figure><img src="https://p.example/x.jpg" alt="" /></figure>',
          },
        ],
      },
      full,
    );
    await pipeline.send('article.held', {
      article: { type: 'picture', uri: 'https://p.example/x.jpg', versionCreated: at(1) },
    });
    expect((await pipeline.see('/feeds/latest.json')).body).not.toContain('x.jpg');
  });

  test('name their hub and their own address, in document and headers (WebSub §4), or neither', async () => {
    const hub = 'https://hub.example.com/';
    const pipeline = await pipelineWith({}, { ...theme, hub });
    for (const format of ['rss', 'atom', 'json']) {
      const self = `https://www.example.com/feeds/latest.${format}`;
      const { headers, body } = await pipeline.see(`/feeds/latest.${format}`);
      expect(headers['link']).toBe(`<${hub}>; rel="hub", <${self}>; rel="self"`);
      if (format === 'json')
        expect(parseJsonFeed(JSON.parse(body))).toMatchObject({ feed_url: self, hubs: [{ type: 'WebSub', url: hub }] });
      const links =
        format === 'rss' ? parseRssFeed(body).atom?.links : format === 'atom' ? parseAtomFeed(body).links : undefined;
      if (links)
        expect(links).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ rel: 'hub', href: hub }),
            expect.objectContaining({ rel: 'self', href: self }),
          ]),
        );
    }
    expect((await (await pipelineWith()).see('/feeds/latest.rss')).headers).not.toHaveProperty('link');
  });
});
