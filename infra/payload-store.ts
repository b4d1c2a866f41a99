import { Duration, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { access } from './access.ts';
import type { Access } from './access.ts';
import { LOCKED } from './locked-bucket.ts';
import { removalOf } from './stage.ts';
import type { Stage } from './stage.ts';

export interface PayloadStoreProps {
  readonly stage: Stage;
  /** How long the bus's archive can replay an event, with its claim check. */
  readonly archiveFor: Duration;
}

/** Longest time that an event may wait in queues and dead-letter queues, before or after a replay. */
const LONGEST_WAIT = Duration.days(30);

const NAMED_BY_CONTENT = "A payload is named by the digest of what is in it; the bucket is Pressrun's own.";

/**
 * Stores event details that are too large for the bus. The event carries a claim check, and `store` reads the detail
 * (the claim-check pattern).
 */
export class PayloadStore extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { stage, archiveFor }: PayloadStoreProps) {
    super(scope, id);
    // CloudFormation chooses the name, because bucket names are global.
    this.bucket = new Bucket(this, 'Bucket', {
      ...LOCKED,
      lifecycleRules: [
        { expiration: archiveFor.plus(LONGEST_WAIT), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: removalOf(stage),
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Only three functions of this stage have access: access logs would name no one else.',
    });
  }

  toPut(): Access {
    return access(this.bucket.bucketName, {
      actions: ['s3:PutObject'],
      resources: [this.bucket.arnForObjects('*')],
      wildcardReason: NAMED_BY_CONTENT,
    });
  }

  toFetch(): Access {
    return {
      value: this.bucket.bucketName,
      statements: [
        { actions: ['s3:GetObject'], resources: [this.bucket.arnForObjects('*')], wildcardReason: NAMED_BY_CONTENT },
        // Without ListBucket, S3 answers 403 for an object that does not exist.
        { actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] },
      ],
    };
  }
}
