import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import {
  notYet,
  order,
  orderPictures,
  picturesNotYet,
  rejectUnpulled,
  rejectUnseen,
  rollback,
  rollbackFront,
  unknownOf,
  type Order,
  type Said,
} from './commands.ts';
import { awsAddressOf, connect, outputOf, type Connection } from './connection.ts';
import { exportRows, restoreRows, rowsIn, rowsOf } from './backup.ts';
import { dueAround, release } from './scheduled-settles.ts';
import { bar, importArchive, sweepable, testWebhook } from './webhooks.ts';
import {
  differences,
  historyLines,
  historyOf,
  paragraphsOf,
  picturesIn,
  standingOf,
  storyOf,
  versionIn,
  type HistoryLine,
} from './history.ts';
import { stageNameOf } from '../../infra/stage-name.ts';
import { outcomeOf, runJob } from './jobs.ts';
import {
  frontDifferences,
  frontHistoryLines,
  frontHistoryOf,
  frontLines,
  frontNamed,
  type FrontHistory,
} from './fronts.ts';
import { whyOfFront } from './why.ts';
import { kindOf, statusOf, stepsOf, wayOf } from './status.ts';
import { warningCounts } from './warnings.ts';
import { clockOf, newsroomZone } from './zone.ts';
import { replay, rulesFor } from './replay.ts';
import { smoke, type Step } from './smoke.ts';
import { exitCodes, exitHelp, WrongUse } from './exits.ts';
import { explained, type AwsAddress } from './explained.ts';
import { backlogOf, redeliver } from './redeliver.ts';
import { isRedrivable, redrivable, redrive, rejectedEvents, type Redrivable, type RejectedEvent } from './rejected.ts';
import { headlineOf } from '../../shared/article/article.ts';
import { didYouMean } from '../../shared/did-you-mean.ts';
import { driftOf, type Job, type JobMode } from '../../shared/job.ts';
import { sources } from '../../shared/cms/sources.ts';
import { beganAt, lagOf, type Rejection, type PublishTrace } from '../../shared/trace/publish-trace.ts';
import type { ArticleEvent } from '../../shared/article/version.ts';

interface GlobalOptions {
  readonly stage: string;
  readonly endpointUrl?: string;
  readonly json?: boolean;
  readonly timeZone?: string;
  readonly articlesTable?: string;
}

function addressIn(text: string): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw new InvalidArgumentError('must be an address such as http://127.0.0.1:4566');
  return text;
}

function stageIn(text: string): string {
  try {
    return stageNameOf(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : '');
  }
}

function zoneIn(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError('must be a zone such as Europe/London (IANA)');
  }
}

interface RestoreOptions {
  readonly table?: string;
  readonly yes?: boolean;
}

interface PictureOrderOptions extends OrderOptions {
  readonly story?: string;
  readonly notSeenYet?: boolean;
}

interface OrderOptions {
  readonly reason?: string;
  readonly actor: string;
  readonly yes?: boolean;
  readonly from?: string;
  readonly anyway?: boolean;
}

const program = new Command('pressrun')
  .description('Looks after a running Pressrun, on AWS or on a laptop.')
  .option(
    '--stage <stage>',
    'which stage to talk to; local is the one that "npm start" runs on this machine',
    stageIn,
    'local',
  )
  .option('--endpoint-url <url>', "address of AWS's services; for stage local, this laptop's unless given", addressIn)
  .option(
    '--time-zone <zone>',
    "zone of the times shown, such as Europe/London (default: the newsroom's, from the theme in cdk.json)",
    zoneIn,
  )
  .option(
    '--articles-table <name>',
    'the articles table, of a stage whose articles were restored into another table than pressrun-<stage>-articles',
  )
  .option('--json', 'answer in JSON, errors too ({ "error": { "message", "exitCode" } }), for programs')
  .configureHelp({ showGlobalOptions: true })
  .addHelpText('afterAll', exitHelp)
  // A mistake is to be seen, not the screen of help after it; it is printed at the end, as JSON where that is asked for.
  .configureOutput({ outputError: () => undefined })
  .exitOverride();

program
  .command('history')
  .argument('<uri>', 'the uri that the CMS gave the article, or front:<name>')
  .description('every version and hold that was received, with its sender and reason, and the version that readers see')
  .action(async (uri: string) => {
    const front = frontNamed(uri);
    if (front !== undefined) {
      printFrontHistory(uri, await frontHistoryOf(connection(), front));
      return;
    }
    const history = await storyOf(connection(), uri);
    const lines = historyLines(history);
    const why = standingOf(history, Date.now(), when);
    const standing = history.head?.visibility ?? 'hidden';
    print(
      {
        articleId: history.articleId,
        uri,
        standing,
        why,
        path: history.head?.path,
        history: lines.map((line) => ({ ...line, receivedAt: new Date(line.receivedAt).toISOString() })),
      },
      [`${uri}  (${history.articleId})`, why, ...lines.map(historyText)],
    );
  });

function printFrontHistory(uri: string, history: FrontHistory): void {
  const { articleId, head, rejections } = history;
  const why = whyOfFront(history, when);
  const lines = frontHistoryLines(history);
  print(
    {
      articleId,
      uri,
      standing: head?.visibility ?? 'hidden',
      why,
      history: lines.map((line) => ({ ...line, receivedAt: new Date(line.receivedAt).toISOString() })),
      rejections,
    },
    [`${uri}  (${articleId})`, why, ...lines.map(historyText)],
  );
}

function historyText({ number, receivedAt, event, shown, headline, actor, reason }: HistoryLine): string {
  return `${shown ? '▶' : ' '}${String(number ?? '·').padStart(4)}  ${when(receivedAt)}  ${event.padEnd(20)}  ${headline ?? ''}${said(actor, reason)}`;
}

program
  .command('show')
  .argument('<uri>', 'the uri that the CMS gave the article, or front:<name>')
  .argument('<version>', 'its number in the output of history, or its key')
  .description('one version, as readers would see it')
  .action(async (uri: string, named: string) => {
    const name = frontNamed(uri);
    if (name !== undefined) {
      const { content, receivedAt } = versionIn(await frontHistoryOf(connection(), name), named);
      const { event, front, actor, reason } = content;
      print({ receivedAt: new Date(receivedAt).toISOString(), ...content }, [
        `${event}, received ${when(receivedAt)}${said(actor, reason)}`,
        ...frontLines(front),
      ]);
      return;
    }
    const { content, receivedAt } = versionIn(await historyOf(connection().articles, uri), named);
    const { article, event, path, actor, reason } = content;
    print({ receivedAt: new Date(receivedAt).toISOString(), ...content }, [
      `${event}, received ${when(receivedAt)}${said(actor, reason)}`,
      ...(path === undefined ? [] : [path]),
      '',
      headlineOf(article) ?? '(no headline)',
      '',
      ...paragraphsOf(article),
    ]);
  });

program
  .command('diff')
  .argument('<uri>', 'the uri that the CMS gave the article, or front:<name>')
  .argument('<a>', 'the older version: its number in the output of history, or its key')
  .argument('<b>', 'the newer version: its number in the output of history, or its key')
  .description('what changed between two versions, by field and by paragraph')
  .action(async (uri: string, a: string, b: string) => {
    const lines = await differencesOf(uri, a, b);
    print({ differences: lines }, lines.length === 0 ? ['Readers would see no difference.'] : lines);
  });

async function differencesOf(uri: string, a: string, b: string): Promise<string[]> {
  const name = frontNamed(uri);
  if (name !== undefined) {
    const history = await frontHistoryOf(connection(), name);
    return frontDifferences(versionIn(history, a).content.front, versionIn(history, b).content.front);
  }
  const history = await historyOf(connection().articles, uri);
  return differences(versionIn(history, a).content.article, versionIn(history, b).content.article);
}

ordering('withdraw', 'article.unpublished', 'withdraw stories: readers get 410, and no list shows them', 'Withdraw');
ordering(
  'hold',
  'article.held',
  'hide articles from readers, even if the CMS sends new versions, until "pressrun unhold" (legal)',
  'Hold',
);
ordering(
  'unhold',
  'article.unheld',
  'end the hold of articles: readers see their current version again',
  'End the hold of',
);
ordering(
  'erase',
  'article.erased',
  'delete the text of every stored version of stories for ever (GDPR, court order)',
  'ERASE FOR EVER',
);

program
  .command('pictures')
  .argument('<uri>', 'the uri that the CMS gave the article')
  .description(
    'the pictures of a story, those in its text too, each by the uri that pull-picture and restore-picture take',
  )
  .action(async (uri: string) => {
    const { articles, pictures } = connection();
    const found = await picturesIn(articles, pictures, uri);
    print(
      found,
      found.length === 0
        ? ['The article has no picture.']
        : found.map(
            ({ uri: named, type, pulled, caption, credit }) =>
              `${pulled ? 'PULLED  ' : ''}${named}  ${type === 'picture' ? '' : `[${type}] `}${caption ?? ''}${credit === undefined ? '' : `  (${credit})`}`,
          ),
    );
  });

orderingPictures('pull-picture', 'article.held', 'hide pictures in every story and list, now and later', 'Pull');
orderingPictures('restore-picture', 'article.unheld', 'show pulled pictures to readers again', 'Restore');

whoAndWhy(
  program
    .command('rollback')
    .argument('<uri>', 'the uri that the CMS gave the article, or front:<name>')
    .argument('<version>', 'its number in the output of history, or its key')
    .description('publish the content of an old version again, as a new one'),
).action(async (uri: string, named: string, options: OrderOptions) => {
  const desk = connection();
  const name = frontNamed(uri);
  const question = `Publish version ${named} of ${uri} again?`;
  if (name !== undefined) {
    const version = versionIn(await frontHistoryOf(desk, name), named);
    await confirmed(options, question);
    printOrders('Put on the bus again', await rollbackFront(desk, version, saidBy(options), Date.now()));
    return;
  }
  const version = versionIn(await historyOf(desk.articles, uri), named);
  await confirmed(options, question);
  printOrders('Put on the bus again', await rollback(desk, version, saidBy(options), Date.now()));
});

program
  .command('status')
  .description(
    'the last hundred changes and their time to the reader, rejected events with their errors, messages in queues',
  )
  .action(async () => {
    const status = await statusOf(connection(), when);
    const { changes, rejections, fronts, queues, lag, late } = status;
    print(status, [
      `${changes.length} changes; from the event to the reader: p50 ${seconds(lag.p50)}, p95 ${seconds(lag.p95)}, p99 ${seconds(lag.p99)}${late > 0 ? `; ${late} NOT FRESH` : ''}`,
      ...changes.map(
        (publishTrace) =>
          `${when(publishTrace.seq)}  ${kindOf(publishTrace).padEnd(9)}  ${seconds(lagOf(publishTrace)).padStart(7)}  ${publishTrace.headline ?? publishTrace.uri ?? publishTrace.articleId}${publishTrace.standing === undefined ? '' : `  (${publishTrace.standing})`}${stuckIn(publishTrace)}${warnedIn(publishTrace)}`,
      ),
      ...(fronts.length > 0 ? ['', 'Fronts:'] : []),
      ...fronts.map(
        ({ name, live, changedAt, refusedAt }) =>
          `${when(changedAt)}  ${live ? 'live     ' : 'withdrawn'}  front:${name}${refusedAt === undefined ? '' : `  (an event of it was rejected on ${when(refusedAt)})`}`,
      ),
      ...(rejections.length > 0 ? ['', 'Rejected:'] : []),
      ...rejections.flatMap(refusalLines),
      ...(queues.length > 0 ? ['', 'In queues:'] : []),
      ...queues.map(
        ({ name, messages, putOff }) =>
          `${String(messages).padStart(6)}  ${name}${putOff === 0 ? '' : `  (and ${putOff} in progress or delayed)`}`,
      ),
    ]);
  });

program
  .command('trace')
  .argument('<uri>', 'the uri that the CMS gave the article or the picture, or front:<name>')
  .description(
    'one article, front or picture: its visibility and the reason, every event received, the steps of each publish with their times, and the feeds that list it',
  )
  .action(async (uri: string) => {
    const way = await wayOf(connection(), uri, when);
    print(way, [
      `${uri}  (${way.articleId})`,
      way.standing,
      ...way.changes.flatMap((publishTrace) => [
        '',
        `${kindOf(publishTrace)}, seq ${publishTrace.seq}${publishTrace.correlationId === undefined ? '' : `, caused by ${publishTrace.correlationId}`}${stuckIn(publishTrace)}`,
        ...stepsOf(publishTrace).map(
          ({ step, at }) => `  ${step.padEnd(10)} ${when(at)}  ${String(at - beganAt(publishTrace)).padStart(8)} ms`,
        ),
        ...warningLines(publishTrace.warnings),
      ]),
      '',
      ...way.entries.map(({ feed, seq }) => `  ${feed.padEnd(40)} ${seq === undefined ? 'NO ENTRY' : `seq ${seq}`}`),
      '',
      ...way.history.flatMap(({ number, receivedAt, event, shown, headline, warnings }) => [
        `${shown ? '▶' : ' '}${String(number ?? '·').padStart(4)}  ${when(receivedAt)}  ${event.padEnd(20)}  ${headline ?? ''}`,
        ...warningLines(warnings),
      ]),
      ...(way.rejections.length > 0 ? ['', 'Rejected:'] : []),
      ...way.rejections.flatMap(refusalLines),
    ]);
  });

program
  .command('warnings')
  .option('--changes <n>', 'how many of the latest changes to look through', countIn, 1000)
  .description('fields that CMSes send and that articles are published without, counted by source and field')
  .action(async ({ changes }: { readonly changes: number }) => {
    const counts = warningCounts(await connection().publishTraces.latest(changes));
    print(
      counts,
      counts.length === 0
        ? ['No warnings.']
        : counts.flatMap(({ source, path, message, count, articles, uri }) => [
            `${String(count).padStart(6)}  ${source}  ${path || 'event'}: ${message}`,
            `        in ${articles} ${articles === 1 ? 'article' : 'articles'}, such as ${uri}`,
          ]),
    );
  });

program
  .command('rejected')
  .description('events that were rejected or failed too often, with the invalid fields')
  .action(async () => {
    const events = await rejectedEvents(connection());
    print(events, events.length === 0 ? ['Nothing was rejected.'] : events.flatMap(described));
  });

program
  .command('redrive')
  .argument(
    '[queue]',
    `whose dead letters: ${redrivable.join(', ')}, or to-<name> of a subscription`,
    redrivableIn,
    'store',
  )
  .description(
    'send dead letters to their queue again, once their cause is mended; without a queue, the rejected events',
  )
  .action(async (queue: Redrivable) => {
    const { sqs, stage } = connection();
    const count = await redrive(sqs, stage, Date.now(), queue);
    const to = queue === 'bus' ? 'store' : queue;
    const what = to === 'store' ? 'event' : 'message';
    print({ redriven: count, queue: to }, [`Sent ${count} ${what}${count === 1 ? '' : 's'} to ${to} again.`]);
  });

function redrivableIn(queue: string): Redrivable {
  if (!isRedrivable(queue))
    throw new InvalidArgumentError(
      `must be one of ${redrivable.join(', ')}, or to-<name> of a subscription${didYouMean(queue, redrivable)}`,
    );
  return queue;
}

program
  .command('redeliver')
  .argument('<subscription>', 'whose backlog: its name in context subscriptions')
  .option(
    '--since <time>',
    'send also, and now, whatever was announced to it from this instant on, instead of at the next attempt: 2026-11-24T18:00:00Z',
    instantIn('--since'),
  )
  .option('--dry-run', 'count only')
  .description(
    'deliver to a subscriber that is well again: its dead letters, and with --since all that it may have missed; ids stay, so it can drop what it has',
  )
  .addHelpText('after', '\nExample:\n  npm run pressrun -- --stage prod redeliver search --since 2026-11-24T18:00:00Z')
  .action(async (subscription: string, { since, dryRun }: { readonly since?: number; readonly dryRun?: true }) => {
    const desk = connection();
    const { sqs, stage } = desk;
    const now = Date.now();
    const backlog = await backlogOf(sqs, stage, subscription);
    const missed = since === undefined ? undefined : { from: since, to: now, types: undefined, subscription };
    if (missed) await rulesFor(desk, missed);
    const counted = `${backlog.dead} dead letter${backlog.dead === 1 ? '' : 's'}, ${backlog.waiting} waiting for an attempt`;
    if (dryRun) {
      print(backlog, [`${subscription}: ${counted}.`]);
      return;
    }
    const redelivered = await redeliver(sqs, stage, subscription, now);
    const replayed = missed && (await replay(desk, missed, now));
    print({ ...backlog, redelivered, ...(replayed && { replayed }) }, [
      `${subscription} had ${counted}${redelivered > 0 ? ': the dead letters are delivered again now' : ''}.`,
      ...(replayed
        ? [
            `What was announced to it since ${when(missed.from)} is delivered now (replay ${replayed.replay}: ${replayed.state.toLowerCase()}).`,
          ]
        : []),
      ...(!replayed && backlog.waiting > 0
        ? [
            'Those that wait come at their next attempt, within hours; --since TIME delivers what was announced from then on now.',
          ]
        : []),
    ]);
  });

program
  .command('due')
  .option('--hours <n>', 'how many hours ahead and back', hoursIn, 24)
  .description('the embargoes and expiries of the next and the last hours; exit code 1 where one is late')
  .action(async ({ hours }: { readonly hours: number }) => {
    const due = await dueAround(connection(), Date.now(), hours);
    const told = due.map(({ at, ...rest }) => ({ at: new Date(at).toISOString(), ...rest }));
    print(
      told,
      due.length === 0
        ? ['Nothing is due.']
        : due.map(({ at, articleId, uri, late }) => `${late ? 'LATE  ' : '      '}${when(at)}  ${uri ?? articleId}`),
    );
    if (due.some(({ late }) => late)) process.exitCode = exitCodes.found;
  });

program
  .command('release')
  .argument('<uri>', 'the uri that the CMS gave the article')
  .description(
    'settle a story now, as at the end of an embargo: publishes what may be shown, and says why where nothing may be',
  )
  .action(async (uri: string) => {
    const released = await release(connection(), uri, Date.now, when);
    print(released, [released.standing === 'live' ? `live at ${released.path ?? '?'}` : released.because]);
    if (released.standing !== 'live') process.exitCode = exitCodes.found;
  });

program
  .command('export')
  .argument('<file>', 'the file to write, such as articles.json.gz')
  .description(
    "write every version, hold, head and path into one file, in the format of DynamoDB's own export: keep it in another region",
  )
  .action(async (file: string) => {
    const { tableNamed, articlesTable } = connection();
    const rows = await exportRows(rowsOf(tableNamed(articlesTable)), file);
    print({ rows, file }, [`${rows} rows written to ${file}.`]);
  });

program
  .command('restore')
  .argument('[path]', "a file of export, or a directory of DynamoDB's own export to S3")
  .option('--table <name>', 'restore from this table, which DynamoDB restored beside the one in use')
  .option('--yes', 'do not ask first')
  .description('put back rows that are missing; no row that is there is replaced. Run "pressrun reconcile" after it')
  .action(async (path: string | undefined, { table, yes }: RestoreOptions) => {
    if ((path === undefined) === (table === undefined))
      throw new WrongUse('say what to restore from: a file or directory, or --table');
    const { tableNamed, articlesTable } = connection();
    await confirmed(
      { ...(yes !== undefined && { yes }) },
      `Put back into ${articlesTable} what ${path ?? table ?? ''} has and it lacks?`,
    );
    const open = () => (table === undefined ? rowsIn(path ?? '') : rowsOf(tableNamed(table)));
    const progress = process.stderr.isTTY && globalOptions().json !== true;
    const restored = await restoreRows(tableNamed(articlesTable), open, ({ rows, written }) => {
      if (progress) process.stderr.write(`\r${rows} rows read, ${written} put back`);
    });
    print(restored, [
      `${progress ? '\n' : ''}${restored.rows} rows read, ${restored.written} that were missing put back. Now: pressrun reconcile`,
    ]);
  });

program
  .command('verify')
  .description(
    'compare heads, paths and feeds with the stored versions, and change nothing; exit code 1 where they differ',
  )
  .action(async () => walk('verify'));

program
  .command('reconcile')
  .description(
    'compare heads, paths and feeds with the stored versions, and repair what differs; a schedule of the stage does it as well',
  )
  .action(async () => walk('repair'));

program
  .command('rebuild')
  .option('--announce', 'announce every live story again, as at its last change; without it, nothing is announced')
  .description('write every entry of every feed anew, whatever is there; readers see the feeds all the while')
  .option('--yes', 'do not ask first')
  .action(async (options: Pick<OrderOptions, 'yes'> & { readonly announce?: boolean }) => {
    await confirmed(
      options,
      options.announce === true
        ? 'Write all feeds anew, and tell consumers of every live story again?'
        : 'Write all feeds anew?',
    );
    await walk('rebuild', options.announce);
  });

async function walk(mode: JobMode, announce?: boolean): Promise<void> {
  const progress = ({ articles, entries, drift }: Job): void => {
    if (globalOptions().json !== true)
      console.error(`${articles} articles, ${entries} entries seen; ${driftOf({ drift })} wrong`);
  };
  const job = await runJob(connection(), mode, progress, announce);
  print(job, outcomeOf(job));
  if (mode === 'verify' && driftOf(job) > 0) process.exitCode = exitCodes.found;
}

program
  .command('replay')
  .requiredOption('--from <time>', 'an instant with its zone, such as 2026-11-24T18:00:00Z', instantIn('--from'))
  .option('--to <time>', 'an instant with its zone, such as 2026-11-24T19:00:00Z (default: now)', instantIn('--to'))
  .option('--types <types>', 'only these events, with commas between them')
  .option(
    '--to-subscription <name>',
    'send what was announced in that time to this subscription alone; without it, store receives again what came in',
  )
  .option(
    '--announce',
    'has no effect any more: every change that a replay causes is announced, and marked with its name',
  )
  .option('--yes', 'do not ask first')
  .description('deliver archived events again, between two instants; events that had arrived change nothing')
  .action(
    async (options: {
      readonly from: number;
      readonly to?: number;
      readonly types?: string;
      readonly toSubscription?: string;
      readonly announce?: true;
      readonly yes?: true;
    }) => {
      const { from, to = Date.now(), types, toSubscription, announce } = options;
      const desk = connection();
      const wanted = { from, to, types: types?.split(',').map((type) => type.trim()), subscription: toSubscription };
      await rulesFor(desk, wanted);
      if (announce)
        console.error(
          '--announce has no effect: every change that a replay causes is announced, and marked with its name.',
        );
      await confirmed(options, `Replay ${when(from)} to ${when(to)} to ${toSubscription ?? 'store'}?`);
      const replayed = await replay(desk, wanted, Date.now());
      const last =
        replayed.lastEvent === undefined ? 'nothing was archived then' : `the last event was of ${replayed.lastEvent}`;
      print(replayed, [`Replay ${replayed.replay}: ${replayed.state.toLowerCase()}; ${last}.`]);
    },
  );

function instantIn(option: string): (text: string) => number {
  return (text) => {
    const instant = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(instant))
      throw new InvalidArgumentError(`${option} must be an instant with its zone, such as 2026-11-24T18:00:00Z`);
    return instant;
  };
}

program
  .command('import')
  .argument('<source>', `which CMS: ${sweepable.join(', ')}`)
  .description(
    'read the whole archive of a CMS, and publish articles that were never stored; a second run continues where the first was interrupted',
  )
  .action(async (source: string) => {
    if (!sweepable.includes(source))
      throw new WrongUse(
        `${source} cannot be asked: it must be one of ${sweepable.join(', ')}${didYouMean(source, sweepable)}`,
      );
    const progress = process.stderr.isTTY && globalOptions().json !== true;
    const swept = await importArchive(connection(), source, (now) => {
      if (progress) process.stderr.write(`\r${bar(now.seen, now.total)}`);
    });
    if (progress) process.stderr.write('\n');
    print(swept, [
      `${swept.seen} articles read, ${swept.sent} new ones put on the bus${swept.withdrawn > 0 ? `, ${swept.withdrawn} of them withdrawals` : ''}.`,
      ...swept.unreadable.map((fault) => `  cannot be read: story ${fault}`),
    ]);
    if (swept.unreadable.length > 0) process.exitCode = exitCodes.found;
  });

program
  .command('smoke')
  .description(
    'publish, update and withdraw two test stories, and look at them as a reader; exit code 1 if a check fails',
  )
  .option(
    '--site-url <url>',
    "where readers are (default: as the stage's stack says, and this laptop's edge for stage local)",
    addressIn,
  )
  .option('--embargo-seconds <seconds>', 'how many seconds ahead the embargo of the second story lies', secondsIn, 60)
  .option('--yes', 'yes, also in production, where readers see the story for some seconds')
  .action(async ({ siteUrl, embargoSeconds, yes }: { siteUrl?: string; embargoSeconds: number; yes?: boolean }) => {
    const desk = connection();
    const { stage, eventBridge } = desk;
    if (stage === 'prod' && yes !== true)
      throw new WrongUse('readers of prod would see the test stories for some seconds: say --yes if that is meant');
    const url =
      siteUrl ??
      (stage === 'local'
        ? `http://127.0.0.1:${process.env['PRESSRUN_EDGE_PORT'] ?? '8080'}`
        : `https://${await outputOf(desk, 'DistributionDomainName')}`);
    const steps: Step[] = [];
    const isSound = await smoke(
      {
        stage,
        eventBridge,
        siteUrl: url,
        siteMovedBy: movedBy(siteUrl === undefined ? stage : undefined, 'PRESSRUN_EDGE_PORT', '--site-url'),
        embargoSeconds,
      },
      (step) => {
        const { what, milliseconds, fault } = step;
        steps.push(step);
        if (globalOptions().json !== true)
          console.log(
            `${fault === undefined ? '✔' : '✘'}  ${what.padEnd(45)} ${`${milliseconds} ms`.padStart(9)}${fault === undefined ? '' : `  ${fault}`}`,
          );
      },
    );
    if (globalOptions().json === true) print({ isSound, steps }, []);
    if (!isSound) process.exitCode = exitCodes.found;
  });

/** Where to look when a service that readers or CMSes use does not answer. */
function movedBy(stage: string | undefined, variable: string, flag: string): string {
  if (stage === 'local') return `is "npm start" running, and ${variable} its port? ${flag} names another address`;
  return stage === undefined
    ? `is ${flag} right?`
    : `the address is the one in the outputs of the stack pressrun-${stage}; ${flag} names another`;
}

program
  .command('test-webhook')
  .argument('<source>', `which CMS: ${sources.map(({ name }) => name).join(', ')}`)
  .option(
    '--url <url>',
    "address of the webhook endpoints (default: as the stage's stack says, and this laptop's for stage local)",
  )
  .option('--story', 'publish a story that says it is a test, wait until readers see it, and delete it again')
  .description('send a signed webhook as the CMS would, with the stored secret')
  .action(async (source: string, { url, story }: { readonly url?: string; readonly story?: boolean }) => {
    const desk = connection();
    const local = `http://127.0.0.1:${process.env['PRESSRUN_INGEST_PORT'] ?? '8787'}`;
    const webhookEndpoints = url ?? (desk.stage === 'local' ? local : await outputOf(desk, 'IngestUrl'));
    const lines = await testWebhook(
      desk,
      source,
      webhookEndpoints,
      story === true,
      movedBy(url === undefined ? desk.stage : undefined, 'PRESSRUN_INGEST_PORT', '--url'),
    );
    print(lines, lines);
  });

function hoursIn(text: string): number {
  const hours = Number(text);
  if (text.trim() === '' || !(hours > 0 && hours <= 24 * 366))
    throw new InvalidArgumentError('must be a number of hours, of a year at most.');
  return hours;
}

function countIn(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 100_000)
    throw new InvalidArgumentError('must be a number, 1 to 100,000.');
  return count;
}

function secondsIn(text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !(seconds >= 1 && seconds <= 3600))
    throw new InvalidArgumentError('must be a number of seconds, 1 to 3600.');
  return seconds;
}

function ordering(name: string, event: ArticleEvent, description: string, question: string): void {
  whoAndWhy(
    program
      .command(name)
      .argument('[uri...]', 'the uris that the CMS gave the articles')
      .option('--from <file>', 'a file with one uri a line')
      .option('--anyway', 'also for a uri without any event: the order applies when the article arrives')
      .description(description),
  ).action(async (given: string[], options: OrderOptions) => {
    const uris = urisOf(given, options);
    await confirmed(options, `${question} ${uris.length === 1 ? (uris[0] ?? '') : `${uris.length} articles`}?`);
    const desk = connection();
    const unknown = await unknownOf(desk.articles, uris);
    if (unknown.length > 0 && options.anyway !== true) {
      throw new WrongUse(
        `no event was ever received for ${unknown.join(', ')}, so nothing was done. Correct the uri, or use --anyway to apply the order when the article arrives`,
      );
    }
    const orders = await order(desk, event, uris, saidBy(options), Date.now());
    const waiting = await notYet(desk.articles, uris, event, Date.now);
    print({ orders, notYet: waiting }, [
      ...orders.map(({ uri, eventId }) => `${event}: ${uri}  (event ${eventId})`),
      ...(waiting.length > 0
        ? [
            `NOT DONE YET: readers still see ${waiting.join(', ')}. Look at "rejected", and at the queue pressrun-${desk.stage}-store.`,
          ]
        : event === 'article.unheld'
          ? ['Sent: within seconds readers see the articles as their versions say. "trace" shows when.']
          : ['Done: readers no longer see the articles; CDN edges follow within seconds.']),
    ]);
    if (waiting.length > 0) process.exitCode = exitCodes.found;
  });
}

function orderingPictures(
  name: string,
  event: 'article.held' | 'article.unheld',
  description: string,
  question: string,
): void {
  const command = whoAndWhy(
    program
      .command(name)
      .argument('[uri...]', 'the uris of the pictures, as "pressrun pictures <uri of a story>" lists them')
      .option('--from <file>', 'a file with one uri a line')
      .description(description),
  );
  if (event === 'article.held') {
    command
      .option(
        '--story <uri>',
        'a story that the pictures go with: only there are they looked for, which is faster than in all stories',
      )
      .option(
        '--not-seen-yet',
        'also pictures that no story has yet, without looking for them: they are hidden once a story brings them',
      );
  }
  command.action(async (given: string[], options: PictureOrderOptions) => {
    const uris = urisOf(given, options);
    const desk = connection();
    if (event === 'article.held') await rejectUnseen(desk, uris, options);
    else await rejectUnpulled(desk.pictures, uris);
    await confirmed(options, `${question} ${uris.length === 1 ? (uris[0] ?? '') : `${uris.length} pictures`}?`);
    const orders = await orderPictures(desk, event, uris, saidBy(options), Date.now());
    const waiting = await picturesNotYet(desk.pictures, uris, event, Date.now);
    const done =
      event === 'article.held'
        ? 'Done: no story and no list shows them; edges follow within seconds.'
        : 'Done: readers see them again.';
    print({ orders, notYet: waiting }, [
      ...orders.map(({ uri, eventId }) => `${name}: ${uri}  (event ${eventId})`),
      waiting.length > 0
        ? `NOT DONE YET: ${waiting.join(', ')}. Look at "rejected", and at the queue pressrun-${desk.stage}-store.`
        : done,
    ]);
    if (waiting.length > 0) process.exitCode = exitCodes.found;
  });
}

function urisOf(given: readonly string[], { from }: OrderOptions): string[] {
  const listed =
    from === undefined
      ? []
      : linesOf(from)
          .split('\n')
          .map((line) => line.trim());
  const uris = [...new Set([...given, ...listed.filter((line) => line !== '' && !line.startsWith('#'))])];
  if (uris.length === 0) throw new WrongUse('name at least one uri, or a file of them with --from');
  return uris;
}

function linesOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new WrongUse(`--from ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function whoAndWhy(command: Command): Command {
  return command
    .option('--reason <text>', 'why: stored with the order and shown by history')
    .option('--actor <name>', 'who asks for it: stored with the order and shown by history', userInfo().username)
    .option('--yes', 'do not ask first');
}

function saidBy({ actor, reason }: OrderOptions): Said {
  return { actor, ...(reason !== undefined && { reason }) };
}

async function confirmed({ yes }: Pick<OrderOptions, 'yes'>, question: string): Promise<void> {
  if (yes === true) return;
  if (!process.stdin.isTTY) throw new WrongUse('say --yes to go ahead without being asked');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} (stage ${globalOptions().stage}) [y/N] `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new WrongUse('nothing was done');
}

function globalOptions(): GlobalOptions {
  return program.opts<GlobalOptions>();
}

function connection(): Connection {
  const { stage, endpointUrl, articlesTable } = globalOptions();
  return connect(stage, endpointUrl, process.env['PRESSRUN_AWS_PORT'] ?? '4566', articlesTable);
}

function when(instant: number): string {
  return clockOf(globalOptions().timeZone ?? newsroomZone())(instant);
}

function seconds(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '–' : `${(milliseconds / 1000).toFixed(1)} s`;
}

function stuckIn({ late, freshAt }: PublishTrace): string {
  return late === undefined ? '' : `  ${freshAt === undefined ? 'NOT FRESH' : 'was late'}: ${late.join(', ')}`;
}

function warnedIn({ warnings = [] }: PublishTrace): string {
  return warnings.length === 0 ? '' : `  ${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}`;
}

function warningLines(warnings: PublishTrace['warnings'] = []): string[] {
  return warnings.map(({ path, message }) => `  warning    ${path || 'event'}: ${message}`);
}

function said(actor: string | undefined, reason: string | undefined): string {
  if (actor === undefined && reason === undefined) return '';
  return `  [${[actor, reason].filter((part) => part !== undefined).join(': ')}]`;
}

function described({ eventId, source, detailType, uri, front, time, errors }: RejectedEvent): string[] {
  return [
    `${time === undefined ? '?' : when(Date.parse(time))}  ${detailType ?? '?'}  ${subjectOf({ uri, front })}  from ${source || '?'}  (event ${eventId})`,
    ...errors.map(({ path, message }) => `    ${path || 'event'}: ${message}`),
  ];
}

function refusalLines({ refusedAt, uri, front, source, eventId, errors }: Rejection): string[] {
  return [
    `${when(refusedAt)}  ${subjectOf({ uri, front })}  from ${source || '?'}  (event ${eventId})`,
    ...errors.map(({ path, message }) => `    ${path || 'event'}: ${message}`),
  ];
}

/** What an event was about, as the commands take it. */
function subjectOf({ uri, front }: { readonly uri?: string | undefined; readonly front?: string | undefined }): string {
  return uri ?? (front === undefined ? '(no uri)' : `front:${front}`);
}

function printOrders(what: string, orders: readonly Order[]): void {
  print(
    orders,
    orders.map(({ uri, eventId }) => `${what}: ${uri}  (event ${eventId})`),
  );
}

function print(value: unknown, lines: readonly string[]): void {
  console.log(globalOptions().json === true ? JSON.stringify(value, undefined, 2) : lines.join('\n'));
}

/** Where something went wrong that AWS's services were asked for. */
function awsAddress(): AwsAddress {
  const { stage, endpointUrl } = globalOptions();
  return awsAddressOf(stage, endpointUrl, process.env['PRESSRUN_AWS_PORT'] ?? '4566');
}

try {
  await program.parseAsync();
} catch (error) {
  // Of a help text that was asked for, commander makes an error too.
  if (error instanceof CommanderError && error.exitCode === 0) process.exitCode = exitCodes.fine;
  else {
    const { message, code } = explained(error, awsAddress());
    process.exitCode = code;
    // What is wrong with the command line itself may be all that was read of it.
    if (process.argv.includes('--json'))
      console.log(
        JSON.stringify({ error: { message: message.replace(/^error: /, ''), exitCode: code } }, undefined, 2),
      );
    else
      console.error(
        error instanceof CommanderError
          ? `${message}\n"npm run pressrun -- --help" lists the commands.`
          : `pressrun: ${message}`,
      );
  }
}
