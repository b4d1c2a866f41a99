import { setTimeout as pause } from 'node:timers/promises';
import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { articleIdOf } from '../../shared/article/article.ts';
import { ask } from './connection.ts';
import { WrongUse } from './exits.ts';

export interface Deployed {
  readonly stage: string;
  readonly eventBridge: EventBridgeClient;
  /** Where readers are. */
  readonly siteUrl: string;
  /** The hint in the error message if the site does not answer. */
  readonly siteMovedBy: string;
  readonly embargoSeconds: number;
}

export interface Step {
  readonly what: string;
  /** From the event until readers see it; for a step without an event, the time that was watched. */
  readonly milliseconds: number;
  /** The observation that differs from the promise. */
  readonly fault?: string;
}

class NotAsPromised extends Error {
  override readonly name = 'NotAsPromised';
  readonly step: Step;

  constructor(step: Step) {
    super(`${step.what}: ${step.fault ?? ''}`);
    this.step = step;
  }
}

const timeoutMs = 30_000;
const pollIntervalMs = 250;
/** The promised delay after an embargo, plus the time that the edge caches a 404. */
const embargoLatenessMilliseconds = 10_000;
const section = 'smoke-test';
/** In the path, since a CDN and its origin may disagree about the escapes of a signed request. */
const nonLatin = encodeURIComponent('міст-港口');

/**
 * Publishes, updates and withdraws two stories through the bus, and checks as a reader. Reports each step, and always
 * cleans up.
 */
export async function smoke(
  { stage, eventBridge, siteUrl, siteMovedBy, embargoSeconds }: Deployed,
  notify: (step: Step) => void,
): Promise<boolean> {
  const id = crypto.randomUUID();
  const story = {
    uri: `urn:pressrun:smoke:${id}`,
    path: `/${section}/${nonLatin}-${id}`,
    versionCreated: Date.now() - 60_000,
  };
  const embargoed = {
    uri: `${story.uri}:embargoed`,
    path: `${story.path}-embargoed`,
    versionCreated: story.versionCreated,
  };
  const sent: (typeof story)[] = [];

  const put = async (
    detailType: string,
    { uri, path, versionCreated }: typeof story,
    more: object = {},
  ): Promise<void> => {
    const article = { uri, versionCreated: new Date(versionCreated).toISOString(), ...more };
    const { Entries: [entry] = [] } = await eventBridge.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: `pressrun-${stage}`,
            Source: 'pressrun-smoke',
            DetailType: detailType,
            Detail: JSON.stringify({
              article,
              ...(detailType === 'article.published' && { path }),
              actor: 'smoke',
              reason: 'smoke test',
            }),
          },
        ],
      }),
    );
    if (entry?.EventId !== undefined) return;
    const reason = entry?.ErrorMessage ?? entry?.ErrorCode ?? 'no answer';
    throw /does not exist|NotFound/.test(reason)
      ? new WrongUse(`there is no bus pressrun-${stage}: is --stage right, and is it deployed?`)
      : new Error(`the bus pressrun-${stage} did not take it: ${reason}`);
  };
  const publish = async (what: typeof story, headline: string, more: object = {}): Promise<void> => {
    sent.push(what);
    await put('article.published', what, {
      headlines: [{ value: headline }],
      bodies: [
        {
          contentType: 'text/html',
          value: '<p>A test of the way from the newsroom to its readers. It goes in a moment.</p>',
        },
      ],
      subjects: [{ rel: 'section', literal: section }],
      ...more,
    });
  };
  const get = async (
    path: string,
  ): Promise<{ readonly status: number; readonly text: string; readonly isHit: boolean }> => {
    const url = `${siteUrl.replace(/\/$/, '')}${path}`;
    const response = await ask(
      url,
      { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) },
      { what: 'the edge', movedBy: siteMovedBy },
    );
    return {
      status: response.status,
      text: await response.text(),
      isHit: response.headers.get('x-cache')?.startsWith('Hit') === true,
    };
  };
  const until = async (
    what: string,
    since: number,
    path: string,
    holds: (answer: Awaited<ReturnType<typeof get>>) => boolean,
    patience = timeoutMs,
  ): Promise<void> => {
    for (;;) {
      const answer = await get(path);
      const milliseconds = Date.now() - since;
      if (holds(answer)) {
        notify({ what, milliseconds });
        return;
      }
      if (milliseconds > patience) {
        throw new NotAsPromised({ what, milliseconds, fault: `${path} still answers ${answer.status}` });
      }
      await pause(pollIntervalMs);
    }
  };
  const page = `/articles/${articleIdOf(story.uri)}.json`;
  const feed = (format: string): string => `/feeds/section/${section}.${format}`;
  const shows =
    (text: string) =>
    (answer: Awaited<ReturnType<typeof get>>): boolean =>
      answer.status === 200 && answer.text.includes(text);
  const lacks =
    (text: string) =>
    (answer: Awaited<ReturnType<typeof get>>): boolean =>
      !answer.text.includes(text);
  const isGone = ({ status }: Awaited<ReturnType<typeof get>>): boolean => status === 410;

  try {
    await until('the edge answers', Date.now(), '/healthz', ({ status }) => status === 200);
    const embargoedUntil = Date.now() + embargoSeconds * 1000;
    await publish(embargoed, 'Smoke test, under embargo', { embargoedUntil: new Date(embargoedUntil).toISOString() });

    let since = Date.now();
    await publish(story, 'Smoke test, please ignore');
    await until('published: its page', since, story.path, shows('Smoke test, please ignore'));
    await until('published: as JSON', since, page, shows(story.uri));
    for (const format of ['json', 'rss', 'atom'])
      await until(`published: in the section's ${format}`, since, feed(format), shows(story.uri));
    await until('published: in Latest News', since, '/feeds/latest.json', shows(story.uri));
    await until('kept by the edge', Date.now(), story.path, ({ isHit }) => isHit);

    since = Date.now();
    await publish({ ...story, versionCreated: story.versionCreated + 1000 }, 'Smoke test, updated');
    await until('updated: its page', since, story.path, shows('Smoke test, updated'));
    await until('updated: in the feed', since, feed('json'), shows('Smoke test, updated'));

    if (Date.now() < embargoedUntil) {
      const [early, list] = [await get(embargoed.path), await get(feed('json'))];
      const leaks = Date.now() < embargoedUntil && (early.status !== 404 || list.text.includes(embargoed.uri));
      const what = 'under embargo: not found, and in no feed';
      if (leaks)
        throw new NotAsPromised({
          what,
          milliseconds: 0,
          fault: `${embargoed.path} answers ${early.status}, or the feed names it`,
        });
      notify({ what, milliseconds: 0 });
    }

    since = Date.now();
    await put('article.unpublished', { ...story, versionCreated: story.versionCreated + 2000 });
    await until('withdrawn: its page is 410', since, story.path, isGone);
    await until('withdrawn: as JSON too', since, page, isGone);
    await until('withdrawn: out of the section', since, feed('json'), lacks(`${story.uri}"`));
    await until('withdrawn: out of Latest News', since, '/feeds/latest.json', lacks(`${story.uri}"`));
    await until('withdrawn: out of the sitemap', since, '/sitemap-news.xml', lacks(`${story.path}<`));

    await pause(Math.max(0, embargoedUntil - Date.now()));
    await until(
      'embargo over: its page',
      embargoedUntil,
      embargoed.path,
      shows('Smoke test, under embargo'),
      embargoLatenessMilliseconds,
    );
    await until('embargo over: in the feed', embargoedUntil, feed('json'), shows(embargoed.uri));
    return true;
  } catch (error) {
    // Later steps would fail for the same reason.
    if (!(error instanceof NotAsPromised)) throw error;
    notify(error.step);
    return false;
  } finally {
    const since = Date.now();
    for (const each of new Map(sent.map((one) => [one.uri, one])).values()) {
      await put('article.deleted', { ...each, versionCreated: each.versionCreated + 3000 });
      await put('article.erased', { ...each, versionCreated: each.versionCreated + 4000 });
    }
    if (sent.length > 0) await until('cleaned up: nothing in the section', since, feed('json'), lacks(story.uri));
  }
}
