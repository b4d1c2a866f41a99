import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contextInCdkJson, readAssembly, synthesise, type Assembly } from './cloudformation/assembly.ts';
import { AwsEndpoint, type MeteredCall } from './aws-endpoint.ts';
import { AwsError } from './aws-error.ts';
import { Buckets } from './s3/buckets.ts';
import { BusAccess } from './events/bus-access.ts';
import { cloudfrontApi } from './cloudfront/cloudfront.ts';
import { connect } from '../cli/connection.ts';
import { Dashboard } from '../dashboard/dashboard.ts';
import { distributionOf, type LocalDistribution } from './cloudfront/distribution.ts';
import { createTable, DynamoDbEndpoint } from './dynamodb/dynamodb-endpoint.ts';
import { DynamoDbEngine, type Item } from './dynamodb/dynamodb-engine.ts';
import { Edges } from './cloudfront/edges.ts';
import { missingVoice } from './polly/espeak.ts';
import { EventBuses } from './events/event-bus.ts';
import { eventSourceOf } from './lambda/event-sources.ts';
import { ApiDestinations } from './events/event-targets.ts';
import { EventsApi } from './events/events-api.ts';
import type { Faults } from './faults.ts';
import { guarded } from './guard.ts';
import { FunctionRuntime, type FunctionLog, type FunctionWatcher } from './lambda/function-runtime.ts';
import { Observations, type StackEvents } from './observations.ts';
import { portErrorOf } from './port-unusable.ts';
import { Polly } from './polly/polly.ts';
import { publicUrlOf } from './cloudfront/public-url.ts';
import { Queues } from './sqs/queues.ts';
import { serveSamplePicture } from '../sample-newsroom/sample-pictures.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { SchedulerApi } from './scheduler/scheduler-api.ts';
import { SecretsApi } from './secretsmanager/secrets-api.ts';
import { SqsApi } from './sqs/sqs-api.ts';
import { Template } from './cloudformation/template.ts';
import { isNothingToRun, isRun } from './cloudformation/supported-resources.ts';
import { functionSettingsOf } from './function-settings.ts';
import { restoredTables, sourceTableOf } from './dynamodb/template-tables.ts';

export interface LocalStackOptions {
  /** A directory that was synthesised before; without it, the CDK app is synthesised now. */
  readonly assembly?: string;
  /** Context for that synthesis. */
  readonly context?: Readonly<Record<string, string>>;
  /** 0 is any free port. */
  readonly awsPort: number;
  readonly edgePort: number;
  /** Port of the webhook endpoints. Default: any free port. */
  readonly ingestPort?: number;
  /** Secrets of the webhook endpoints, JSON by source; those not given are made at random. */
  readonly ingestSecrets?: string;
  /** Host names that the three ports answer to, beside those of the loopback interface and the distribution's own. */
  readonly hosts?: readonly string[];
  /** Where state outlives the process; without it, all is in memory. */
  readonly dataDirectory?: string;
  /** Where a DynamoDB listens that takes dynalite's place. */
  readonly dynamoDbUrl?: string;
  /** Faults between the functions and AWS. */
  readonly faults?: Faults;
  /** The longest after which failed work comes back, for tests, which cannot wait as long as the template says. */
  readonly failedAgainMilliseconds?: number;
  /** The longest after which the template's schedules come again, for the same. */
  readonly scheduledAgainMilliseconds?: number;
  /** Whether to observe each call to AWS with its billing units. Slower, because each write is preceded by a read. */
  readonly metered?: true | (() => boolean);
  readonly log?: (entry: StackLog) => void;
}

export interface StackLog {
  /** A function's name, or `stack`. */
  readonly from: string;
  readonly level: 'info' | 'warning' | 'error';
  readonly line: string;
}

export interface LocalStack {
  readonly awsUrl: string;
  readonly edgeUrl: string;
  /** Webhooks are POSTed to `/ingest/{source}` there. */
  readonly ingestUrl: string;
  /** Name of the (first) bus. */
  readonly busName: string;
  /** The numbers of running functions, queues and tables, as text. */
  readonly running: string;
  /** The stack's outputs, by the names that the CDK app gives them. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly events: StackEvents;
  stop(): Promise<void>;
}

/** Runs the CDK app's template on this machine. */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const stack = new Starting(options);
  try {
    return await stack.start();
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** Starts the parts in order. They are stopped in reverse order. */
class Starting {
  readonly #options: LocalStackOptions;
  readonly #stops: (() => Promise<unknown>)[] = [];
  #stopping: Promise<void> | undefined;

  constructor(options: LocalStackOptions) {
    this.#options = options;
  }

  async start(): Promise<LocalStack> {
    const {
      awsPort,
      edgePort,
      ingestPort = 0,
      ingestSecrets,
      dataDirectory,
      dynamoDbUrl,
      faults,
      failedAgainMilliseconds,
      scheduledAgainMilliseconds,
      metered,
    } = this.#options;
    if (dataDirectory !== undefined) await mkdir(dataDirectory, { recursive: true });
    const durable = dataDirectory === undefined ? {} : { directory: dataDirectory };
    const assembly = await this.#assembly();

    // Addresses come first: environments and queue URLs hold them.
    const report = (error: unknown): void => {
      this.#report(error);
    };
    const hosts = new Set((this.#options.hosts ?? []).map((host) => host.toLowerCase()));
    const endpoint = new AwsEndpoint(
      report,
      (handle) => guarded(handle, { hosts, rejectsOtherSites: true, report }),
      faults,
    );
    const awsUrl = `http://127.0.0.1:${await this.#listen(endpoint.server, awsPort, 'PRESSRUN_AWS_PORT')}`;
    const readers: { edge?: Edges } = {};
    const edgeServer = createServer(
      guarded(
        (request, response) => {
          if (serveSamplePicture(request, response)) return undefined;
          return readers.edge
            ? readers.edge.handle(request, response)
            : response.writeHead(503, { 'content-type': 'text/plain' }).end('There is no distribution yet.\n');
        },
        { hosts, report },
      ),
    );
    const edgeHost = `127.0.0.1:${await this.#listen(edgeServer, edgePort, 'PRESSRUN_EDGE_PORT')}`;

    const callers: { serve?: ReturnType<typeof publicUrlOf> } = {};
    const ingestServer = createServer(
      guarded(
        (request, response) =>
          callers.serve
            ? callers.serve(request, response)
            : response.writeHead(503, { 'content-type': 'text/plain' }).end('There is no webhook endpoint yet.\n'),
        { hosts, report },
      ),
    );
    const ingestUrl = `http://127.0.0.1:${await this.#listen(ingestServer, ingestPort, 'PRESSRUN_INGEST_PORT')}`;

    const template = new Template(assembly, { awsUrl, edgeHost });
    this.#nameWhatIsNotRun(template);
    const observations = new Observations();
    const warn = (line: string): void => {
      this.#log('warning', line);
    };

    const queues = await Queues.open(template, {
      ...durable,
      againMilliseconds: failedAgainMilliseconds,
      observations,
    });
    this.#stops.push(() => queues.close());
    const engine =
      dynamoDbUrl === undefined
        ? DynamoDbEngine.open(dataDirectory === undefined ? undefined : join(dataDirectory, 'tables'))
        : DynamoDbEngine.at(dynamoDbUrl);
    this.#stops.push(() => engine.close());
    const tables = template.all('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable');
    for (const table of tables) await createTable(engine, table);
    const sourceTables = [
      ...tables.map((table) => sourceTableOf(table, template, durable)),
      ...(await restoredTables(template, engine, durable)),
    ];
    const streams = sourceTables.flatMap(({ name, stream }) => (stream ? [{ name, stream }] : []));
    this.#stops.push(() => Promise.all(streams.map(({ stream }) => stream.close())));
    const secrets = new SecretsApi(template, ingestSecrets, dataDirectory);
    const destinations = new ApiDestinations(template, { secrets, queues, report });
    this.#stops.push(() => destinations.close());
    const buses = await EventBuses.open(template, { queues, destinations, observations, warn, ...durable });
    this.#stops.push(() => buses.close());
    const scheduler = await Scheduler.open({
      groups: template.all('AWS::Scheduler::ScheduleGroup'),
      schedules: template.all('AWS::Scheduler::Schedule'),
      queues,
      report,
      againMilliseconds: scheduledAgainMilliseconds,
      ...durable,
    });
    this.#stops.push(() => scheduler.close());
    const functions = this.#functions(template, assembly, awsUrl, observations);
    const buckets = new Buckets(template, {
      ...durable,
      notify: (event) => buses.putOfService(event),
    });
    const distribution = distributionOf(template, { functions, buckets, warn });
    for (const alias of distribution?.aliases ?? []) hosts.add(alias);
    const edge = distribution && new Edges(distribution);
    if (edge) readers.edge = edge;
    callers.serve = publicUrlOf(template, { functions, warn });
    const sqs = new SqsApi(queues);
    this.#stops.push(async () => {
      sqs.close();
      await endpoint.close();
    });
    endpoint.open({
      dynamoDb: new DynamoDbEndpoint(engine, sourceTables, observations),
      events: new EventsApi(buses, new BusAccess(template)),
      sqs,
      scheduler: new SchedulerApi(scheduler),
      secrets,
      buckets,
      polly: new Polly(buckets, report),
      functions,
      cloudFront:
        distribution && edge
          ? cloudFrontOf(distribution, edge)
          : () => Promise.reject(new AwsError('NoSuchDistribution', 'this stack has no distribution', 404)),
      dashboard: new Dashboard({
        connection: connect('local', awsUrl, ''),
        edgeUrl: `http://${edgeHost}`,
        onChange: (listener) =>
          observations.on(({ kind }) => {
            if (kind !== 'invocation') listener();
          }),
        edgeMetrics: async () =>
          Promise.resolve({
            requests: edge?.traffic.minutes ?? [],
            purges: edge?.traffic.purges ?? [],
            ...(edge && { countedSince: edge.traffic.since }),
          }),
        report,
      }),
      ...(metered && {
        meter: {
          isOn: metered === true ? () => true : metered,
          notify: (call: MeteredCall) => {
            observations.notify({ kind: 'call', ...call, at: Date.now() });
          },
        },
      }),
    });

    const sources = template
      .all('AWS::Lambda::EventSourceMapping')
      .flatMap(
        (mapping) =>
          eventSourceOf(mapping, { functions, queues, streams: streams.map(({ stream }) => stream), report, warn }) ??
          [],
      );
    this.#stops.push(async () => {
      const stopped = sources.map((source) => source.stop());
      // Before the sources, which would wait for the functions' work.
      await Promise.all(Array.from(functions.values(), (runtime) => runtime.stop()));
      await Promise.all(stopped);
    });
    await Promise.all(Array.from(functions.values(), (runtime) => runtime.start()));
    // After the sources have subscribed, because they receive the records of an earlier process.
    await Promise.all(streams.map(({ name, stream }) => stream.start((key: Item) => engine.item(name, key))));
    for (const source of sources) source.start();
    scheduler.start(functions);

    return {
      awsUrl,
      edgeUrl: `http://${edgeHost}`,
      ingestUrl,
      busName: buses.buses[0]?.name ?? 'default',
      running: `${functions.size} functions, ${tables.length} tables, ${template.all('AWS::SQS::Queue').length} queues, ${buses.buses.length} bus, ${distribution ? 'a CDN distribution' : 'no CDN distribution'}`,
      outputs: template.outputs(warn),
      events: observations,
      stop: () => this.stop(),
    };
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) {
      try {
        await stop();
      } catch (error) {
        this.#report(error);
      }
    }
  }

  async #assembly(): Promise<Assembly> {
    const { assembly, context } = this.#options;
    if (assembly !== undefined) return readAssembly(assembly);
    const directory = await mkdtemp(join(tmpdir(), 'pressrun-'));
    this.#stops.push(() => rm(directory, { recursive: true, force: true }));
    await synthesise(directory, { stage: 'local', ...context, ...this.#withoutVoice(context) });
    return readAssembly(directory);
  }

  /** Narration needs a speech synthesiser. A laptop without one says so once and has no audio. */
  #withoutVoice(context: LocalStackOptions['context'] = {}): { readonly narrate?: string } {
    if ((context['narrate'] ?? contextInCdkJson('narrate') ?? '') === '') return {};
    const missing = missingVoice();
    if (missing === undefined) return {};
    this.#log('warning', `no story is read aloud: ${missing}`);
    return { narrate: '' };
  }

  async #listen(server: Server, port: number, variable: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        reject(portErrorOf(error, port, variable) ?? error);
      });
      server.listen({ port, host: '127.0.0.1' }, resolve);
    });
    this.#stops.push(async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    });
    return (server.address() as AddressInfo).port;
  }

  #functions(
    template: Template,
    assembly: Assembly,
    awsUrl: string,
    observations: Observations,
  ): ReadonlyMap<string, FunctionRuntime> {
    const watcher = {
      log: ({ functionName, level, line }: FunctionLog): void => {
        this.#options.log?.({ from: functionName, level, line });
      },
      invoked: (invocation: Parameters<FunctionWatcher['invoked']>[0]): void => {
        observations.notify({ kind: 'invocation', ...invocation, at: Date.now() });
      },
    };
    return new Map(
      template
        .all('AWS::Lambda::Function')
        .map((resource) => [
          resource.name,
          new FunctionRuntime(functionSettingsOf(resource, assembly, awsUrl), watcher, this.#options.faults),
        ]),
    );
  }

  #nameWhatIsNotRun(template: Template): void {
    const unknown = [...template.types()].filter((type) => !isRun(type) && !isNothingToRun(type)).sort();
    if (unknown.length > 0) this.#log('warning', `not run on a laptop: ${unknown.join(', ')}`);
  }

  #log(level: StackLog['level'], line: string): void {
    this.#options.log?.({ from: 'stack', level, line });
  }

  #report(error: unknown): void {
    // Errors while stopping are expected.
    if (this.#stopping) return;
    this.#log('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function cloudFrontOf(
  { id, domainName, comment, edge: { tagHeader } }: LocalDistribution,
  edge: Edges,
): ReturnType<typeof cloudfrontApi> {
  return cloudfrontApi({
    distributionId: id,
    domainName,
    comment,
    cacheTagHeader: tagHeader,
    invalidate: (paths) => {
      edge.invalidate(paths);
    },
  });
}
