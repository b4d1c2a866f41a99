import type { JsonSchema } from '@valibot/to-json-schema';
import { contracts, type Contract } from '../../shared/contract.ts';
import { examples } from './examples.ts';
import { detailSchemaOf } from './json-schema.ts';

/** An event as the bus hands it on, apart from its detail. */
function eventSchema({ event, direction }: Contract, detail: JsonSchema): JsonSchema {
  return {
    type: 'object',
    required: ['id', 'source', 'detail-type', 'time', 'detail'],
    properties: {
      id: { type: 'string', description: 'The id that the bus gave it. A repeat has another.' },
      source: direction === 'out' ? { type: 'string', const: 'pressrun' } : { type: 'string', not: { const: 'pressrun' } },
      'detail-type': { type: 'string', const: event },
      time: { type: 'string', format: 'date-time' },
      'replay-name': { type: 'string', description: 'The replay of the archive that brought it.' },
      detail,
    },
  };
}

/** The JSON Schema (draft 7) of an event's detail. */
export function jsonSchemaOf(contract: Contract): JsonSchema {
  const { schema, definitions } = detailSchemaOf(contract, 'draft-07', (name) => `#/definitions/${name}`);
  const { event, direction, schemaVersion } = contract;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `urn:pressrun:${direction}:${event}:${schemaVersion}`,
    title: event,
    ...schema,
    ...(Object.keys(definitions).length > 0 && { definitions }),
    examples: [examples[event] ?? {}],
  };
}

/** What EventBridge's schema registry takes, and makes code bindings of (OpenAPI 3.0). */
export function openApiOf(contract: Contract): object {
  const { event, direction, schemaVersion } = contract;
  const { schema, definitions } = detailSchemaOf(contract, 'openapi-3.0', (name) => `#/components/schemas/${name}`);
  const texts = ['id', 'source', 'account', 'region', 'detail-type', 'version'];
  return {
    openapi: '3.0.0',
    info: { version: `${schemaVersion}.0.0`, title: event },
    paths: {},
    components: {
      schemas: {
        AWSEvent: {
          type: 'object',
          required: [...texts, 'resources', 'time', 'detail'],
          'x-amazon-events-detail-type': event,
          ...(direction === 'out' && { 'x-amazon-events-source': 'pressrun' }),
          properties: {
            ...Object.fromEntries(texts.map((name) => [name, { type: 'string' }])),
            resources: { type: 'array', items: { type: 'string' } },
            time: { type: 'string', format: 'date-time' },
            detail: { $ref: '#/components/schemas/Detail' },
          },
        },
        Detail: schema,
        ...definitions,
      },
    },
  };
}

/** Every event in one document (AsyncAPI 3). */
export function asyncApi(): object {
  const made = contracts.map((contract) => ({ contract, ...detailSchemaOf(contract, 'draft-07', (name) => `#/components/schemas/${name}`) }));
  const operation = (action: 'receive' | 'send', direction: Contract['direction'], summary: string): object => ({
    action,
    summary,
    channel: { $ref: '#/channels/bus' },
    messages: contracts.filter((contract) => contract.direction === direction).map(({ event }) => ({ $ref: `#/channels/bus/messages/${event}` })),
  });
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Pressrun',
      version: '1.0.0',
      description: 'What a newsroom tells Pressrun, and what Pressrun tells whoever subscribes, on one EventBridge bus: at least once, in no order.',
    },
    defaultContentType: 'application/json',
    channels: {
      bus: {
        address: 'pressrun-{stage}',
        description: 'An EventBridge bus.',
        parameters: { stage: { description: 'Such as prod; `local` on a laptop.' } },
        messages: Object.fromEntries(contracts.map(({ event }) => [event, { $ref: `#/components/messages/${event}` }])),
      },
    },
    operations: {
      take: operation('receive', 'in', 'What anybody but Pressrun puts on the bus.'),
      tell: operation('send', 'out', 'What Pressrun puts on the bus once it has happened.'),
    },
    components: {
      messages: Object.fromEntries(
        made.map(({ contract, schema }) => [
          contract.event,
          {
            name: contract.event,
            ...(schema.description !== undefined && { summary: schema.description }),
            payload: eventSchema(contract, schema),
            examples: [{ payload: exampleOf(contract) }],
          },
        ]),
      ),
      schemas: Object.assign({}, ...made.map(({ definitions }) => definitions)) as object,
    },
  };
}

function exampleOf({ event, direction }: Contract): object {
  return {
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    source: direction === 'out' ? 'pressrun' : 'my-newsroom',
    'detail-type': event,
    time: '2026-05-01T12:00:01Z',
    detail: examples[event],
  };
}

/** Where the files stand, from the top of the repository. */
export const directory = 'shared/contracts';

/** The file of an event's schema. */
export function fileOf({ event, direction }: Contract): string {
  return `${direction}/${event}.json`;
}

/** Every file that is made of the contracts, by its path in the directory. */
export function files(): ReadonlyMap<string, string> {
  const text = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;
  return new Map([...contracts.map((contract) => [fileOf(contract), text(jsonSchemaOf(contract))] as const), ['asyncapi.json', text(asyncApi())]]);
}
