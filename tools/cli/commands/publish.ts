import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { articleIdOf } from '../../../shared/article/article.ts';
import { hasOwnPage } from '../../../shared/article/head.ts';
import type { PublishTrace } from '../../../shared/trace/publish-trace.ts';
import type { Cli } from '../cli.ts';
import { siteUrlOf, type Connection } from '../connection.ts';
import { exampleOf } from '../example.ts';
import { WrongUse } from '../exits.ts';
import { parseInstantOf } from '../parsers.ts';
import { publicationIn, publicationOf, type PublicationOptions } from '../publication.ts';
import { putEvents } from '../send-events.ts';
import { wayOf, type Way } from '../status.ts';
import { rejectionLines, stepLines } from '../text.ts';
import { textIn } from '../text-file.ts';

/** As long as `watch` takes to call a publish late. */
const timeoutMs = 75_000;
const pollIntervalMs = 250;
/** A version that is stored and not shown after this time is embargoed, held or superseded. */
const settleMs = 3_000;

interface Options extends Omit<PublicationOptions, 'body'> {
  readonly body?: string;
  readonly yes?: boolean;
}

/** Puts a story on the bus and prints its steps until a reader sees it. */
export function publish(cli: Cli): Command {
  return new Command('publish')
    .argument(
      '[file]',
      'a JSON file with a ninjs item, or with the detail of an event: { "article": { … }, "path": … }',
    )
    .description('publish a story, or a new version of it, and show each step until a reader sees it')
    .option('--headline <text>', 'the headline')
    .option('--section <path>', 'the section, such as news/local')
    .option('--body <file>', 'a file with the text in HTML')
    .option('--picture <url>', 'the address of a picture')
    .option('--embargo <instant>', 'not before, such as 2026-11-24T18:00:00Z', parseInstantOf('--embargo'))
    .option('--path <path>', 'the path on the site (default: one with the slug of the headline)')
    .option('--uri <uri>', 'the uri of a story published before, for a new version of it (default: a new uri)')
    .option('--live', 'a live story: its page shows posts')
    .option('--post-of <uri>', 'a post of the live story with this uri')
    .option('--key', 'with --post-of: one of the key points')
    .option('--pinned', 'with --post-of: above all other posts')
    .option('--yes', 'do not ask first; only production asks')
    .addHelpText('after', exampleOf('publish --headline "Bridge reopens" --section news/local'))
    .action(async (file: string | undefined, { body, yes, ...options }: Options) => {
      const now = Date.now();
      const detail =
        file === undefined
          ? publicationOf({ ...options, ...(body !== undefined && { body: textIn(body, `--body ${body}`) }) }, now)
          : publicationIn(file, textIn(file), options, now);
      const { uri } = detail.article;
      const connection = cli.connect();
      if (connection.stage === 'prod') await cli.confirm({ ...(yes !== undefined && { yes }) }, `Publish ${uri}?`);
      const [sent] = await putEvents(connection, [{ event: 'article.published', uri, detail }]);
      const eventId = detail.correlationId ?? sent?.eventId ?? '';
      if (!cli.json) cli.write(`On the bus: ${uri}  (event ${eventId})`);
      const steps = cli.json ? () => undefined : printSteps(cli);
      const outcome = await followed(connection, uri, eventId, steps);
      const head = outcome?.way.head;
      const isLive = head?.visibility === 'live' && head.path !== undefined && hasOwnPage(head);
      const address = isLive ? `${await siteUrlOf(connection)}${head.path ?? ''}` : undefined;
      cli.print({ uri, articleId: articleIdOf(uri), eventId, address, ...outcome?.end }, [
        ...(outcome?.end.rejection ? ['Rejected:', ...rejectionLines(outcome.end.rejection, cli.timeOf)] : []),
        ...(outcome === undefined ? [`NOT DONE YET: "npm run pressrun -- trace ${uri}" shows where it is.`] : []),
        ...(address !== undefined ? [address] : []),
        ...(outcome?.end.waits === true || outcome?.end.isPart === true ? [outcome.way.standing] : []),
      ]);
      if (outcome === undefined || outcome.end.rejection) cli.found();
    });
}

interface End {
  readonly rejection?: Way['rejections'][number];
  /** The version is stored, and readers see it later or never; `standing` says why. */
  readonly waits?: true;
  readonly change?: PublishTrace;
  /** A post or a profile is settled. Its way to the readers is not traced. */
  readonly isPart?: true;
}

/** Polls until the event has an outcome. Returns undefined after `timeoutMs`. */
async function followed(
  connection: Connection,
  uri: string,
  eventId: string,
  onChange: (change: PublishTrace) => void,
): Promise<{ readonly way: Way; readonly end: End } | undefined> {
  const deadline = Date.now() + timeoutMs;
  let storedAt: number | undefined;
  while (Date.now() < deadline) {
    const way = await wayOf(connection, uri).catch((error: unknown) => {
      // Until the event is stored, nothing was ever received of a new story.
      if (error instanceof WrongUse) return undefined;
      throw error;
    });
    if (way === undefined) {
      await pause(pollIntervalMs);
      continue;
    }
    const rejection = way.rejections.find((each) => each.eventId === eventId);
    if (rejection) return { way, end: { rejection } };
    const change = way.changes.find(({ correlationId }) => correlationId === eventId);
    if (change) onChange(change);
    if (change?.freshAt !== undefined || change?.lateAt !== undefined) return { way, end: { change } };
    const version = way.history.find(({ correlationId }) => correlationId === eventId);
    if (version?.shown === true && way.head && !hasOwnPage(way.head)) return { way, end: { isPart: true } };
    if (version && !version.shown && !change) {
      storedAt ??= Date.now();
      if (Date.now() - storedAt > settleMs) return { way, end: { waits: true } };
    }
    await pause(pollIntervalMs);
  }
  return undefined;
}

/** Prints each step once, with the milliseconds since the event was received. */
function printSteps(cli: Cli): (change: PublishTrace) => void {
  const printed = new Set<string>();
  return (change) => {
    for (const line of stepLines(change, cli.timeOf)) {
      if (printed.has(line)) continue;
      printed.add(line);
      cli.write(line);
    }
  };
}
