import { setTimeout as pause } from 'node:timers/promises';
import { articleIdOf } from '../../shared/article/article.ts';
import type { Head } from '../../shared/article/head.ts';
import type { Articles } from '../../shared/article/ports.ts';
import { jsonIn } from '../../shared/canonical.ts';
import type { SweepMarks } from '../../shared/cms/ports.ts';
import { sweepMarkOf, type Source } from '../../shared/cms/source.ts';
import { uriOf } from '../../shared/cms/source-settings.ts';
import type { PublishTraces } from '../../shared/trace/ports.ts';
import type { CmsAccess, CmsWriter, Write, WriteRequest } from './cms/cms-writer.ts';
import { ask } from './connection.ts';
import { Unreachable, WrongUse } from './exits.ts';
import { reasonOf, storyOf } from './history.ts';
import { issueLines } from './text.ts';
import { inUtc } from './zone.ts';

export interface CmsTestPorts {
  readonly articles: Articles;
  readonly publishTraces: PublishTraces;
  readonly sweepMarks: Pick<SweepMarks, 'read'>;
}

export interface CmsTest extends CmsAccess {
  readonly source: Source;
  readonly writer: CmsWriter;
  /** The webhook's target URL, for messages. */
  readonly target: string;
  /** How long each change may take to arrive. */
  readonly timeoutMs?: number;
}

const pollIntervalMs = 250;
const requestTimeoutMs = 20_000;

/**
 * Publishes, updates and deletes a story through the CMS's own API, and waits for each change to arrive, so that a
 * success means that the CMS delivers. Reports each step. Deletes the story whatever happens. Returns false if a sweep
 * ran meanwhile: it may have brought a change that no webhook did. @throws {Error} A step failed; the message says which
 * and what to do.
 */
export async function testCms(ports: CmsTestPorts, test: CmsTest, report: (line: string) => void): Promise<boolean> {
  const { source, writer, settings } = test;
  const swept = (): Promise<string> => sweepStateOf(ports, test);
  const sweptBefore = await swept();
  const title = `Pressrun test ${inUtc(Date.now())}, please ignore`;
  const updated = title.replace('test', 'test, updated');
  const text = 'A test of the way from the CMS to the readers. It goes in a moment.';
  const write = (what: Write, request: WriteRequest): Promise<unknown> => sent(test, what, request, report);

  let item = writer.itemIn(await write('publish', writer.publish(test, { title, text })));
  const id = writer.idOf(item, test);
  if (id === undefined) throw new Error(`${source.name} answered without the story: is ${settings.url} its address?`);
  const uri = uriOf(source.name, settings, id);
  const arrived = (what: Write, isSeen: (head: Head) => boolean): Promise<void> =>
    seen(ports, test, uri, what, isSeen, report);
  try {
    await arrived('publish', ({ visibility, card }) => visibility === 'live' && card?.headline === title);
    item = writer.itemIn(await write('update', writer.update(test, { title: updated, text }, item)));
    await arrived('update', ({ visibility, card }) => visibility === 'live' && card?.headline === updated);
  } catch (error) {
    await write('delete', writer.delete(test, item)).catch(() => {
      report(`The test story is still in ${source.name}. Delete it there: ${title}`);
    });
    throw error;
  }
  await write('delete', writer.delete(test, item));
  await arrived('delete', ({ visibility }) => visibility === 'gone');
  return (await swept()) === sweptBefore;
}

/** What the mark says about the sweeps that ran. */
async function sweepStateOf({ sweepMarks }: CmsTestPorts, { source, settings }: CmsTest): Promise<string> {
  const { sweptAt, walk } = (await sweepMarks.read(sweepMarkOf(source, settings))) ?? {};
  return JSON.stringify([sweptAt, walk]);
}

const done: Readonly<Record<Write, string>> = { publish: 'published', update: 'updated', delete: 'deleted' };

/** Sends a request to the CMS. Returns the parsed answer. */
async function sent(
  { source: { name }, writer }: CmsTest,
  what: Write,
  { method, url, headers, body }: WriteRequest,
  report: (line: string) => void,
): Promise<unknown> {
  const begun = Date.now();
  const response = await ask(
    url,
    {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // A redirected POST becomes a GET, and the key must not go to another host.
      redirect: 'manual',
      signal: AbortSignal.timeout(requestTimeoutMs),
    },
    { what: name, movedBy: 'is it running, and the address right (--cms, or url in context sources)?' },
  );
  const { status } = response;
  const text = await response.text();
  const answer = `${name} answered ${status} to ${what}`;
  if (status >= 300 && status < 400)
    throw new WrongUse(
      `${answer}, and leads to ${response.headers.get('location') ?? '?'}: give that address to --cms`,
    );
  if (status === 401 || status === 403)
    throw new Unreachable(`${answer}: ${excerptOf(text)}. The key must be ${writer.keyHint}`);
  if (!response.ok) throw new Error(`${answer}: ${excerptOf(text)}`);
  report(`${done[what]} in ${name}: ${status} after ${Date.now() - begun} ms`);
  return jsonIn(text);
}

/** The beginning of an answer on one line. */
function excerptOf(text: string): string {
  return text.replaceAll(/\s+/g, ' ').slice(0, 300) || 'no text';
}

/** Polls until the article's head shows the change. */
async function seen(
  ports: CmsTestPorts,
  test: CmsTest,
  uri: string,
  what: Write,
  isSeen: (head: Head) => boolean,
  report: (line: string) => void,
): Promise<void> {
  const { timeoutMs = 15_000 } = test;
  const begun = Date.now();
  for (;;) {
    const head = await ports.articles.head(articleIdOf(uri));
    if (head && isSeen(head)) break;
    if (Date.now() - begun >= timeoutMs) throw await notArrived(ports, test, uri, what);
    await pause(pollIntervalMs);
  }
  report(`${uri} is ${done[what]} for readers after ${Date.now() - begun} ms`);
}

/** Returns the error of a change that did not arrive, with the reason as far as the stage knows it. */
async function notArrived(ports: CmsTestPorts, test: CmsTest, uri: string, what: Write): Promise<Error> {
  const { source, writer, target } = test;
  // Nothing was ever received of the story.
  const story = await storyOf(ports, uri).catch((error: unknown) => {
    if (error instanceof WrongUse) return undefined;
    throw error;
  });
  const rejected = (story?.rejections ?? []).flatMap(({ errors }) => issueLines(errors));
  const known = story && rejected.length === 0 ? ` What arrived: ${reasonOf(story, Date.now(), inUtc)}` : '';
  return new Error(
    [
      `${uri} was ${done[what]} in ${source.name}, and readers do not see it.${known}`,
      ...(rejected.length > 0
        ? ['The event was rejected:', ...rejected]
        : [
            `  1. ${source.name} needs ${writer.delivery[what]}, to ${target}`,
            `  2. Is its secret that of the stage? "npm run pressrun -- test-webhook ${source.name}" says whether the endpoint is reachable from here.`,
            `  3. ${writer.failures}`,
            '  4. A request that was turned away is in the log of ingest, with the reason.',
          ]),
    ].join('\n'),
  );
}
