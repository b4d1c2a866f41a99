import { Duration, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Access } from './access.ts';
import { LOCKED } from './locked-bucket.ts';
import { removalOf } from './stage.ts';
import type { Stage } from './stage.ts';

/** How long after a story was read aloud a small change of it is cheap. */
const TAKES_KEPT = Duration.days(30);

/** Where stories read aloud lie, and the pieces that they are put together from. */
export class Audio extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id);
    // CDK's class is not quite CDK's interface where absent is not undefined.
    this.bucket = new Bucket(this, 'Bucket', {
      ...LOCKED,
      lifecycleRules: [{ prefix: 'takes/', expiration: TAKES_KEPT }],
      removalPolicy: removalOf(stage),
    }) as IBucket;
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'The distribution reads it for readers, one function writes it, and nobody else may.',
    });
  }

  /** Polly writes what it made in the name of whoever asked. */
  toNarrate(): Access {
    return {
      value: this.bucket.bucketName,
      statements: [
        {
          actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
          resources: [this.bucket.arnForObjects('*')],
          wildcardReason: "A recording is named by its article and by what is in it; the bucket is Pressrun's own.",
        },
        { actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] },
        {
          actions: ['polly:StartSpeechSynthesisTask', 'polly:GetSpeechSynthesisTask'],
          resources: ['*'],
          wildcardReason: "Polly's tasks are no resources that a policy could name.",
        },
      ],
    };
  }
}
