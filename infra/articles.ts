import { AttributeType, BillingMode, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { access } from './access.ts';
import type { Access } from './access.ts';
import { nameIn, removalOf } from './stage.ts';
import type { Stage } from './stage.ts';

/** Versions, heads, holds and paths: what is true. Its stream tells of every change. */
export class Articles extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      tableName: nameIn(stage, 'articles'),
      partitionKey: { name: 'articleId', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      // Both images: an entry must leave the feeds that only the old one names.
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: stage.keepsData },
      deletionProtection: stage.keepsData,
      removalPolicy: removalOf(stage),
    });
  }

  /** To add versions and write heads; nothing is ever deleted (an erasure strips bodies by an update). */
  toSettle(): Access {
    return this.#to('dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  }

  toReadHeads(): Access {
    return this.#to('dynamodb:GetItem');
  }

  toDeliver(): Access {
    return this.#to('dynamodb:GetItem');
  }

  #to(...actions: string[]): Access {
    return access(this.table.tableName, { actions, resources: [this.table.tableArn] });
  }
}
