import { Duration, Validations } from 'aws-cdk-lib';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { FunctionUrl } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { IngestEnv } from '../functions/ingest/env.ts';
import type { Owners } from '../shared/article/ownership.ts';
import { busSourceOf, sources } from '../shared/cms/sources.ts';
import type { GivenSettings } from '../shared/cms/sources.ts';
import { access } from './access.ts';
import type { Access } from './access.ts';
import type { Bus } from './bus.ts';
import type { PayloadStore } from './payload-store.ts';
import { ServiceFunction } from './service-function.ts';
import { nameIn, removalOf } from './stage.ts';
import type { Stage } from './stage.ts';

export interface IngestProps {
  readonly stage: Stage;
  readonly bus: Bus;
  readonly payloads: PayloadStore;
  readonly settings: GivenSettings;
  readonly owners: Owners;
  /** How many requests are worked on at once; without it, as many as the account allows. */
  readonly concurrency?: number;
}

/** The door for CMSes with webhooks and no AWS credentials. */
export class Ingest extends Construct {
  readonly url: FunctionUrl;
  readonly #secrets: readonly Secret[];
  readonly #prefix: string;

  constructor(scope: Construct, id: string, { stage, bus, payloads, settings, owners, concurrency }: IngestProps) {
    super(scope, id);
    this.#prefix = nameIn(stage, 'ingest-');
    this.#secrets = sources.map(
      ({ name }) =>
        new Secret(this, `Secret-${name}`, {
          secretName: `${this.#prefix}${name}`,
          description: `What the webhooks of ${name} are proven with: current, and previous while it is being changed.`,
          // Made at random, so that no door ever stands open: paste it into the CMS, or the CMS's own into it.
          generateSecretString: {
            // `api` was the key of the CMS's API, which `sweep` has in a secret of its own now (see sweep.ts). Any change to what is
            // generated would have CloudFormation make a new secret in stages that exist, so it stays.
            secretStringTemplate: JSON.stringify({ previous: '', api: '' }),
            generateStringKey: 'current',
            excludePunctuation: true,
            passwordLength: 40,
          },
          removalPolicy: removalOf(stage),
        }),
    );
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'The other end is a CMS, into which a person pastes it. Both secrets are valid while that is done: README, "How do I change a webhook\'s secret?"',
    });
    const ingest = new ServiceFunction<IngestEnv>(this, 'Ingest', {
      stage,
      name: 'ingest',
      description: 'HTTP door for the webhooks of CMSes: checks who they are, puts what they say on the bus.',
      timeout: Duration.seconds(10),
      // A cold start must come in under the two seconds that Ghost waits: CPU grows with memory.
      memorySize: 1024,
      // Its URL is public: a flood of requests must leave the account's concurrency to `deliver` and `store`.
      ...(concurrency === undefined ? {} : { reservedConcurrency: concurrency }),
      environment: {
        BUS_NAME: bus.toPublish(...sources.map(busSourceOf)),
        PARCELS_BUCKET: payloads.toPark(),
        SECRET_PREFIX: this.toReadSecrets(),
        SOURCES: JSON.stringify(settings),
        OWNERS: JSON.stringify(owners),
      },
    });
    // Anybody may knock: each request is judged by its signature.
    this.url = ingest.function.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  }

  toReadSecrets(): Access {
    return access(this.#prefix, {
      actions: ['secretsmanager:GetSecretValue'],
      resources: this.#secrets.map(({ secretArn }) => secretArn),
    });
  }
}
