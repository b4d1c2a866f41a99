import { Duration, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Access } from './access.ts';
import { LOCKED } from './locked-bucket.ts';
import { removalOf } from './stage.ts';
import type { Stage } from './stage.ts';

/** The time after a synthesis in which a small change to the article reuses the unchanged parts of the audio. */
const PARTS_KEPT = Duration.days(30);

/** The bucket with the audio renditions of articles, and the parts that they are joined from. */
export class Audio extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id);
    // With exactOptionalPropertyTypes, CDK's class does not match CDK's own interface.
    this.bucket = new Bucket(this, 'Bucket', {
      ...LOCKED,
      lifecycleRules: [{ prefix: 'takes/', expiration: PARTS_KEPT }],
      removalPolicy: removalOf(stage),
    }) as IBucket;
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Only the distribution may read it, and only one function may write it.',
    });
  }

  /** Polly writes its output with the permissions of the caller, so the function needs to write to the bucket. */
  toNarrate(): Access {
    return {
      value: this.bucket.bucketName,
      statements: [
        {
          actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
          resources: [this.bucket.arnForObjects('*')],
          wildcardReason: "A rendition is named by its article and a digest of its text; the bucket is Pressrun's own.",
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
