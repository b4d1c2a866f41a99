import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { publishSampleEdition } from '../../tools/sample-newsroom/sample-edition.ts';
import { publishSamplePages } from '../../tools/sample-newsroom/sample-pages.ts';
import { sampleStories } from '../../tools/sample-newsroom/sample-stories.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { awkwardStories } from '../fixtures/awkward-stories.ts';
import { Newsroom } from '../journey/newsroom.ts';
import { missing, openBrowser } from './chromium.ts';

/** Enough for a third page. */
const archiveStories = 66;
const ferry = 'urn:sample-newsroom:strait-of-corrimar-ferry-rescue';
const ferryPath = '/news/world/strait-of-corrimar-ferry-rescue';
const embedsPath = '/news/local/embeds';
const storm = 'urn:browser:storm';
const stormPath = '/news/local/storm';
const stormPost = (number: number): { uri: string; versionCreated: string; headlines: unknown; bodies: unknown } => ({
  uri: `urn:browser:storm:${number}`,
  versionCreated: new Date(Date.now() - (40 - number) * 60_000).toISOString(),
  headlines: [{ value: `Post ${number} of the storm` }],
  bodies: [{ contentType: 'text/html', value: '<h3>At the quay</h3><p>The water <a href="/latest">rises</a>.</p>' }],
});
const authorPath = '/author/ines-okonjo-vale';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const devices = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 900 },
  wall: { width: 3840, height: 2160 },
} as const;

/** How a reader reads. */
interface Reader {
  readonly device: keyof typeof devices;
  readonly colours: 'light' | 'dark';
  readonly scripts: boolean;
}

const readers: readonly Reader[] = [
  { device: 'phone', colours: 'light', scripts: true },
  { device: 'phone', colours: 'dark', scripts: false },
  { device: 'desktop', colours: 'light', scripts: false },
  { device: 'desktop', colours: 'dark', scripts: true },
  { device: 'wall', colours: 'light', scripts: true },
];

function pagesContract(): void {
  let newsroom: Newsroom;
  let browser: Browser;

  beforeAll(async () => {
    [newsroom, browser] = await Promise.all([Newsroom.open({ purgeWindowSeconds: '0' }), openBrowser()]);
    await publishSampleEdition(newsroom.stack, () => undefined);
    const old = Array.from({ length: archiveStories }, (_, number) => number);
    await Promise.all(
      old.map(async (number) =>
        newsroom.put('article.published', {
          uri: `urn:browser:${number}`,
          versionCreated: new Date(Date.now() - (600 + number) * 60_000).toISOString(),
          headlines: [{ value: `Story ${number} of the archive` }],
          subjects: [{ rel: 'section', literal: 'sport' }, { name: 'Übergröße' }],
        }),
      ),
    );
    await publishSamplePages(newsroom.stack);
    await newsroom.put(
      'article.published',
      { ...stormPost(0), uri: storm, headlines: [{ value: 'Storm' }], bodies: [] },
      { path: stormPath, live: {} },
    );
    // The portrait's file is nowhere, so no list may show it: it has expired.
    const own: Readonly<Record<string, object>> = {
      embeds: {},
      'a-portrait-only': { expires: '2026-06-01T00:00:00.000Z' },
      'right-to-left': { located: 'القاهرة' },
    };
    for (const [name, fields] of Object.entries(own))
      for (const article of awkwardStories.filter(({ uri }) => uri === `urn:awkward:${name}`))
        await newsroom.put('article.published', { ...article, ...fields }, { path: `/news/local/${name}` });
    for (let number = 1; number <= 25; number += 1)
      await newsroom.put('article.published', stormPost(number), {
        post: { story: storm, key: number % 5 === 0, pinned: number === 3 },
      });
    await newsroom.until(
      'the posts are there',
      async () => (await newsroom.uris(`live/${articleIdOf(storm)}`)).length === 25,
    );
    await newsroom.until(
      'the archive is there',
      async () => (await newsroom.uris('topic/uebergroesse')).length === archiveStories,
    );
  });

  afterAll(async () => {
    await browser.close();
    await newsroom.close();
  });

  /** Opens a page as this reader, collects every error that the browser reports, and closes it. */
  const read = async (reader: Reader, use: (page: Page, context: BrowserContext) => Promise<void>): Promise<void> => {
    const { device, colours, scripts } = reader;
    const context = await browser.newContext({
      viewport: devices[device],
      colorScheme: colours,
      javaScriptEnabled: scripts,
      baseURL: newsroom.stack.edgeUrl,
    });
    // Pictures of the awkward stories stand on a host that does not exist.
    await context.route('https://pictures.example.com/**', async (route) => {
      await route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' });
    });
    const issues: string[] = [];
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') issues.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => issues.push(error.message));
    try {
      await use(page, context);
      expect(issues).toEqual([]);
    } finally {
      await context.close();
    }
  };

  test.each(readers)(
    'home, section, article, see more and page 3: $device, $colours, scripts $scripts',
    async (reader) => {
      await read(reader, async (page) => {
        await page.goto('/');
        expect(await page.title()).toBe('Pressrun');
        await page.locator('nav.sections').getByRole('link', { name: 'World', exact: true }).click();
        expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('World');
        await page.getByRole('link', { name: /Wrong filter stopped/ }).click();
        await page.waitForURL(`**${ferryPath}`);
        expect(await page.getByRole('heading', { level: 1 }).textContent()).toMatch(/^Wrong filter/);
        expect(
          Number(
            await page.evaluate(
              `((image) => image.decode().then(() => image.naturalWidth))(document.querySelector('.lead img'))`,
            ),
          ),
        ).toBeGreaterThan(0);

        if (reader.scripts)
          await page.locator('#rails').getByRole('link', { name: 'See more Latest News', exact: true }).first().click();
        else await page.locator('#rails').getByRole('link', { name: 'Latest News', exact: true }).click();
        await page.waitForURL('**/latest');
        for (let turned = 1; turned < 3; turned += 1) {
          await Promise.all([page.waitForURL(/after=/), page.getByRole('link', { name: 'Older stories' }).click()]);
          await page.waitForLoadState();
        }
        // All but the one that is withdrawn, two live stories and two awkward ones, less two pages of thirty.
        expect(await page.locator('.river > li').count()).toBe(archiveStories + sampleStories.length - 1 + 4 - 60);
        expect(await page.getByRole('link', { name: 'Older stories' }).count()).toBe(0);
      });
    },
  );

  const paths = {
    home: '/',
    section: '/section/news/world',
    article: ferryPath,
    'live story': stormPath,
    'content of other sites': embedsPath,
    'third kind of list': '/topic/uebergroesse',
    author: authorPath,
    missing: '/no-such-page',
  };

  test.each(
    readers
      .filter(({ scripts, device }) => scripts && device !== 'wall')
      .flatMap((reader) => Object.entries(paths).map(([kind, path]) => ({ ...reader, kind, path }))),
  )('axe finds no violation: $kind, $device, $colours', async ({ path, kind, ...reader }) => {
    const context = await browser.newContext({
      viewport: devices[reader.device],
      colorScheme: reader.colours,
      bypassCSP: true,
    });
    try {
      const page = await context.newPage();
      await page.goto(newsroom.stack.edgeUrl + path);
      if (kind === 'article') await page.locator('#rails .rail').first().waitFor();
      await page.evaluate(axe);
      const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
        'axe.run()',
      );
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    } finally {
      await context.close();
    }
  });

  test('a keyboard skips the navigation with one key, and focus is visible at every stop', async () => {
    await read({ device: 'desktop', colours: 'light', scripts: true }, async (page) => {
      await page.goto(ferryPath);
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the story');
      expect(
        await page.evaluate<number>(`document.querySelector('.skip').getBoundingClientRect().left`),
      ).toBeGreaterThanOrEqual(0);
      await page.keyboard.press('Enter');
      expect(new URL(page.url()).hash).toBe('#main');
      for (let stop = 0; stop < 5; stop += 1) {
        await page.keyboard.press('Tab');
        expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
      }
    });
  });

  test.each([
    ['home', '/', 'desktop'],
    ['section', '/section/sport', 'phone'],
    ['article', ferryPath, 'phone'],
    ['article', ferryPath, 'desktop'],
  ] as const)(
    'performance budget: %s (%s, %s) loads no blocking resource and shifts no layout',
    async (kind, path, device) => {
      await read({ device, colours: 'light', scripts: true }, async (page) => {
        await page.addInitScript(
          `window.shift = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) shift += entry.value }).observe({ type: 'layout-shift', buffered: true })`,
        );
        await page.goto(path);
        if (kind === 'article') await page.locator('#rails .rail').first().waitFor();
        for (let seen = 0; seen < 6; seen += 1) {
          await page.mouse.wheel(0, 700);
          await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
        }
        expect(await page.evaluate('shift')).toBeLessThan(0.01);
        const resources = await page.evaluate<string[][]>(
          "performance.getEntriesByType('resource').map((entry) => [entry.renderBlockingStatus, entry.name, entry.initiatorType])",
        );
        // The page itself is the one request that anybody waits for.
        expect(resources.filter(([blocking]) => blocking === 'blocking')).toEqual([]);
        expect(resources.filter(([, , kind]) => kind === 'script' || kind === 'css')).toEqual([]);
        // No other site learns of the reader.
        expect(resources.filter(([, name]) => !(name ?? '').startsWith(newsroom.stack.edgeUrl))).toEqual([]);
      });
    },
  );

  test('an open page of a live story announces new posts and shows them without a reload', async () => {
    await read({ device: 'phone', colours: 'light', scripts: true }, async (page) => {
      await page.goto(stormPath);
      expect(await page.locator('.post').count()).toBeGreaterThan(10);
      expect(await page.locator('.post').first().getByRole('heading').first().textContent()).toBe(
        'Post 3 of the storm',
      );
      await page.evaluate('window.isStillThere = true');
      await newsroom.put('article.published', stormPost(30), { post: { story: storm } });
      await newsroom.until('the new post is there', async () =>
        (await (await newsroom.get(`/articles/${articleIdOf(storm)}.posts.json`)).text()).includes(
          articleIdOf('urn:browser:storm:30'),
        ),
      );
      // It asks every half minute, and whenever somebody comes back to it.
      await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
      await page.getByRole('link', { name: 'New posts: 1' }).click();
      await page.getByRole('heading', { name: 'Post 30 of the storm' }).waitFor();
      expect(await page.evaluate('[window.isStillThere, document.activeElement.id]')).toEqual([true, 'posts']);

      await page.getByRole('link', { name: 'Older posts' }).click();
      await page.waitForURL(/posts\.html\?after=/);
      const permalink = page.locator('.post .when a').last();
      await permalink.click();
      await page.waitForURL(/#post-/);
      expect(await page.locator('.post:target').count()).toBe(1);
    });
  });

  test.each([true, false])(
    'content of another site is loaded only after a reader asks for it: scripts %s',
    async (scripts) => {
      await read({ device: 'phone', colours: 'dark', scripts }, async (page, context) => {
        const asked: string[] = [];
        await context.route(
          ({ origin }) => origin !== newsroom.stack.edgeUrl,
          async (route) => {
            asked.push(new URL(route.request().url()).origin);
            // A provider's frame says how high its content is.
            const body = `<title>A chart</title><p>Tides</p><script>parent.postMessage({'datawrapper-height':{x:321}},'*')</script>`;
            await route.fulfill({ contentType: 'text/html', body });
          },
        );
        await page.goto(embedsPath);
        const youTube = page.locator('.embed', { hasText: 'Show content from YouTube' });
        if (!scripts) {
          expect(await page.getByRole('button').count()).toBe(0);
          expect(await page.getByRole('link', { name: 'The harbour from above' }).getAttribute('href')).toBe(
            'https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=30s',
          );
          expect(asked.filter((origin) => !/^https:\/\/(?:pictures|media)\.example\.com$/.test(origin))).toEqual([]);
          return;
        }
        await page.locator('#rails .rail').first().waitFor();
        expect(asked.filter((origin) => !/^https:\/\/(?:pictures|media)\.example\.com$/.test(origin))).toEqual([]);
        expect(await page.locator('iframe').count()).toBe(0);

        // By the keyboard alone.
        await page.getByRole('button', { name: 'Show content from YouTube: The harbour from above' }).focus();
        await page.keyboard.press('Enter');
        const frame = page.locator('iframe[title="YouTube: The harbour from above"]');
        await frame.waitFor();
        await page.frameLocator('iframe').getByText('Tides').waitFor();
        expect(asked).toContain('https://www.youtube-nocookie.com');
        expect(await page.evaluate('document.activeElement.title')).toBe('YouTube: The harbour from above');
        expect(await youTube.count()).toBe(0);

        await page.getByRole('button', { name: 'Show content from Datawrapper: Tides this week' }).click();
        await page.locator('iframe[title="Datawrapper: Tides this week"][height="321"]').waitFor();
        expect(new Set(asked.filter((origin) => !origin.endsWith('.example.com')))).toEqual(
          new Set(['https://www.youtube-nocookie.com', 'https://datawrapper.dwcdn.net']),
        );
      });
    },
  );

  test('a tall picture fits the window, and a date beside a name in another script keeps its order', async () => {
    const context = await browser.newContext({
      viewport: devices.desktop,
      baseURL: newsroom.stack.edgeUrl,
    });
    try {
      const page = await context.newPage();
      await page.goto('/news/local/a-portrait-only');
      expect(
        await page.evaluate<number>(`document.querySelector('.lead img').getBoundingClientRect().height`),
      ).toBeLessThan(devices.desktop.height);
      await page.goto('/news/local/right-to-left');
      // The day stays with its month: the whole date is on the right of the place.
      const [place, time] = await page.evaluate<[number, number][]>(
        `['.place', '.when time'].map((part) => {
          const range = document.createRange();
          range.selectNodeContents(document.querySelector(part));
          const { left, right } = range.getBoundingClientRect();
          return [left, right];
        })`,
      );
      expect(time?.[0]).toBeGreaterThanOrEqual(place?.[1] ?? Infinity);
    } finally {
      await context.close();
    }
  });

  test('an article is absent from its own rails, as from the front that excludes it', async () => {
    await read({ device: 'desktop', colours: 'light', scripts: true }, async (page) => {
      const { items } = (await newsroom.json('/feeds/latest.json?limit=9')) as { items: { id: string; url: string }[] };
      let compared = 0;
      for (const { id, url } of items) {
        await page.goto(url);
        // The rail of the story's topic, which no front has, takes stories from the others.
        if ((await page.locator('#rails[data-more]').count()) > 0) continue;
        compared += 1;
        await page.locator('#rails .rail').first().waitFor();
        const shown = await page.evaluate<string[][]>(
          `[...document.querySelectorAll('#rails .rail')].map((rail) => [...rail.querySelectorAll('.card')].map((card) => card.dataset.id))`,
        );
        const { containers } = (await newsroom.json(`/fronts/article.json?exclude=${articleIdOf(id)}`)) as {
          containers: { items: { articleId: string }[]; links?: unknown }[];
        };
        expect(shown).toEqual(
          containers
            .filter((container) => container.items.length > 0 || container.links !== undefined)
            .map((container) => container.items.map(({ articleId }) => articleId)),
        );
        expect(shown.flat()).not.toContain(articleIdOf(id));
      }
      expect(compared).toBeGreaterThan(3);
    });
  });

  test('a reload shows an update, and a withdrawn story leaves the rails of all other articles', async () => {
    await read({ device: 'desktop', colours: 'light', scripts: true }, async (page) => {
      await page.goto(ferryPath);
      const { _pressrun, ...article } = await newsroom.json(`/articles/${articleIdOf(ferry)}.json`);
      await newsroom.put(
        'article.updated',
        {
          ...article,
          versionCreated: new Date().toISOString(),
          headlines: [{ role: 'main', value: 'Ferry back in service' }],
        },
        { path: ferryPath },
      );
      await newsroom.until(
        'the announcement that the CDN has purged it',
        () => newsroom.about(ferry, 'cdn.purged').length > 2,
      );
      await page.reload();
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Ferry back in service');

      const gone = 'urn:sample-newsroom:queen-ottilie-opens-tidal-library';
      await page.locator('#rails .rail').first().waitFor();
      expect(await page.locator(`#rails [data-id="${articleIdOf(gone)}"]`).count()).toBe(1);
      const before = await newsroom.get(ferryPath);
      await newsroom.put('article.unpublished', { uri: gone, versionCreated: new Date().toISOString() });
      await newsroom.until(
        'it is purged',
        () =>
          newsroom
            .about(gone, 'cdn.purged')
            .some(({ detail }) =>
              (detail as { tags: string[] }).tags.some((tag) => tag === 'feed:latest' || tag === 'feeds'),
            ) && newsroom.about(gone, 'article.withdrawn').length > 0,
      );
      await newsroom.until(
        'the fragment has let it go',
        async () => !(await (await newsroom.get('/fronts/article.fragment.html')).text()).includes(articleIdOf(gone)),
      );
      await page.reload();
      await page.locator('#rails .rail').first().waitFor();
      expect(await page.locator(`#rails [data-id="${articleIdOf(gone)}"]`).count()).toBe(0);
      // The page itself was not fetched anew for it.
      expect((await newsroom.get(ferryPath)).headers.get('etag')).toBe(before.headers.get('etag'));
    });
  });
}

if (missing === undefined) describe('pages in Chromium', pagesContract);
else describe.skip(`pages in Chromium (skipped: ${missing})`, pagesContract);
