import { Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { access } from './access.ts';
import type { Access } from './access.ts';
import { nameIn, removalOf } from './stage.ts';
import type { Stage } from './stage.ts';

const SETTLE = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

/** A table that DynamoDB restored, made ready by hand: with a stream of both images. */
export interface RestoredTable {
  readonly name: string;
  readonly streamArn: string;
}

export interface ArticlesProps {
  readonly stage: Stage;
  /** Takes the place of the stack's own table, which is then let go (production keeps it, protected from deletion). */
  readonly restored?: RestoredTable;
}

/** Versions, heads, holds and paths: what is true. Its stream tells of every change. */
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
      // Of the due list and the records of passes; nothing that was published has an end.
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      // Both images: an entry must leave the feeds that only the old one names.
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: stage.keepsData },
      deletionProtection: stage.keepsData,
      removalPolicy: removalOf(stage),
    });
    if (!stage.keepsData) {
      Validations.of(table).acknowledge({
        id: 'AwsSolutions-DDB3',
        reason: 'A stage that goes with its stack has nothing to go back to; production is restorable to the second.',
      });
    }
    return table;
  }

  /** To add versions and write heads; nothing that was published is ever deleted (an erasure strips bodies by an update). */
  toSettle(): Access {
    return this.#to(...SETTLE);
  }

  /** To settle whatever there is, and to strike from the due list what was. */
  toReconcile(): Access {
    const { value, statements } = this.#to(...SETTLE, 'dynamodb:Scan');
    const remove = {
      actions: ['dynamodb:DeleteItem'],
      resources: [this.table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['due#*'] } },
    };
    return { value, statements: [...statements, remove] };
  }

  /** To compare with what is stored, and to note how far a source was swept. */
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

  /** To read heads, and to note what was seen on the way to the readers. */
  toWatch(): Access {
    const { value, statements } = this.#to('dynamodb:GetItem', 'dynamodb:Query');
    const note = {
      actions: ['dynamodb:UpdateItem', 'dynamodb:PutItem'],
      resources: [this.table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['trail#*', 'refused#*'] } },
    };
    return { value, statements: [...statements, note] };
  }

  /** To count the paths of a month. */
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

  toDeliver(): Access {
    return this.#to('dynamodb:GetItem');
  }

  #to(...actions: string[]): Access {
    return access(this.table.tableName, { actions, resources: [this.table.tableArn] });
  }
}
