import type { JsonSchema } from '@valibot/to-json-schema';
import { contracts, type Contract } from '../../shared/events/contract.ts';
import { examples } from './examples.ts';
import { NamedSchemas } from './json-schema.ts';
import { openApi } from './open-api.ts';

/** The name that code generators give an event's detail: `ArticleLive` for `article.live`. */
export function typeNameOf({ event }: Contract): string {
  return event.replaceAll(/(?:^|\.)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** An event as the bus hands it on. */
function eventSchema({ event, direction }: Contract, detail: JsonSchema): JsonSchema {
  return {
    type: 'object',
    required: ['id', 'source', 'detail-type', 'time', 'detail'],
    properties: {
      id: { type: 'string', description: 'The id that EventBridge gave the event. A repeat has another id.' },
      source:
        direction === 'out' ? { type: 'string', const: 'pressrun' } : { type: 'string', not: { const: 'pressrun' } },
      'detail-type': { type: 'string', const: event },
      time: { type: 'string', format: 'date-time' },
      'replay-name': { type: 'string', description: 'The name of the archive replay that delivered the event.' },
      detail,
    },
  };
}

/** The body of a webhook, by Standard Webhooks. */
function webhookSchema({ event }: Contract, data: JsonSchema): JsonSchema {
  return {
    type: 'object',
    required: ['type', 'timestamp', 'data'],
    properties: {
      type: { type: 'string', const: event },
      timestamp: { type: 'string', format: 'date-time', description: '`occurredAt` of the announcement.' },
      data,
    },
  };
}

/** The JSON Schema (draft 7) of an event's detail. */
export function jsonSchemaOf(contract: Contract): JsonSchema {
  const schemas = new NamedSchemas('draft-07', '#/definitions');
  const schema = schemas.schemaOf(contract.detail);
  const { event, direction, schemaVersion } = contract;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `urn:pressrun:${direction}:${event}:${schemaVersion}`,
    title: event,
    ...schema,
    ...(Object.keys(schemas.definitions).length > 0 && { definitions: schemas.definitions }),
    examples: [examples[event] ?? {}],
  };
}

/** OpenAPI 3.0, which EventBridge's schema registry takes for code bindings. */
export function openApiOf(contract: Contract): object {
  const { event, direction, schemaVersion } = contract;
  const schemas = new NamedSchemas('openapi-3.0', '#/components/schemas');
  const detail = schemas.define('Detail', schemas.schemaOf(contract.detail));
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
            detail,
          },
        },
        ...schemas.definitions,
      },
    },
  };
}

/** Every event in one document (AsyncAPI 3). */
export function asyncApi(): object {
  const schemas = new NamedSchemas('draft-07', '#/components/schemas');
  const described = contracts.map((contract) => {
    const schema = schemas.schemaOf(contract.detail);
    const name = typeNameOf(contract);
    const detail = schemas.define(name, schema);
    const summary = schema.description === undefined ? {} : { summary: schema.description };
    return { contract, name, detail, summary };
  });
  const announced = described.filter(({ contract }) => contract.direction === 'out');
  const onBus = described.map(({ contract, name, detail, summary }) => [
    contract.event,
    {
      name: contract.event,
      ...summary,
      payload: schemas.define(`${name}Event`, eventSchema(contract, detail)),
      examples: [{ payload: eventExample(contract) }],
    },
  ]);
  const posted = announced.map(({ contract, name, detail, summary }) => [
    webhookMessage(contract),
    {
      name: contract.event,
      ...summary,
      headers: schemas.define('WebhookHeaders', webhookHeaders),
      payload: schemas.define(`${name}Webhook`, webhookSchema(contract, detail)),
      examples: [{ headers: webhookHeadersExample, payload: webhookExample(contract) }],
    },
  ]);
  const references = (place: string, names: readonly string[]): object[] =>
    names.map((name) => ({ $ref: `${place}/messages/${name}` }));
  const inChannel = (names: readonly string[]): object =>
    Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
  const eventsOf = (direction: Contract['direction']): string[] =>
    contracts.filter((contract) => contract.direction === direction).map(({ event }) => event);
  const webhookMessages = announced.map(({ contract }) => webhookMessage(contract));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Pressrun',
      version: '1.0.0',
      description:
        'The events that a newsroom sends to Pressrun and the announcements that Pressrun sends to its subscribers, on one EventBridge bus and by webhooks. Delivery is at least once and in any order.',
    },
    defaultContentType: 'application/json',
    channels: {
      bus: {
        address: 'pressrun-{stage}',
        description: 'An EventBridge bus.',
        parameters: { stage: { description: 'The stage, such as prod. On a laptop it is `local`.' } },
        messages: inChannel(contracts.map(({ event }) => event)),
      },
      webhook: {
        address: null,
        description:
          'The address that a subscription names. Requests are signed according to Standard Webhooks 1.0 (https://www.standardwebhooks.com) and repeated for more than a day until the response is a 2xx.',
        messages: inChannel(webhookMessages),
      },
    },
    operations: {
      take: {
        action: 'receive',
        summary: 'Events that Pressrun receives.',
        channel: { $ref: '#/channels/bus' },
        messages: references('#/channels/bus', eventsOf('in')),
      },
      tell: {
        action: 'send',
        summary: 'Announcements that Pressrun publishes.',
        channel: { $ref: '#/channels/bus' },
        messages: references('#/channels/bus', eventsOf('out')),
      },
      post: {
        action: 'send',
        summary: 'The same announcements, sent to the webhook of a subscription.',
        channel: { $ref: '#/channels/webhook' },
        bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
        messages: references('#/channels/webhook', webhookMessages),
      },
    },
    components: {
      messages: Object.fromEntries([...onBus, ...posted]) as object,
      schemas: schemas.definitions,
    },
  };
}

function webhookMessage({ event }: Contract): string {
  return `${event}.webhook`;
}

const webhookHeaders: JsonSchema = {
  type: 'object',
  required: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
  properties: {
    'webhook-id': { type: 'string', description: 'The `id` of the announcement. It is the same in every attempt.' },
    'webhook-timestamp': {
      type: 'string',
      pattern: '^\\d+$',
      description: 'The time of this attempt in seconds since 1970.',
    },
    'webhook-signature': {
      type: 'string',
      description:
        'HMAC-SHA256 signatures of `<webhook-id>.<webhook-timestamp>.<body>`, each written `v1,<base64>` and separated by spaces: one for each valid secret.',
    },
  },
};

const webhookHeadersExample = {
  'webhook-id': '1f0c58a5a7e0a0a0f2f6c6e7f1b0b8d1',
  'webhook-timestamp': '1777636801',
  'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
};

function webhookExample({ event }: Contract): object {
  return { type: event, timestamp: '2026-05-01T12:00:00.412Z', data: examples[event] };
}

function eventExample({ event, direction }: Contract): object {
  return {
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    source: direction === 'out' ? 'pressrun' : 'my-newsroom',
    'detail-type': event,
    time: '2026-05-01T12:00:01Z',
    detail: examples[event],
  };
}

/** The files' directory, from the root of the repository. */
export const directory = 'shared/contracts';

/** The file of an event's schema. */
export function fileOf({ event, direction }: Contract): string {
  return `${direction}/${event}.json`;
}

/** Every file that is made of the contracts, by its path in the directory. */
export function files(): ReadonlyMap<string, string> {
  const text = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;
  return new Map([
    ...contracts.map((contract) => [fileOf(contract), text(jsonSchemaOf(contract))] as const),
    ['asyncapi.json', text(asyncApi())],
    ['openapi.json', text(openApi())],
  ]);
}
