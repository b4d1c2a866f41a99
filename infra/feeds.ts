import { Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { access } from './access.ts';
import type { Access } from './access.ts';
import { nameIn, removalOf } from './stage.ts';
import type { Stage } from './stage.ts';

/** The feeds table: one row for each article in each feed, computed from the heads. */
export class Feeds extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      tableName: nameIn(stage, 'feeds'),
      partitionKey: { name: 'feedId', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      // Only tombstones have it.
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: stage.keepsData },
      deletionProtection: stage.keepsData,
      removalPolicy: removalOf(stage),
    });
    if (!stage.keepsData) {
      Validations.of(this.table).acknowledge({
        id: 'AwsSolutions-DDB3',
        reason: 'A stage whose data is deleted with its stack needs no backup; production has point-in-time recovery.',
      });
    }
  }

  /** Puts only. An article leaves a feed by a tombstone, whose `seq` rejects late writes. */
  toPlace(): Access {
    return this.#to('dynamodb:PutItem');
  }

  /** Compares every row with its head, and writes rows that differ. */
  toReconcile(): Access {
    return this.#to('dynamodb:GetItem', 'dynamodb:Scan', 'dynamodb:PutItem');
  }

  toDeliver(): Access {
    return this.#to('dynamodb:GetItem', 'dynamodb:Query');
  }

  #to(...actions: string[]): Access {
    return access(this.table.tableName, { actions, resources: [this.table.tableArn] });
  }
}
