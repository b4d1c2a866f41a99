import { articleIdOf } from '../../shared/article/article.ts';
import { documentClient, Table } from '../../shared/aws/table.ts';
import { atLeast, atMost, percentile, spreadOf, spreadText, type Finding } from './finding.ts';
import { Pipeline } from './pipeline.ts';
import { bareServer, load } from './load.ts';
import { publishAll } from './publish.ts';
import { publicationOf, uriOf } from './stories.ts';

const part = 'Throughput of the whole pipeline on this machine';
const rounds = 3;

/** Publishes with 16 publishers, reads at the origin and at the edge, and the way of one story from PutEvents to a reader. */
export async function throughput(
  from: number,
  { stories = 300, seconds = 2 }: { readonly stories?: number; readonly seconds?: number },
  progress: (share: number) => void,
): Promise<Finding[]> {
  const pipeline = await Pipeline.open({ windowSeconds: 0 });
  try {
    const puts = await putsPerSecond(pipeline);
    progress(0.1);
    const rates: number[] = [];
    const work: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const before = process.cpuUsage();
      rates.push(stories / (await publishAll(pipeline, { from: from + round * stories, stories })));
      await pipeline.quiet();
      work.push(processorMilliseconds(before) / stories);
      progress(0.1 + (0.4 * (round + 1)) / rounds);
    }
    const stale = await notFresh(pipeline, from, rounds * stories);
    const published = spreadOf(rates);
    const way = await wayToReader(pipeline, from, 30);
    progress(0.65);
    const reads = await readsPerSecond(pipeline, from, seconds);
    progress(1);
    return [
      {
        part,
        what: `publishes a second, 16 publishers, ${rounds} × ${stories} stories`,
        figure: spreadText(published, '/s'),
        ratio: published.median / puts.median,
        baseline: `rows put into the same DynamoDB by 16 writers: ${spreadText(puts, '/s')}`,
        ...atLeast(published.median, 100, '/s'),
      },
      {
        part,
        what: '  processor time of each, on all threads, until a reader has seen it',
        figure: spreadText(spreadOf(work), 'ms', 1),
      },
      { part, what: '  of them not fresh at the edge afterwards', figure: `${stale}`, ...atMost(stale, 0) },
      ...wayFindings('from PutEvents to a reader, window 0 s', way, { p50: 60 }, puts.median),
      ...reads,
    ];
  } finally {
    await pipeline.close();
  }
}

function processorMilliseconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** With the default purge window. */
export async function wayWithWindow(from: number): Promise<Finding[]> {
  const pipeline = await Pipeline.open({ windowSeconds: 2 });
  try {
    return wayFindings('from PutEvents to a reader, window 2 s', await wayToReader(pipeline, from, 5), {}, 0);
  } finally {
    await pipeline.close();
  }
}

function wayFindings(
  what: string,
  times: readonly number[],
  goal: { readonly p50?: number },
  putsPerSecond: number,
): Finding[] {
  const sorted = times.toSorted((a, b) => a - b);
  const p50 = percentile(sorted, 50);
  return [
    {
      part,
      what: `${what}: p50`,
      figure: spreadText(spreadOf(times), 'ms', 1),
      ...(putsPerSecond > 0 && { ratio: p50 / (1000 / putsPerSecond), baseline: 'one row put, with 16 writers' }),
      ...(goal.p50 !== undefined && atMost(p50, goal.p50, ' ms')),
    },
    { part, what: `${what}: p95`, figure: `${percentile(sorted, 95).toFixed(1)} ms` },
  ];
}

/** An update of a story that the edge holds, seen by a reader who asks all the time. */
async function wayToReader(pipeline: Pipeline, story: number, times: number): Promise<number[]> {
  const taken: number[] = [];
  const { path } = publicationOf(story);
  await pipeline.put('article.published', [publicationOf(story)]);
  await pipeline.until('the first publish', () => pipeline.seqOf(uriOf(story)) > 0);
  for (let edition = 1; edition <= times; edition += 1) {
    await pipeline.quiet();
    const publication = publicationOf(story, { edition, at: Date.now(), firstAt: Date.now() - 60_000 });
    const headline = publication.article.headlines?.[0]?.value ?? '';
    await (await fetch(pipeline.stack.edgeUrl + path)).text();
    const startedAt = performance.now();
    await pipeline.put('article.updated', [publication]);
    while (!(await (await fetch(pipeline.stack.edgeUrl + path)).text()).includes(headline));
    taken.push(performance.now() - startedAt);
  }
  return taken;
}

async function notFresh(pipeline: Pipeline, from: number, stories: number): Promise<number> {
  let stale = 0;
  for (let story = from; story < from + stories; story += 50) {
    const { path, article } = publicationOf(story);
    const page = await (await fetch(pipeline.stack.edgeUrl + path)).text();
    if (!page.includes(article.headlines?.[0]?.value ?? path)) stale += 1;
  }
  const newest = publicationOf(from + stories - 1);
  const list = await (await fetch(`${pipeline.stack.edgeUrl}/feeds/section/news/local.json?limit=100`)).text();
  return stale + (list.includes(newest.article.uri) ? 0 : 1);
}

async function readsPerSecond(pipeline: Pipeline, story: number, seconds: number): Promise<Finding[]> {
  const { edgeUrl, awsUrl } = pipeline.stack;
  const id = articleIdOf(uriOf(story));
  // Lambda's Invoke reaches the function without a cache in between.
  const origin = `${awsUrl}/2015-03-31/functions/pressrun-local-deliver/invocations`;
  const asked = (rawPath: string, rawQueryString = ''): string =>
    JSON.stringify({
      version: '2.0',
      rawPath,
      rawQueryString,
      headers: { host: 'localhost' },
      requestContext: { http: { method: 'GET' } },
    });
  const list = await (await fetch(`${edgeUrl}/feeds/latest.json?limit=15`)).arrayBuffer();
  const bare = await bareServer(list.byteLength, seconds);
  const at = async (what: string, path: string, query = ''): Promise<Finding> => {
    let before = process.cpuUsage();
    const warm = (): void => {
      before = process.cpuUsage();
    };
    const rate = await load(origin, { seconds, method: 'POST', body: asked(path, query), warm });
    const each = processorMilliseconds(before) / (rate.median * seconds);
    return {
      part,
      what: `origin: ${what}`,
      figure: `${spreadText(rate, 'req/s')}, ${each.toFixed(2)} ms of processor time each`,
      ratio: rate.median / bare.median,
      baseline: `a bare server with as many bytes: ${bare.median.toFixed(0)}/s`,
      ...(what === 'list of 15' && atLeast(rate.median, 1500, '/s')),
    };
  };
  const edge = await load(`${edgeUrl}/feeds/latest.json?limit=15`, { seconds });
  return [
    await at('list of 15', '/feeds/latest.json', 'limit=15'),
    await at('article, JSON', `/articles/${id}.json`),
    await at('article, page', publicationOf(story).path),
    await at('RSS of 15', '/feeds/latest.rss', 'limit=15'),
    {
      part,
      what: 'edge: list of 15',
      figure: spreadText(edge, 'req/s'),
      ratio: edge.median / bare.median,
      baseline: `a bare server with as many bytes: ${bare.median.toFixed(0)}/s`,
      ...atLeast(edge.median, 10_000, '/s'),
    },
  ];
}

/** The baseline: the same emulator, one small row at a time, 16 at once, by the client that the functions use. */
async function putsPerSecond(pipeline: Pipeline): Promise<ReturnType<typeof spreadOf>> {
  const dynamoDb = documentClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    endpoint: pipeline.stack.awsUrl,
  });
  const table = new Table(dynamoDb, pipeline.stack.outputs['FeedsTableName'] ?? '');
  const rows = 600;
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    let next = 0;
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        while (next < rows) {
          next += 1;
          await table.put({ feedId: 'bench/puts', sk: `${round}-${next}`, seq: 1, card: 'x'.repeat(600) });
        }
      }),
    );
    rates.push(rows / ((performance.now() - startedAt) / 1000));
  }
  dynamoDb.destroy();
  return spreadOf(rates);
}
