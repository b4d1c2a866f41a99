import { describe, expect, test } from '@jest/globals';
import type { CmsApi } from '../../../shared/cms/ports.ts';
import { noSettings } from '../../../shared/cms/source-settings.ts';
import type { ApiAnswer } from '../../../shared/cms/source-api.ts';
import { atomEntry, atomFeed, feedUri } from '../../fixtures/cms/feed.ts';
import { Newsroom } from './newsroom.ts';

const urls = ['https://rivers.example.com/atom.xml', 'https://dams.example.com/atom.xml'] as const;
const settings = { ...noSettings, feeds: { [urls[0]]: '', [urls[1]]: '' } };
const uri = feedUri('tag:rivers.example.com,2026:e1');

/** A site with two feeds: one has a validator and answers 304 as RFC 9110 says, the other has none. */
class Site implements CmsApi {
  entry = atomEntry('e1');
  validator: Readonly<Record<string, string>> = { etag: 'W/"1"' };
  other: ApiAnswer = { status: 200, headers: {}, body: atomFeed(atomEntry('d1')) };
  readonly asked: (readonly [url: string, status: number])[] = [];

  ask({ url, headers }: Parameters<CmsApi['ask']>[0]): Promise<ApiAnswer> {
    const { etag, 'last-modified': modified } = this.validator;
    const isSame =
      headers['if-none-match'] === undefined
        ? modified !== undefined && headers['if-modified-since'] === modified
        : headers['if-none-match'] === etag;
    const full = { status: 200, headers: this.validator, body: atomFeed(this.entry) };
    const answer = url === urls[1] ? this.other : isSame ? { status: 304, headers: {}, body: '' } : full;
    this.asked.push([url, answer.status]);
    return Promise.resolve(answer);
  }

  /** The statuses of the answers of the first feed. */
  get statuses(): number[] {
    return this.asked.filter(([url]) => url === urls[0]).map(([, status]) => status);
  }
}

describe('a feed', () => {
  test.each([[{ etag: 'W/"1"' }], [{ 'last-modified': 'Mon, 02 Mar 2026 10:00:00 GMT' }]])(
    'that names its state (%j) is sent again only if it changed',
    async (validator) => {
      const newsroom = new Newsroom({});
      const site = new Site();
      site.validator = validator;
      const sweep = async () => (await newsroom.sweep('feed', { settings }, site)).sent;
      expect([await sweep(), await sweep(), await sweep()]).toEqual([2, 0, 0]);
      expect(site.statuses).toEqual([200, 304, 304]);
      site.entry = atomEntry('e1', { title: 'Corrected', updated: '2026-03-02T11:00:00Z' });
      site.validator = { etag: '"2"' };
      expect([await sweep(), await sweep()]).toEqual([1, 0]);
      expect(newsroom.live()[uri]?.[0]).toBe('Corrected');
      expect(site.statuses).toEqual([200, 304, 304, 200, 304]);
      // The feed without a validator is always sent.
      expect(site.asked.filter(([url]) => url === urls[1])).toHaveLength(5);
    },
  );

  test('is sent whole after a day, after a change of settings, and for an import', async () => {
    const newsroom = new Newsroom({});
    const site = new Site();
    for (let time = 0; time < 2; time += 1) await newsroom.sweep('feed', { settings }, site);
    newsroom.pipeline.clock.time += 86_400_000;
    await newsroom.sweep('feed', { settings }, site);
    await newsroom.sweep('feed', { settings, wholeArchive: true }, site);
    await newsroom.sweep('feed', { settings: { ...settings, sections: { dams: 'uk/water' } } }, site);
    expect(site.statuses).toEqual([200, 304, 200, 200, 200]);
    expect(newsroom.live()[uri]?.[1]).toBe('uk/water');
  });

  test('is sent whole until all of its entries can be read', async () => {
    const newsroom = new Newsroom({});
    const site = new Site();
    site.entry = '<entry><id>tag:rivers.example.com,2026:e1</id></entry>';
    for (let time = 0; time < 2; time += 1)
      expect((await newsroom.sweep('feed', { settings }, site)).unreadable).toHaveLength(1);
    expect(site.statuses).toEqual([200, 200]);
  });

  test('is sent only if it changed while another feed is down', async () => {
    const newsroom = new Newsroom({});
    const site = new Site();
    site.other = { status: 503, headers: {}, body: '' };
    for (let time = 0; time < 2; time += 1)
      await expect(newsroom.sweep('feed', { settings }, site)).rejects.toThrow('answered 503');
    expect(site.statuses).toEqual([200, 304]);
  });

  test('whose validator is too long to keep is always sent whole', async () => {
    const newsroom = new Newsroom({});
    const site = new Site();
    site.validator = { etag: `"${'x'.repeat(500)}"` };
    for (let time = 0; time < 2; time += 1) await newsroom.sweep('feed', { settings }, site);
    expect(site.statuses).toEqual([200, 200]);
  });
});
