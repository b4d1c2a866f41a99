import { CfnRegistry, CfnSchema } from 'aws-cdk-lib/aws-eventschemas';
import { Construct } from 'constructs';
import { contracts } from '../shared/events/contract.ts';
import { openApiOf } from '../tools/contracts/documents.ts';
import { nameIn } from './stage.ts';
import type { Stage } from './stage.ts';

export interface ContractsProps {
  readonly stage: Stage;
}

/** Every event in EventBridge's schema registry, where consoles and code generators look for it. */
export class Contracts extends Construct {
  constructor(scope: Construct, id: string, { stage }: ContractsProps) {
    super(scope, id);
    const registry = new CfnRegistry(this, 'Registry', {
      registryName: nameIn(stage),
      description: 'What a newsroom tells Pressrun, and what Pressrun tells its consumers.',
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
