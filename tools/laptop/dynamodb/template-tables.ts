import { type SourceTable } from './dynamodb-endpoint.ts';
import { DynamoDbEngine } from './dynamodb-engine.ts';
import { TableStream } from './table-stream.ts';
import { Template, type Resource } from '../cloudformation/template.ts';
import { inputOf } from '../wire.ts';

/** Tables that the template only refers to, by a mapping that reads their stream: restored ones, which stood before the stack. */
export async function restoredTables(
  template: Template,
  engine: DynamoDbEngine,
  durable: { readonly directory?: string },
): Promise<SourceTable[]> {
  const own = new Set(template.all('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map(({ name }) => name));
  const arns = template
    .all('AWS::Lambda::EventSourceMapping')
    .map(({ properties }) => properties.text('EventSourceArn'));
  const tables: SourceTable[] = [];
  for (const arn of new Set(arns)) {
    const [, table] = /:table\/([^/]+)\/stream\//.exec(arn) ?? [];
    if (table === undefined || own.has(table)) continue;
    const described = await engine.call('DescribeTable', JSON.stringify({ TableName: table }));
    if (described.status !== 200) throw new Error(`a mapping reads the stream of ${table}, and there is no such table`);
    const keys = inputOf(described.body).fields('Table').fieldsList('KeySchema');
    const keyNames = keys.map((key) => key.text('AttributeName'));
    const viewType = 'NEW_AND_OLD_IMAGES';
    tables.push({
      name: table,
      keyNames,
      streamSpecification: { StreamEnabled: true, StreamViewType: viewType },
      stream: new TableStream({ table, arn, viewType, partitionKey: keyNames[0] ?? '', ...durable }),
    });
  }
  return tables;
}

export function sourceTableOf(
  table: Resource,
  template: Template,
  durable: { readonly directory?: string },
): SourceTable {
  const { name, properties } = table;
  const keys = properties
    .fieldsList('KeySchema')
    .map((key) => ({ name: key.text('AttributeName'), isPartition: key.text('KeyType') === 'HASH' }));
  const streamSpecification = properties.optionalFields('StreamSpecification');
  const expiry = properties.optionalFields('TimeToLiveSpecification');
  return {
    name,
    keyNames: keys.map((key) => key.name),
    ...(streamSpecification && {
      streamSpecification: { StreamEnabled: true, ...streamSpecification.record },
      stream: new TableStream({
        table: name,
        arn: template.attribute(table, 'StreamArn'),
        viewType: streamSpecification.text('StreamViewType'),
        partitionKey: keys.find(({ isPartition }) => isPartition)?.name ?? '',
        ...durable,
      }),
    }),
    ...(expiry?.flag('Enabled') && { expiryAttribute: expiry.text('AttributeName') }),
  };
}
