import { Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { access } from './access.ts';
import type { Access } from './access.ts';
import { nameIn, removalOf } from './stage.ts';
import type { Stage } from './stage.ts';

const SETTLE = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

/** A table that DynamoDB restored. The operator has enabled its stream of new and old images. */
export interface RestoredTable {
  readonly name: string;
  readonly streamArn: string;
}

export interface ArticlesProps {
  readonly stage: Stage;
  /** Replaces the stack's own table, which leaves the stack. Production keeps that table, protected from deletion. */
  readonly restored?: RestoredTable;
}

/** The source of truth: versions, heads, holds and paths. Its stream has a record of every change. */
export class Articles extends Construct {
  readonly table: Pick<Table, 'tableName' | 'tableArn'> & { readonly tableStreamArn?: string | undefined };

  constructor(scope: Construct, id: string, { stage, restored }: ArticlesProps) {
    super(scope, id);
    this.table =
      restored === undefined
        ? this.#own(stage)
        : Table.fromTableAttributes(this, 'Restored', { tableName: restored.name, tableStreamArn: restored.streamArn });
  }

  #own(stage: Stage): Table {
    const table = new Table(this, 'Table', {
      tableName: nameIn(stage, 'articles'),
      partitionKey: { name: 'articleId', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      // Only rows of the schedule index and of jobs expire; published content does not.
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      // Both images, because a feed that only the old image names must drop its entry.
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: stage.keepsData },
      deletionProtection: stage.keepsData,
      removalPolicy: removalOf(stage),
    });
    if (!stage.keepsData) {
      Validations.of(table).acknowledge({
        id: 'AwsSolutions-DDB3',
        reason: 'A stage whose data is deleted with its stack needs no backup; production has point-in-time recovery.',
      });
    }
    return table;
  }

  /** Adds versions and writes heads. It deletes nothing: an erasure strips bodies by an update. */
  toSettle(): Access {
    return this.#to(...SETTLE);
  }

  /** Settles every article, and deletes rows of the schedule index that are done. */
  toReconcile(): Access {
    const { value, statements } = this.#to(...SETTLE, 'dynamodb:Scan');
    const remove = {
      actions: ['dynamodb:DeleteItem'],
      resources: [this.table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['due#*'] } },
    };
    return { value, statements: [...statements, remove] };
  }

  /** Reads stored versions, and writes the progress of each source's sweep. */
  toSweep(): Access {
    return {
      value: this.table.tableName,
      statements: [
        { actions: ['dynamodb:GetItem', 'dynamodb:Query'], resources: [this.table.tableArn] },
        {
          actions: ['dynamodb:PutItem'],
          resources: [this.table.tableArn],
          conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['sweep#*'] } },
        },
      ],
    };
  }

  /** Reads heads, and writes publish traces and rejections. */
  toWatch(): Access {
    const { value, statements } = this.#to('dynamodb:GetItem', 'dynamodb:Query');
    const note = {
      actions: ['dynamodb:UpdateItem', 'dynamodb:PutItem'],
      resources: [this.table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['trail#*', 'refused#*'] } },
    };
    return { value, statements: [...statements, note] };
  }

  /** Counts the invalidation paths of each month. */
  toCountPurges(): Access {
    return {
      value: this.table.tableName,
      statements: [
        {
          actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
          resources: [this.table.tableArn],
          conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['purges#*'] } },
        },
      ],
    };
  }

  toReadHeads(): Access {
    return this.#to('dynamodb:GetItem');
  }

  /** Reads heads and versions; for a preview, all versions of an article. */
  toDeliver(): Access {
    return this.#to('dynamodb:GetItem', 'dynamodb:Query');
  }

  #to(...actions: string[]): Access {
    return access(this.table.tableName, { actions, resources: [this.table.tableArn] });
  }
}
