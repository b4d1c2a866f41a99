import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { XMLParser } from 'fast-xml-parser';
import type { Browser } from 'playwright-core';
import { missingVoice } from '../../tools/laptop/polly/espeak.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { Newsroom } from '../journey/newsroom.ts';
import { missing as missingBrowser, openBrowser } from './chromium.ts';

const uri = 'urn:listen:night-ferry';
const path = '/news/local/night-ferry';
const id = articleIdOf(uri);

/** As a newsroom sends it: with a card, a quotation, a way to another story. */
const ferry = {
  uri,
  type: 'text',
  language: 'en-GB',
  versionCreated: '2026-05-01T21:40:00Z',
  headlines: [{ role: 'main', value: 'Night ferry returns after eleven weeks in dock' }],
  by: 'By Ada Marlow',
  bodies: [
    {
      contentType: 'text/html',
      value:
        '<p>The night ferry to Corrimar sailed again on Friday, eleven weeks after a wrong filter stopped her engines in open water.</p>' +
        '<figure><blockquote>Nobody hears this card.</blockquote><figcaption>Nor this caption.</figcaption></figure>' +
        '<p>“She runs quieter than before,” said her chief engineer, Mara Lindqvist. 214 passengers were on board.</p>' +
        '<p><strong>Read more:</strong> <a href="/news/local/filter">How the filter got there</a></p>' +
        '<h2>Two crossings a night</h2><p>From Monday she leaves at 21:40 &amp; returns at dawn.</p>',
    },
  ],
  subjects: [{ rel: 'section', literal: 'news/local' }],
};

/** The player as a page describes it. */
interface Heard {
  readonly error: number | null;
  readonly duration: number;
  readonly currentTime: number;
  readonly paused: boolean;
}

interface Item {
  readonly id: string;
  readonly attachments?: readonly {
    url: string;
    mime_type: string;
    size_in_bytes: number;
    duration_in_seconds: number;
  }[];
}

function listenContract(): void {
  let newsroom: Newsroom;
  let browser: Browser;

  beforeAll(async () => {
    [newsroom, browser] = await Promise.all([
      Newsroom.open({ purgeWindowSeconds: '0', narrate: '{"en":"Amy"}' }),
      openBrowser(),
    ]);
    await newsroom.put('article.published', ferry, { path });
  });

  afterAll(async () => {
    await browser.close();
    await newsroom.close();
  });

  const rendition = async (): Promise<
    { href: string; contentType: string; sizeInBytes: number; duration: number } | undefined
  > => {
    const { renditions = [] } = (await newsroom.json(`/articles/${id}.json`)) as { renditions?: never[] };
    return renditions[0];
  };
  const recorded = async (
    but?: string,
  ): Promise<{ href: string; contentType: string; sizeInBytes: number; duration: number }> => {
    await newsroom.until('the story is read aloud', async () => ![undefined, but].includes((await rendition())?.href));
    const found = await rendition();
    if (!found) throw new Error('it was withdrawn again');
    return found;
  };

  test('a story is read aloud, and Chromium plays it from its page', async () => {
    const { href, contentType, sizeInBytes, duration } = await recorded();
    expect(href).toMatch(new RegExp(`^${newsroom.stack.edgeUrl}/audio/${id}/\\d+-[a-z2-7]{16}\\.mp3$`));
    expect(contentType).toBe('audio/mpeg');

    const context = await browser.newContext({ baseURL: newsroom.stack.edgeUrl });
    const issues: string[] = [];
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') issues.push(message.text());
    });
    try {
      // The purge that follows the recording may be a moment behind.
      await newsroom.until('the page offers it', async () => (await (await newsroom.get(path)).text()).includes(href));
      await page.goto(path);
      const player = page.getByLabel('Listen to this article');
      expect(await player.count()).toBe(1);
      const heard = async (): Promise<Heard> =>
        page.evaluate<Heard>(
          `(({ error, duration, currentTime, paused }) => ({ error: error && error.code, duration, currentTime, paused }))(document.querySelector('audio'))`,
        );
      await page.evaluate(`document.querySelector('audio').muted = true; document.querySelector('audio').play()`);
      await newsroom.until('a second of it was played', async () => (await heard()).currentTime > 1);
      const now = await heard();
      expect(now).toMatchObject({ error: null, paused: false });
      expect(now.duration).toBeGreaterThan(15);
      expect(Math.abs(now.duration - duration)).toBeLessThan(1);
      // Seeking requests a range.
      await page.evaluate(`document.querySelector('audio').currentTime = ${duration - 3}`);
      await newsroom.until('it is heard to its end', async () =>
        page.evaluate<boolean>(`document.querySelector('audio').ended`),
      );
      expect(await heard()).toMatchObject({ error: null });
      expect(issues).toEqual([]);
    } finally {
      await context.close();
    }

    const audio = await newsroom.get(new URL(href).pathname);
    expect(audio.headers.get('x-amz-meta-cache-tag')).toBe(`article:${id}`);
    expect((await audio.arrayBuffer()).byteLength).toBe(sizeInBytes);
    const part = await newsroom.get(new URL(href).pathname, { range: 'bytes=100-199' });
    expect([part.status, part.headers.get('content-range'), (await part.arrayBuffer()).byteLength]).toEqual([
      206,
      `bytes 100-199/${sizeInBytes}`,
      100,
    ]);
  });

  test('feeds offer the audio in the form of each format', async () => {
    const { href, sizeInBytes, duration } = await recorded();
    const url = href;
    const itemIn = async (): Promise<Item | undefined> =>
      ((await newsroom.json('/feeds/latest.json')) as { items: Item[] }).items.find((item) => item.id === uri);
    await newsroom.until('JSON Feed has it', async () => (await itemIn())?.attachments !== undefined);
    expect((await itemIn())?.attachments).toEqual([
      { url, mime_type: 'audio/mpeg', size_in_bytes: sizeInBytes, duration_in_seconds: duration },
    ]);
    const parser = new XMLParser({
      ignoreAttributes: false,
      isArray: (name) => ['item', 'entry', 'link'].includes(name),
    });
    const document = async (feed: string): Promise<unknown> => parser.parse(await (await newsroom.get(feed)).text());
    await newsroom.until('RSS has it', async () => JSON.stringify(await document('/feeds/latest.rss')).includes(url));
    expect(await document('/feeds/latest.rss')).toMatchObject({
      rss: {
        channel: { item: [{ enclosure: { '@_url': url, '@_length': String(sizeInBytes), '@_type': 'audio/mpeg' } }] },
      },
    });
    await newsroom.until('Atom has it', async () => JSON.stringify(await document('/feeds/latest.atom')).includes(url));
    expect(JSON.stringify(await document('/feeds/latest.atom'))).toContain(
      JSON.stringify({ '@_href': url, '@_rel': 'enclosure', '@_type': 'audio/mpeg', '@_length': String(sizeInBytes) }),
    );
  });

  test('new audio purges the article’s own tag alone and announces one revision', async () => {
    await recorded();
    await newsroom.settled();
    const revised = newsroom.about(uri, 'article.revised');
    expect(revised).toHaveLength(1);
    expect(revised[0]?.detail).toMatchObject({ audio: true });
    const { seq } = revised[0]?.detail as { seq: number };
    const purged = newsroom
      .about(uri, 'cdn.purged')
      .filter(({ detail }) =>
        (detail as { articles: { seq: number }[] }).articles.some((article) => article.seq === seq),
      );
    expect(purged.map(({ detail }) => (detail as { tags: string[] }).tags)).toEqual([[`article:${id}`]]);
    expect(newsroom.about(uri, 'feed.changed')).toHaveLength(1);
  });

  test('a new text gets new audio, the old audio is deleted, and a withdrawn story has none', async () => {
    const before = await recorded();
    await newsroom.put(
      'article.updated',
      { ...ferry, versionCreated: '2026-05-01T22:00:00Z', headlines: [{ role: 'main', value: 'Night ferry is back' }] },
      { path },
    );
    const after = await recorded(before.href);
    await newsroom.until(
      'the old one is removed',
      async () => (await newsroom.get(new URL(before.href).pathname)).status === 403,
      90_000,
    );
    expect((await newsroom.get(new URL(after.href).pathname)).status).toBe(200);

    await newsroom.put('article.unpublished', { uri, versionCreated: '2026-05-01T22:10:00Z' });
    await newsroom.until('the story is gone', async () => (await newsroom.get(path)).status === 410);
    // At the edge too, which had just kept it.
    await newsroom.until(
      'its sound is gone',
      async () => (await newsroom.get(new URL(after.href).pathname)).status === 403,
    );
  });
}

const missing = missingBrowser ?? missingVoice();
if (missing === undefined) describe('listen to this article, in Chromium', listenContract);
else describe.skip(`listen to this article, in Chromium (skipped: ${missing})`, listenContract);
