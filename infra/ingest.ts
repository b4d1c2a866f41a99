import { Duration } from 'aws-cdk-lib';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { FunctionUrl } from 'aws-cdk-lib/aws-lambda';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { IngestEnv } from '../functions/ingest/env.ts';
import type { Owners } from '../shared/article/ownership.ts';
import { busSourceOf, sources } from '../shared/cms/sources.ts';
import type { GivenSettings } from '../shared/cms/sources.ts';
import { access } from './access.ts';
import type { Access } from './access.ts';
import type { Bus } from './bus.ts';
import { ownMetric } from './own-metric.ts';
import type { PayloadStore } from './payload-store.ts';
import { ServiceFunction } from './service-function.ts';
import { signingSecret } from './signing-secret.ts';
import { nameIn } from './stage.ts';
import type { Stage } from './stage.ts';

export interface IngestProps {
  readonly stage: Stage;
  readonly bus: Bus;
  readonly payloads: PayloadStore;
  readonly settings: GivenSettings;
  readonly owners: Owners;
  /** Reserved concurrency; without it, the account's. */
  readonly concurrency?: number;
}

/** HTTP intake for CMSes that send webhooks and have no AWS credentials. */
export class Ingest extends Construct {
  readonly url: FunctionUrl;
  readonly #stage: Stage;
  readonly #secrets: readonly Secret[];
  readonly #prefix: string;

  constructor(scope: Construct, id: string, { stage, bus, payloads, settings, owners, concurrency }: IngestProps) {
    super(scope, id);
    this.#stage = stage;
    this.#prefix = nameIn(stage, 'ingest-');
    this.#secrets = sources.map(({ name }) =>
      signingSecret(this, `Secret-${name}`, {
        stage,
        name: `ingest-${name}`,
        description: `Signing secret of the webhooks of ${name}`,
        // Unused: the key of the CMS's API has a secret of its own (sweep.ts). Without the field, CloudFormation would
        // generate new secrets in existing stages.
        fields: ['api'],
        page: 'docs/cms/README.md',
      }),
    );
    const ingest = new ServiceFunction<IngestEnv>(this, 'Ingest', {
      stage,
      name: 'ingest',
      description: 'HTTP endpoint for webhooks of CMSes: verifies signatures, and puts events on the bus.',
      timeout: Duration.seconds(10),
      // A cold start must take less than the two seconds that Ghost waits; CPU grows with memory.
      memorySize: 1024,
      // The URL is public: a flood of requests must not use up the concurrency of `deliver` and `store`.
      ...(concurrency === undefined ? {} : { reservedConcurrency: concurrency }),
      environment: {
        STAGE: stage.name,
        BUS_NAME: bus.toPublish(...sources.map(busSourceOf)),
        PAYLOADS_BUCKET: payloads.toPut(),
        SECRET_PREFIX: this.toReadSecrets(),
        SOURCES: JSON.stringify(settings),
        OWNERS: JSON.stringify(owners),
      },
    });
    // No IAM authentication: each request is authenticated by its signature.
    this.url = ingest.function.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  }

  /** The metric of webhooks that were answered 401. */
  unverified(options: MetricOptions): Metric {
    return ownMetric(this.#stage, 'Unverified', options);
  }

  toReadSecrets(): Access {
    return access(this.#prefix, {
      actions: ['secretsmanager:GetSecretValue'],
      resources: this.#secrets.map(({ secretArn }) => secretArn),
    });
  }
}
