import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { Command, InvalidArgumentError } from 'commander';
import { notYet, order, orderPictures, picturesNotYet, rollback, unknownOf, type Order, type Said } from './commands.ts';
import { connect, outputOf, type Connection } from './connection.ts';
import { exportRows, restoreRows, rowsIn, rowsOf } from './backup.ts';
import { dueAround, release } from './due.ts';
import { bar, importArchive, sweepable, testWebhook } from './doors.ts';
import { differences, historyLines, historyOf, paragraphsOf, picturesIn, standingOf, versionIn } from './history.ts';
import { stageNameOf } from '../stage-name.ts';
import { outcomeOf, walkPass } from './passes.ts';
import { kindOf, statusOf, stepsOf, wayOf } from './status.ts';
import { warningCounts } from './warnings.ts';
import { newsroomZone } from './zone.ts';
import { replay, rulesFor } from './replay.ts';
import { smoke } from './smoke.ts';
import { isRedrivable, redrivable, redrive, rejectedEvents, type Redrivable, type RejectedEvent } from './rejected.ts';
import { headlineOf } from '../../shared/article.ts';
import { driftOf, type Pass, type PassMode } from '../../shared/pass.ts';
import { sources } from '../../shared/sources.ts';
import { beganAt, lagOf, type Trail } from '../../shared/trail.ts';
import type { ArticleEvent } from '../../shared/version.ts';

interface GlobalOptions {
  readonly stage: string;
  readonly endpointUrl?: string;
  readonly json?: boolean;
  readonly timeZone?: string;
  readonly articlesTable?: string;
}

function addressIn(text: string): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? '')) throw new InvalidArgumentError('must be an address such as http://127.0.0.1:4566');
  return text;
}

interface RestoreOptions {
  readonly table?: string;
  readonly yes?: boolean;
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
  .option('--stage <stage>', 'which stage to talk to', 'local')
  .option('--endpoint-url <url>', "address of AWS's services; for stage local, this laptop's unless given", addressIn)
  .option('--time-zone <zone>', "zone of the times shown, such as Europe/London (default: the newsroom's, from the theme in cdk.json)")
  .option('--articles-table <name>', 'of a stage whose articles were restored into another table')
  .option('--json', 'answer in JSON, for programs')
  .showHelpAfterError();

program
  .command('history')
  .argument('<uri>', 'the uri that the CMS gave the article')
  .description('every version and hold that was received, who sent it and why, and which one readers see')
  .action(async (uri: string) => {
    const history = await historyOf(connection().articles, uri);
    const lines = historyLines(history);
    const standing = history.head?.standing ?? 'dark';
    print(
      {
        articleId: history.articleId,
        uri,
        standing,
        path: history.head?.path,
        history: lines.map((line) => ({ ...line, receivedAt: new Date(line.receivedAt).toISOString() })),
      },
      [
        `${uri}  (${history.articleId})`,
        standingOf(history),
        ...lines.map(
          ({ number, receivedAt, event, shown, headline, actor, reason }) =>
            `${shown ? '▶' : ' '}${String(number ?? '·').padStart(4)}  ${when(receivedAt)}  ${event.padEnd(20)}  ${headline ?? ''}${said(actor, reason)}`,
        ),
      ],
    );
  });

program
  .command('show')
  .argument('<uri>')
  .argument('<version>', 'its number in the history, or its key')
  .description('one version, as readers would see it')
  .action(async (uri: string, named: string) => {
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
  .argument('<uri>')
  .argument('<a>', 'the older version')
  .argument('<b>', 'the newer version')
  .description('what changed between two versions, by field and by paragraph')
  .action(async (uri: string, a: string, b: string) => {
    const history = await historyOf(connection().articles, uri);
    const lines = differences(versionIn(history, a).content.article, versionIn(history, b).content.article);
    print({ differences: lines }, lines.length === 0 ? ['No difference that a reader would see.'] : lines);
  });

ordering('withdraw', 'article.unpublished', 'take stories away: readers get 410, every list forgets them', 'Withdraw');
ordering('hold', 'article.held', 'keep stories dark whatever the CMS sends, until unhold (legal)', 'Hold');
ordering('unhold', 'article.unheld', 'end a hold: readers see again what the versions say', 'End the hold of');
ordering('erase', 'article.erased', 'strip every stored version for ever (GDPR, court order)', 'ERASE FOR EVER');

program
  .command('pictures')
  .argument('<uri>', 'the uri that the CMS gave the article')
  .description('the pictures that go with a story, by the uri that pull-picture takes')
  .action(async (uri: string) => {
    const { articles, pictures } = connection();
    const found = await picturesIn(articles, pictures, uri);
    print(
      found,
      found.length === 0
        ? ['No picture goes with it.']
        : found.map(({ uri: named, pulled, caption, credit }) => `${pulled ? 'PULLED  ' : ''}${named}  ${caption ?? ''}${credit === undefined ? '' : `  (${credit})`}`),
    );
  });

orderingPictures('pull-picture', 'article.held', 'take pictures out of every story and list, now and later', 'Pull');
orderingPictures('restore-picture', 'article.unheld', 'let readers see pulled pictures again', 'Restore');

whoAndWhy(
  program
    .command('rollback')
    .argument('<uri>')
    .argument('<version>', 'its number in the history, or its key')
    .description('publish the content of an old version again, as a new one'),
).action(async (uri: string, named: string, options: OrderOptions) => {
  const { articles, ...rest } = connection();
  const version = versionIn(await historyOf(articles, uri), named);
  await confirmed(options, `Publish version ${named} of ${uri} again?`);
  printOrders('Put on the bus again', await rollback({ articles, ...rest }, version, saidBy(options), Date.now()));
});

program
  .command('status')
  .description('how the house is: the last hundred changes and how long readers waited for them, what was refused and why, what lies in queues')
  .action(async () => {
    const status = await statusOf(connection());
    const { changes, refusals, queues, lag, late } = status;
    print(status, [
      `${changes.length} changes; from the event to the reader: p50 ${seconds(lag.p50)}, p95 ${seconds(lag.p95)}, p99 ${seconds(lag.p99)}${late > 0 ? `; ${late} NOT FRESH` : ''}`,
      ...changes.map((trail) => `${when(trail.seq)}  ${kindOf(trail).padEnd(9)}  ${seconds(lagOf(trail)).padStart(7)}  ${trail.headline ?? trail.uri ?? trail.articleId}${stuckIn(trail)}${warnedIn(trail)}`),
      ...(refusals.length > 0 ? ['', 'Refused:'] : []),
      ...refusals.flatMap(({ refusedAt, uri, source, eventId, errors }) => [
        `${when(refusedAt)}  ${uri ?? '(no uri)'}  from ${source || '?'}  (event ${eventId})`,
        ...errors.map(({ path, message }) => `    ${path || 'event'}: ${message}`),
      ]),
      ...(queues.length > 0 ? ['', 'In queues:'] : []),
      ...queues.map(({ name, messages, putOff }) => `${String(messages).padStart(6)}  ${name}${putOff === 0 ? '' : `  (and ${putOff} at work or put off)`}`),
    ]);
  });

program
  .command('trace')
  .argument('<uri>', 'the uri that the CMS gave the article')
  .description("one story's way: what was received, what became of it and when, where it stands, when readers saw it")
  .action(async (uri: string) => {
    const way = await wayOf(connection(), uri);
    print(way, [
      `${uri}  (${way.articleId})`,
      way.standing,
      ...way.changes.flatMap((trail) => [
        '',
        `${kindOf(trail)}, seq ${trail.seq}${trail.correlationId === undefined ? '' : `, caused by ${trail.correlationId}`}${stuckIn(trail)}`,
        ...stepsOf(trail).map(({ step, at }) => `  ${step.padEnd(10)} ${when(at)}  ${String(at - beganAt(trail)).padStart(8)} ms`),
        ...warningLines(trail.warnings),
      ]),
      '',
      ...way.entries.map(({ feed, seq }) => `  ${feed.padEnd(40)} ${seq === undefined ? 'NO ENTRY' : `seq ${seq}`}`),
      '',
      ...way.history.flatMap(({ number, receivedAt, event, shown, headline, warnings }) => [
        `${shown ? '▶' : ' '}${String(number ?? '·').padStart(4)}  ${when(receivedAt)}  ${event.padEnd(20)}  ${headline ?? ''}`,
        ...warningLines(warnings),
      ]),
    ]);
  });

program
  .command('warnings')
  .option('--changes <n>', 'how many of the latest changes to look through', countIn, 1000)
  .description('what CMSes send and articles are published without, by source and field, with counts')
  .action(async ({ changes }: { readonly changes: number }) => {
    const counts = warningCounts(await connection().trails.latest(changes));
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
  .description('the events that were refused or failed too often, with the fields at fault')
  .action(async () => {
    const { sqs, stage } = connection();
    const events = await rejectedEvents(sqs, stage);
    print(events, events.length === 0 ? ['Nothing was rejected.'] : events.flatMap(described));
  });

program
  .command('redrive')
  .argument('[queue]', `whose dead letters: ${redrivable.join(', ')}, or to-<name> of a subscription`, redrivableIn, 'store')
  .description('send dead letters to work again, once their cause is mended; without a queue, the rejected events')
  .action(async (queue: Redrivable) => {
    const { sqs, stage } = connection();
    const count = await redrive(sqs, stage, Date.now(), queue);
    const to = queue === 'bus' ? 'store' : queue;
    const what = to === 'store' ? 'event' : 'message';
    print({ redriven: count, queue: to }, [`Sent ${count} ${what}${count === 1 ? '' : 's'} to ${to} again.`]);
  });

function redrivableIn(queue: string): Redrivable {
  if (!isRedrivable(queue)) throw new InvalidArgumentError(`must be one of ${redrivable.join(', ')}, or to-<name> of a subscription.`);
  return queue;
}

program
  .command('due')
  .option('--hours <n>', 'how far ahead and back', hoursIn, 24)
  .description('embargoes and expiries that are to come, and those that should have come and did not')
  .action(async ({ hours }: { readonly hours: number }) => {
    const due = await dueAround(connection(), Date.now(), hours);
    const told = due.map(({ at, ...rest }) => ({ at: new Date(at).toISOString(), ...rest }));
    print(told, due.length === 0 ? ['Nothing is due.'] : due.map(({ at, articleId, uri, late }) => `${late ? 'LATE  ' : '      '}${when(at)}  ${uri ?? articleId}`));
    if (due.some(({ late }) => late)) process.exitCode = 1;
  });

program
  .command('release')
  .argument('<uri>', 'the uri that the CMS gave the article')
  .description('settle a story now, as if its wake-up call had come: shows what may be shown, and nothing else')
  .action(async (uri: string) => {
    const released = await release(connection(), uri, Date.now);
    print(released, [released.standing === 'live' ? `live at ${released.path ?? '?'}` : `still not public: ${released.because}`]);
    if (released.standing !== 'live') process.exitCode = 1;
  });

program
  .command('export')
  .argument('<file>', 'such as articles.json.gz')
  .description('every version, hold, head and path into one file, as DynamoDB exports tables: keep it in another region')
  .action(async (file: string) => {
    const { dynamoDb, articlesTable } = connection();
    const rows = await exportRows(rowsOf(dynamoDb, articlesTable), file);
    print({ rows, file }, [`${rows} rows written to ${file}.`]);
  });

program
  .command('restore')
  .argument('[path]', "a file of export, or a directory of DynamoDB's own export to S3")
  .option('--table <name>', 'a table that was restored beside the one in use')
  .option('--yes', 'do not ask first')
  .description('put back what is missing; nothing that stands is replaced. Then: reconcile')
  .action(async (path: string | undefined, { table, yes }: RestoreOptions) => {
    if ((path === undefined) === (table === undefined)) throw new Error('say what to restore from: a file or directory, or --table');
    const { dynamoDb, articlesTable } = connection();
    await confirmed({ ...(yes !== undefined && { yes }) }, `Put back into ${articlesTable} what ${path ?? table ?? ''} has and it lacks?`);
    const open = () => (table === undefined ? rowsIn(path ?? '') : rowsOf(dynamoDb, table));
    const progress = process.stderr.isTTY && globalOptions().json !== true;
    const restored = await restoreRows(dynamoDb, articlesTable, open, ({ rows, written }) => {
      if (progress) process.stderr.write(`\r${rows} rows read, ${written} put back`);
    });
    print(restored, [`${progress ? '\n' : ''}${restored.rows} rows read, ${restored.written} that were missing put back. Now: pressrun reconcile`]);
  });

program
  .command('verify')
  .description('compare heads, paths and feeds with what the articles say, and change nothing; exit code 1 where they differ')
  .action(async () => walk('verify'));

program
  .command('reconcile')
  .description('the same, and repair what differs; runs by itself as well')
  .action(async () => walk('repair'));

program
  .command('rebuild')
  .option('--announce', 'tell consumers of every live story again, as at its last change; else they hear nothing')
  .description('write every entry of every feed anew, whatever stands there; readers go on reading')
  .option('--yes', 'do not ask first')
  .action(async (options: Pick<OrderOptions, 'yes'> & { readonly announce?: boolean }) => {
    await confirmed(options, options.announce === true ? 'Write all feeds anew, and tell consumers of every live story again?' : 'Write all feeds anew?');
    await walk('rebuild', options.announce);
  });

async function walk(mode: PassMode, announce?: boolean): Promise<void> {
  const progress = ({ articles, entries, drift }: Pass): void => {
    if (globalOptions().json !== true) console.error(`${articles} articles, ${entries} entries seen; ${driftOf({ drift })} wrong`);
  };
  const pass = await walkPass(connection(), mode, progress, announce);
  print(pass, outcomeOf(pass));
  if (mode === 'verify' && driftOf(pass) > 0) process.exitCode = 1;
}

program
  .command('replay')
  .requiredOption('--from <time>', 'an instant with its zone, such as 2026-11-24T18:00:00Z', instantIn('--from'))
  .option('--to <time>', 'the same (default: now)', instantIn('--to'))
  .option('--types <types>', 'only these events, with commas between them')
  .option('--to-subscription <name>', 'tell this subscription alone what was announced then; else store gets what came in then')
  .option('--announce', 'tell consumers what a replay of what came in changes; else it changes in silence')
  .option('--yes', 'do not ask first')
  .description('put archived events through again; what arrived before changes nothing')
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
      const wanted = { from, to, types: types?.split(',').map((type) => type.trim()), subscription: toSubscription, announce };
      await rulesFor(desk, wanted);
      await confirmed(options, `Replay ${when(from)} to ${when(to)} to ${toSubscription ?? 'store'}${announce ? ', and announce it' : ''}?`);
      const replayed = await replay(desk, wanted, Date.now());
      const last = replayed.lastEvent === undefined ? 'nothing was archived then' : `the last event was of ${replayed.lastEvent}`;
      print(replayed, [`Replay ${replayed.replay}: ${replayed.state.toLowerCase()}; ${last}.`]);
    },
  );

function instantIn(option: string): (text: string) => number {
  return (text) => {
    const instant = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(instant)) throw new InvalidArgumentError(`${option} must be an instant with its zone, such as 2026-11-24T18:00:00Z`);
    return instant;
  };
}

program
  .command('import')
  .argument('<source>', `which CMS: ${sweepable.join(', ')}`)
  .description('ask a CMS for its whole archive, and publish what was never stored; goes on where it was interrupted')
  .action(async (source: string) => {
    if (!sweepable.includes(source)) throw new Error(`${source} cannot be asked: it must be one of ${sweepable.join(', ')}`);
    const progress = process.stderr.isTTY && globalOptions().json !== true;
    const swept = await importArchive(connection(), source, (now) => {
      if (progress) process.stderr.write(`\r${bar(now.seen, now.total)}`);
    });
    if (progress) process.stderr.write('\n');
    print(swept, [
      `${swept.seen} stories seen, ${swept.sent} that were never stored put on the bus${swept.withdrawn > 0 ? `, ${swept.withdrawn} of them withdrawals` : ''}.`,
      ...swept.unreadable.map((fault) => `  cannot be read: story ${fault}`),
    ]);
    if (swept.unreadable.length > 0) process.exitCode = 1;
  });

program
  .command('smoke')
  .description('takes two stories to the readers and away again, and says what it saw; exit code 1 where anything was not as promised')
  .option('--site-url <url>', "where readers are (default: as the stage's stack says, and this laptop's edge for stage local)", addressIn)
  .option('--embargo-seconds <seconds>', 'how far ahead the embargo lies', secondsIn, 60)
  .option('--yes', 'yes, also in production, where readers see the story for some seconds')
  .action(async ({ siteUrl, embargoSeconds, yes }: { siteUrl?: string; embargoSeconds: number; yes?: boolean }) => {
    const desk = connection();
    const { stage, eventBridge } = desk;
    if (stage === 'prod' && yes !== true) throw new Error('readers of prod would see the test stories for some seconds: say --yes if that is meant');
    const url = siteUrl ?? (stage === 'local' ? `http://127.0.0.1:${process.env['PRESSRUN_EDGE_PORT'] ?? '8080'}` : `https://${await outputOf(desk, 'DistributionDomainName')}`);
    const isSound = await smoke({ stage, eventBridge, siteUrl: url, embargoSeconds }, ({ what, milliseconds, fault }) => {
      console.log(`${fault === undefined ? '✔' : '✘'}  ${what.padEnd(45)} ${`${milliseconds} ms`.padStart(9)}${fault === undefined ? '' : `  ${fault}`}`);
    });
    if (!isSound) process.exitCode = 1;
  });

program
  .command('test-webhook')
  .argument('<source>', `which CMS: ${sources.map(({ name }) => name).join(', ')}`)
  .option('--url <url>', "address of the doors (default: as the stage's stack says, and this laptop's for stage local)")
  .option('--story', 'publish a story that says it is a test, wait until readers see it, and delete it again')
  .description('knock at a door with the secret that is kept for it, as the CMS would')
  .action(async (source: string, { url, story }: { readonly url?: string; readonly story?: boolean }) => {
    const desk = connection();
    const local = `http://127.0.0.1:${process.env['PRESSRUN_INGEST_PORT'] ?? '8787'}`;
    const doors = url ?? (desk.stage === 'local' ? local : await outputOf(desk, 'IngestUrl'));
    const lines = await testWebhook(desk, source, doors, story === true);
    print(lines, lines);
  });

function hoursIn(text: string): number {
  const hours = Number(text);
  if (text.trim() === '' || !(hours > 0 && hours <= 24 * 366)) throw new InvalidArgumentError('must be a number of hours, of a year at most.');
  return hours;
}

function countIn(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 100_000) throw new InvalidArgumentError('must be a number, 1 to 100,000.');
  return count;
}

function secondsIn(text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !(seconds >= 1 && seconds <= 3600)) throw new InvalidArgumentError('must be a number of seconds, 1 to 3600.');
  return seconds;
}

function ordering(name: string, event: ArticleEvent, description: string, question: string): void {
  whoAndWhy(
    program
      .command(name)
      .argument('[uri...]', 'the uris that the CMS gave the articles')
      .option('--from <file>', 'a file with one uri a line')
      .option('--anyway', 'also for a uri of which nothing was ever received')
      .description(description),
  ).action(async (given: string[], options: OrderOptions) => {
    const uris = urisOf(given, options);
    await confirmed(options, `${question} ${uris.length === 1 ? (uris[0] ?? '') : `${uris.length} articles`}?`);
    const desk = connection();
    const unknown = await unknownOf(desk.articles, uris);
    if (unknown.length > 0 && options.anyway !== true) {
      throw new Error(
        `nothing was ever received of ${unknown.join(', ')}: nothing was done. Mend the uri, or say --anyway to order it in advance`,
      );
    }
    const orders = await order(desk, event, uris, saidBy(options), Date.now());
    const waiting = await notYet(desk.articles, uris, event, Date.now);
    print({ orders, notYet: waiting }, [
      ...orders.map(({ uri, eventId }) => `${event}: ${uri}  (event ${eventId})`),
      ...(waiting.length > 0
        ? [`NOT DONE YET: readers still see ${waiting.join(', ')}. Look at "rejected", and at the queue pressrun-${desk.stage}-store.`]
        : event === 'article.unheld'
          ? ['It is on the bus: within seconds readers see what the versions say. "trace" tells.']
          : ['Done: the stories are dark; edges follow within seconds.']),
    ]);
    if (waiting.length > 0) process.exitCode = 1;
  });
}

function orderingPictures(name: string, event: 'article.held' | 'article.unheld', description: string, question: string): void {
  whoAndWhy(
    program
      .command(name)
      .argument('[uri...]', 'the uris of the pictures, as "pictures <uri of a story>" lists them')
      .option('--from <file>', 'a file with one uri a line')
      .description(description),
  ).action(async (given: string[], options: OrderOptions) => {
    const uris = urisOf(given, options);
    await confirmed(options, `${question} ${uris.length === 1 ? (uris[0] ?? '') : `${uris.length} pictures`}?`);
    const desk = connection();
    const orders = await orderPictures(desk, event, uris, saidBy(options), Date.now());
    const waiting = await picturesNotYet(desk.pictures, uris, event, Date.now);
    const done =
      event === 'article.held' ? 'Done: no story and no list shows them; edges follow within seconds.' : 'Done: readers see them again.';
    print({ orders, notYet: waiting }, [
      ...orders.map(({ uri, eventId }) => `${name}: ${uri}  (event ${eventId})`),
      waiting.length > 0 ? `NOT DONE YET: ${waiting.join(', ')}. Look at "rejected", and at the queue pressrun-${desk.stage}-store.` : done,
    ]);
    if (waiting.length > 0) process.exitCode = 1;
  });
}

function urisOf(given: readonly string[], { from }: OrderOptions): string[] {
  const listed =
    from === undefined
      ? []
      : readFileSync(from, 'utf8')
          .split('\n')
          .map((line) => line.trim());
  const uris = [...new Set([...given, ...listed.filter((line) => line !== '' && !line.startsWith('#'))])];
  if (uris.length === 0) throw new Error('name at least one uri, or a file of them with --from');
  return uris;
}

function whoAndWhy(command: Command): Command {
  return command
    .option('--reason <text>', 'why: kept with the version and shown in the history')
    .option('--actor <name>', 'who asks for it', userInfo().username)
    .option('--yes', 'do not ask first');
}

function saidBy({ actor, reason }: OrderOptions): Said {
  return { actor, ...(reason !== undefined && { reason }) };
}

async function confirmed({ yes }: Pick<OrderOptions, 'yes'>, question: string): Promise<void> {
  if (yes === true) return;
  if (!process.stdin.isTTY) throw new Error('say --yes to go ahead without being asked');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} (stage ${globalOptions().stage}) [y/N] `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Error('nothing was done');
}

function globalOptions(): GlobalOptions {
  return program.opts<GlobalOptions>();
}

function connection(): Connection {
  const { stage, endpointUrl, articlesTable } = globalOptions();
  return connect(stageNameOf(stage), endpointUrl, process.env['PRESSRUN_AWS_PORT'] ?? '4566', articlesTable);
}

function when(instant: number): string {
  const { timeZone = newsroomZone() } = globalOptions();
  return new Date(instant).toLocaleString('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'medium',
    timeZone,
  });
}

function seconds(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '–' : `${(milliseconds / 1000).toFixed(1)} s`;
}

function stuckIn({ late, freshAt }: Trail): string {
  return late === undefined ? '' : `  ${freshAt === undefined ? 'NOT FRESH' : 'was late'}: ${late.join(', ')}`;
}

function warnedIn({ warnings = [] }: Trail): string {
  return warnings.length === 0 ? '' : `  ${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}`;
}

function warningLines(warnings: Trail['warnings'] = []): string[] {
  return warnings.map(({ path, message }) => `  warning    ${path || 'event'}: ${message}`);
}

function said(actor: string | undefined, reason: string | undefined): string {
  if (actor === undefined && reason === undefined) return '';
  return `  [${[actor, reason].filter((part) => part !== undefined).join(': ')}]`;
}

function described({ eventId, source, detailType, uri, time, errors }: RejectedEvent): string[] {
  return [
    `${time ?? '?'}  ${detailType ?? '?'}  ${uri ?? '(no uri)'}  from ${source || '?'}  (event ${eventId})`,
    ...errors.map(({ path, message }) => `    ${path || 'event'}: ${message}`),
  ];
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

/** What went wrong, and what to do where the SDK's own words don't say it. */
function explained(error: unknown): string {
  const said = error instanceof Error ? error.message || error.name : String(error);
  if (/ECONNREFUSED/.test(said) || (error instanceof AggregateError && /ECONNREFUSED/.test(String(error.errors)))) {
    return `nobody answers (${said}): is "npm start" running, on the port of PRESSRUN_AWS_PORT?`;
  }
  if (/ENOTFOUND/.test(said)) return `${said}: is AWS_REGION a region, and this machine online?`;
  if (/ResourceNotFoundException/.test(said) || (error instanceof Error && error.name === 'ResourceNotFoundException')) {
    return `${said}: nothing of that name is there. Are --stage${globalOptions().articlesTable === undefined ? '' : ', --articles-table'} and AWS_REGION right?`;
  }
  if (/Region is missing/.test(said)) return 'no region: set AWS_REGION, as for every AWS SDK';
  return said;
}

// Its own help alone is longer than a screen: of a mistyped command, the mistake has to be seen.
program.showHelpAfterError('"npm run pressrun -- --help" lists the commands.');

try {
  await program.parseAsync();
} catch (error) {
  console.error(`pressrun: ${explained(error)}`);
  process.exitCode = 1;
}
