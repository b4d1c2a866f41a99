import { CfnRegistry, CfnSchema } from 'aws-cdk-lib/aws-eventschemas';
import { Construct } from 'constructs';
import { contracts } from '../shared/events/contract.ts';
import { openApiOf } from '../tools/contracts/documents.ts';
import { nameIn } from './stage.ts';
import type { Stage } from './stage.ts';

export interface ContractsProps {
  readonly stage: Stage;
}

/** Publishes the schema of every event to EventBridge's schema registry, for consoles and code generators. */
export class Contracts extends Construct {
  constructor(scope: Construct, id: string, { stage }: ContractsProps) {
    super(scope, id);
    const registry = new CfnRegistry(this, 'Registry', {
      registryName: nameIn(stage),
      description: 'Events that a newsroom sends to Pressrun, and announcements that Pressrun publishes.',
    });
    for (const contract of contracts) {
      const { event, direction } = contract;
      new CfnSchema(this, event, {
        registryName: registry.attrRegistryName,
        schemaName: direction === 'out' ? `pressrun@${event}` : event,
        type: 'OpenApi3',
        content: JSON.stringify(openApiOf(contract)),
      });
    }
  }
}
