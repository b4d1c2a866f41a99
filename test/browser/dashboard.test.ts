import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { connect } from '../../tools/cli/connection.ts';
import { statusOf, stepsOf, wayOf } from '../../tools/cli/status.ts';
import { minutesAgo, Newsroom } from '../journey/newsroom.ts';
import { story } from '../unit/story.ts';
import { missing, openBrowser } from './chromium.ts';

const uri = 'urn:desk:harbour';
const path = '/news/local/harbour';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const devices = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } } as const;

function deskContract(): void {
  let newsroom: Newsroom;
  let browser: Browser;

  beforeAll(async () => {
    [newsroom, browser] = await Promise.all([Newsroom.open({ purgeWindowSeconds: '0' }), openBrowser()]);
  });

  afterAll(async () => {
    await browser.close();
    await newsroom.close();
  });

  /** Opens a page of the dashboard, and collects every error that the browser reports. */
  const look = async (
    address: string,
    device: keyof typeof devices,
    colours: 'light' | 'dark',
    use: (page: Page, context: BrowserContext) => Promise<void>,
  ): Promise<void> => {
    const context = await browser.newContext({
      viewport: devices[device],
      colorScheme: colours,
      baseURL: newsroom.stack.awsUrl,
    });
    const issues: string[] = [];
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') issues.push(message.text());
    });
    page.on('pageerror', (error) => issues.push(error.message));
    try {
      await page.goto(address);
      await use(page, context);
      expect(issues).toEqual([]);
    } finally {
      await context.close();
    }
  };

  const headline = (value: string): Record<string, unknown> => ({ headlines: [{ role: 'main', value }] });

  test('the dashboard shows each step of a publish as it happens, without a reload', async () => {
    await look('/_desk', 'desktop', 'light', async (page) => {
      await page.getByText('Nothing was published in 6 hours.').waitFor();
      await page.getByRole('status').getByText('All is well.').waitFor();
      await newsroom.put(
        'article.published',
        story({
          uri,
          versionCreated: new Date(Date.now() - 60_000).toISOString(),
          ...headline('Harbour bridge <reopens>'),
        }),
        { path },
      );
      const change = page.locator('.change', { hasText: 'Harbour bridge <reopens>' });
      await change.getByText(/^fresh in/).waitFor();
      for (const step of ['received', 'settled', 'announced', 'purged', 'fresh'])
        await change.getByText(new RegExp(`^${step} \\+\\d+\\.\\d\\d s$`)).waitFor();

      // A later change is added above, and the keyboard stays where it was.
      await change.getByRole('link').focus();
      await newsroom.put(
        'article.published',
        story({ uri: 'urn:desk:next', versionCreated: minutesAgo(1), ...headline('Next story') }),
      );
      await page.locator('.change', { hasText: 'Next story' }).waitFor();
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Harbour bridge <reopens>');

      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Harbour bridge <reopens>' }).waitFor();
      await page.getByText(`live at ${path}`).waitFor();
      expect(await page.locator('ol.way b').allTextContents()).toEqual([
        'received',
        'settled',
        'announced',
        'purged',
        'fresh',
      ]);
      for (const feed of ['latest', 'section/news/local', 'topic/bridges'])
        expect(await page.getByRole('link', { name: feed, exact: true }).count()).toBe(1);
      expect(await page.getByText('no entry').count()).toBe(0);

      await newsroom.put(
        'article.unpublished',
        { uri, versionCreated: new Date().toISOString() },
        { actor: 'ada', reason: 'complaint 4711' },
      );
      await page
        .getByText(/withdrawn by version 2 .*: readers get 410/)
        .first()
        .waitFor();
      await page
        .locator('.change', { hasText: 'withdrawn,' })
        .getByText(/^fresh in/)
        .waitFor();
      expect(await page.getByText(/by ada: complaint 4711/).count()).toBe(1);
      expect(await page.getByText('in no list').count()).toBe(1);
    });
  });

  test('the dashboard lists rejected events with their issues', async () => {
    await look('/_desk', 'phone', 'dark', async (page) => {
      await newsroom.put('article.published', { uri: 'urn:desk:faulty', versionCreated: 'yesterday' });
      const rejection = page.locator('.refusal', { hasText: 'urn:desk:faulty' });
      await rejection.getByText(/article\.versionCreated/).waitFor();
      await page.getByRole('status').getByText('1 event rejected').waitFor();
    });
  });

  test('the filter stands in the address of the dashboard', async () => {
    await look('/_desk?late=1', 'desktop', 'light', async (page) => {
      await page.getByText('No change fits the filter.').waitFor();
      await page.getByLabel('late only').uncheck();
      await page.getByLabel('section').selectOption('news/local');
      await page.getByLabel('period').selectOption('last hour');
      await page.getByRole('button', { name: 'Filter' }).click();
      await page
        .locator('.change', { hasText: 'Harbour bridge <reopens>' })
        .or(page.locator('.change'))
        .first()
        .waitFor();
      expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
        hours: '1',
        section: 'news/local',
        source: '',
      });
      expect(await page.getByLabel('section').inputValue()).toBe('news/local');
    });
  });

  test('two versions stand side by side, and a version can be previewed', async () => {
    await look(`/_desk?uri=urn:desk:next`, 'phone', 'dark', async (page) => {
      const text = (value: string): Record<string, unknown> => ({
        bodies: [{ contentType: 'text/html', value: `<p>${value}</p>` }],
      });
      for (const [minutes, value] of [
        [0.5, 'It rained at six.'],
        [0.25, 'It rained at seven.'],
      ] as const)
        await newsroom.put(
          'article.updated',
          story({ uri: 'urn:desk:next', versionCreated: minutesAgo(minutes), ...headline('Next'), ...text(value) }),
        );
      await page.getByRole('link', { name: 'preview version 3' }).waitFor();
      expect(await page.locator('#compare del').allTextContents()).toContain('six');
      expect(await page.locator('#compare ins').allTextContents()).toContain('seven');
      await page.getByLabel('older').selectOption('1');
      await page.getByRole('button', { name: 'Compare' }).click();
      await page.locator('#compare').getByText('version 1', { exact: true }).waitFor();
      expect(await page.locator('#compare del').allTextContents()).toContain('Engineers applauded.');

      const link = await page.getByRole('link', { name: 'preview version 2' }).getAttribute('href');
      const preview = await fetch(new URL(link ?? '', newsroom.stack.awsUrl));
      expect(await preview.text()).toContain('It rained at six.');
    });
  });

  test('the dashboard folds all but the last twenty changes, and unfolded changes stay unfolded', async () => {
    await look('/_desk', 'phone', 'light', async (page) => {
      for (let n = 0; n < 21; n += 1)
        await newsroom.put(
          'article.published',
          story({ uri: `urn:desk:${n}`, versionCreated: minutesAgo(9), ...headline(`Story ${n}`) }),
        );
      await page.locator('summary').click();
      const unfolded = page.locator('details .change');
      await unfolded.first().waitFor();
      await newsroom.put(
        'article.published',
        story({ uri: 'urn:desk:later', versionCreated: minutesAgo(9), ...headline('Later') }),
      );
      await page.locator('.change', { hasText: 'Later' }).waitFor();
      expect(await page.locator('main > .changes .change').count()).toBe(20);
      expect(await unfolded.first().isVisible()).toBe(true);
    });
  });

  test('the dashboard reports an unknown story', async () => {
    await look('/_desk?uri=urn:desk:%3Cnobody%3E', 'phone', 'light', async (page) => {
      await page.getByText(/nothing was ever received of urn:desk:<nobody>/).waitFor();
    });
  });

  test.each([
    ['/_desk', 'phone', 'light'],
    ['/_desk', 'desktop', 'dark'],
    [`/_desk?uri=${uri}`, 'phone', 'dark'],
    [`/_desk?uri=${uri}`, 'desktop', 'light'],
  ] as const)('the page %s fits a %s and is accessible (%s)', async (address, device, colours) => {
    await look(address, device, colours, async (page, context) => {
      await page.getByText('live', { exact: true }).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(devices[device].width);
      const small = await page.evaluate(
        "[...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')].filter((element) => element.getBoundingClientRect().height < 24).length",
      );
      expect(small).toBe(0);
      await page.evaluate(axe);
      const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
        'axe.run()',
      );
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      const pictures = process.env['PRESSRUN_SCREENSHOTS'];
      if (pictures !== undefined)
        await page.screenshot({
          path: `${pictures}/desk-${address.includes('uri') ? 'story' : 'all'}-${device}-${colours}.png`,
          fullPage: true,
        });
      await context.close();
    });
  });

  test('the command line prints the same as the page', async () => {
    const connection = connect('local', newsroom.stack.awsUrl, '');
    const way = await wayOf(connection, uri);
    expect(way).toMatchObject({
      standing: expect.stringMatching(
        /^withdrawn by version 2 \(article\.unpublished\), received .*: readers get 410$/,
      ) as unknown,
      entries: [],
      changes: [{ change: 'withdrawn' }, { change: 'live' }],
    });
    const instants = way.changes.map((publishTrace) => stepsOf(publishTrace).map(({ at }) => at));
    for (const steps of instants) expect(steps).toHaveLength(5);
    const fresh = newsroom
      .about(uri, 'article.fresh')
      .map(({ detail }) => (detail as { milliseconds: number }).milliseconds);
    expect(fresh).toEqual(way.changes.map(({ freshAt = 0, receivedAt = 0 }) => freshAt - receivedAt).toReversed());
    const status = await statusOf(connection);
    expect(status).toMatchObject({
      late: 0,
      rejections: [{ uri: 'urn:desk:faulty' }],
      queues: expect.arrayContaining([expect.objectContaining({ name: 'store-dlq', messages: 1 })]),
    });
    expect(status.lag.p50).toBeGreaterThan(0);
  });
}

if (missing === undefined) describe('the dashboard in a browser', deskContract);
else describe.skip(`the dashboard in a browser (skipped: ${missing})`, deskContract);
