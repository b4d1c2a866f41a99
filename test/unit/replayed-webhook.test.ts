import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ingest } from '../../functions/ingest/ingest.ts';
import { articleIdOf } from '../../shared/article/article.ts';
import { sign, signsTime } from '../../shared/cms/signature.ts';
import { sourceNamed, sources } from '../../shared/cms/sources.ts';
import { wordpressPost } from '../fixtures/cms/newsroom.ts';
import { Pipeline } from '../simulation/pipeline.ts';
import { bytesOf, WebhookEndpoint } from './webhook-endpoint.ts';
import { busEvent, noon } from './story.ts';

const secret = 'a secret of the newsroom';

/** One request as the CMS sent it: its bytes and headers, which an attacker on the way, or an HTTP client that tries again, sends once more. */
interface Request {
  readonly source: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

function signed(source: string, payload: unknown, at: number): Request {
  const body = bytesOf(source, payload);
  const authentication = sourceNamed(source)?.authentication;
  return { source, body, headers: authentication ? sign(authentication, body, secret, at) : {} };
}

/** Endpoint, bus and store, one after the other. */
class Newsroom {
  readonly pipeline = new Pipeline(noon);
  readonly #endpoint = new WebhookEndpoint();
  #requests = 0;

  async receive({ source, body, headers }: Request, now: number): Promise<number> {
    this.#endpoint.clock.time = now;
    this.pipeline.clock.time = now;
    this.#requests += 1;
    const before = this.#endpoint.bus.events.length;
    const { status } = await ingest(this.#endpoint.with(), {
      method: 'POST',
      path: `/ingest/${source}`,
      headers,
      body,
      requestId: `request-${this.#requests}`,
    });
    for (const event of this.#endpoint.bus.events.slice(before)) {
      const time = new Date(Math.floor(now / 1000) * 1000).toISOString();
      await this.pipeline.deliver([busEvent(event.type, { ...event.detail }, { source: event.source, time })]);
    }
    return status;
  }

  visibility(uri: string): string | undefined {
    return this.pipeline.articles.heads.get(articleIdOf(uri))?.visibility;
  }
}

const at = new Date(noon).toISOString();
const wire = (more: Record<string, unknown> = {}): unknown => ({
  uri: 'urn:agency:1',
  type: 'text',
  versionCreated: at,
  headlines: [{ value: 'Talks adjourned' }],
  ...more,
});

describe('a webhook that is sent again while its signature is valid', () => {
  test('does not bring back a killed story', async () => {
    const newsroom = new Newsroom();
    const story = signed('ninjs', wire(), noon);
    const kill = signed('ninjs', wire({ pubStatus: 'canceled' }), noon + 5000);
    expect([await newsroom.receive(story, noon + 100), await newsroom.receive(kill, noon + 5100)]).toEqual([202, 202]);
    expect(newsroom.visibility('urn:agency:1')).toBe('gone');
    expect(await newsroom.receive(story, noon + 240_000)).toBe(202);
    expect(newsroom.visibility('urn:agency:1')).toBe('gone');
  });

  test('of Superdesk, which signs no time, is an older version, and a killed story stays killed', async () => {
    const newsroom = new Newsroom();
    const item = (version: string, pubstatus: string): unknown => ({
      guid: 'urn:newsml:localhost:2026:harbour',
      version,
      type: 'text',
      pubstatus,
      versioncreated: new Date(noon + Number(version) * 1000).toISOString(),
      headline: 'Harbour closed',
      body_html: '<p>Fog.</p>',
    });
    const story = signed('superdesk', item('1', 'usable'), noon);
    const kill = signed('superdesk', item('2', 'canceled'), noon);
    for (const request of [story, kill, story])
      expect(await newsroom.receive(request, noon + 60_000)).toBeLessThan(300);
    const [visibility] = [...newsroom.pipeline.articles.heads.values()].map((head) => head.visibility);
    expect(visibility).toBe('gone');
  });

  test('of a CMS whose clock runs ahead is rejected, because its time would allow a later replay', async () => {
    const newsroom = new Newsroom();
    expect(await newsroom.receive(signed('ninjs', wire(), noon + 60_000), noon)).toBe(401);
    expect(await newsroom.receive(signed('ninjs', wire(), noon + 5000), noon)).toBe(202);
  });

  test('does not win over a kill in the same second, whether signed before or after it', async () => {
    const newsroom = new Newsroom();
    await newsroom.receive(signed('ninjs', wire({ pubStatus: 'canceled' }), noon), noon);
    await newsroom.receive(signed('ninjs', wire(), noon + 900), noon + 900);
    expect(newsroom.visibility('urn:agency:1')).toBe('gone');
  });

  test('does not win over another version of the same time that was signed later', async () => {
    const newsroom = new Newsroom();
    const corrected = signed('ninjs', wire({ headlines: [{ value: 'Talks resumed' }] }), noon + 3000);
    await newsroom.receive(corrected, noon + 3100);
    await newsroom.receive(signed('ninjs', wire(), noon), noon + 4000);
    expect(newsroom.pipeline.articles.heads.get(articleIdOf('urn:agency:1'))?.card?.headline).toBe('Talks resumed');
  });

  test('of WordPress is ordered within a second by sent_at, which is never later than its signature', async () => {
    const newsroom = new Newsroom();
    const payload = (title: string, sentAt: number): unknown => ({
      hook: 'wp_after_insert_post',
      new_status: 'publish',
      old_status: 'publish',
      sent_at: sentAt / 1000,
      rest: wordpressPost(7, {
        modified_gmt: '2026-05-01T12:00:00',
        date_gmt: '2026-05-01T12:00:00',
        title: { rendered: title },
      }),
    });
    const first = signed('wordpress', payload('First', noon + 100), noon + 150);
    const second = signed('wordpress', payload('Second', noon + 700), noon + 750);
    await newsroom.receive(second, noon + 800);
    await newsroom.receive(first, noon + 900);
    expect(newsroom.pipeline.articles.heads.get(articleIdOf('wordpress:main/7'))?.card?.headline).toBe('Second');
    await newsroom.receive(signed('wordpress', payload('Third', noon + 86_400_000), noon + 2000), noon + 2000);
    const [last] = [...(newsroom.pipeline.articles.versions.get(articleIdOf('wordpress:main/7'))?.values() ?? [])]
      .map(({ receivedAt }) => receivedAt)
      .sort((a, b) => b - a);
    expect(last).toBeLessThanOrEqual(noon + 2999);
  });
});

describe('after any genuine requests', () => {
  const kinds = sources.filter(({ authentication }) => signsTime(authentication)).map(({ name }) => name);
  /** Two stories, two times, three states: most pairs conflict, so that the version order decides. */
  const step = fc.record({
    source: fc.constantFrom(...kinds),
    story: fc.constantFrom('1', '2'),
    time: fc.constantFrom(noon - 2000, noon - 1000),
    state: fc.constantFrom('first', 'second', 'ended'),
    gap: fc.integer({ min: 0, max: 2500 }),
    late: fc.integer({ min: 0, max: 3000 }),
    again: fc.integer({ min: 0, max: 299_000 }),
  });

  function payloadOf(
    {
      source,
      story,
      time,
      state,
    }: { readonly source: string; readonly story: string; readonly time: number; readonly state: string },
    sentAt: number,
  ): unknown {
    const [publish, end] = sourceNamed(source)?.sample(story, new Date(time).toISOString()) ?? [];
    const said = (state === 'ended' ? end : publish)?.body;
    const text = JSON.stringify(said).replaceAll('Test of', state === 'second' ? 'Second test of' : 'Test of');
    return source === 'wordpress' ? { ...(JSON.parse(text) as object), sent_at: sentAt / 1000 } : JSON.parse(text);
  }

  test('sending one of them again at any later time changes nothing visible and nothing stored', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        const newsroom = new Newsroom();
        let now = noon;
        const sent: { readonly request: Request; readonly again: number }[] = [];
        for (const one of steps) {
          now += one.gap;
          const request = signed(one.source, payloadOf(one, now), now);
          sent.push({ request, again: now + one.again });
          expect(await newsroom.receive(request, now + one.late)).toBe(202);
          now += one.late;
        }
        const seen = await newsroom.pipeline.seen();
        for (const { request, again } of sent) {
          expect([202, 401]).toContain(await newsroom.receive(request, Math.max(now, again)));
          expect(await newsroom.pipeline.seen()).toEqual(seen);
        }
      }),
      { numRuns: 100 },
    );
  });
});
