import { compile } from 'json-schema-to-typescript';
import type { JsonSchema } from '@valibot/to-json-schema';
import { contracts } from '../../shared/events/contract.ts';
import { typeNameOf } from './documents.ts';
import { NamedSchemas } from './json-schema.ts';

/** The generated file, in the directory of the contracts. */
export const typesFile = 'announcements.ts';

const banner = `/**
 * TypeScript types of the announcements. \`npm run contracts\` generates this file from the
 * schemas in shared/events.
 */`;

/** Returns the TypeScript types of the announcements, without a reference to a validation library. */
export async function announcementTypes(): Promise<string> {
  const schemas = new NamedSchemas('draft-07', '#/definitions');
  const announcements = contracts
    .filter(({ direction }) => direction === 'out')
    .map((contract): JsonSchema => {
      const detail = schemas.define(typeNameOf(contract), schemas.schemaOf(contract.detail));
      return {
        type: 'object',
        properties: { type: { const: contract.event }, detail },
        required: ['type', 'detail'],
      };
    });
  return compile(
    {
      title: 'Announcement',
      description: 'An announcement: its `detail-type` and its detail.',
      oneOf: announcements,
      definitions: schemas.definitions,
    } as Parameters<typeof compile>[0],
    'Announcement',
    { additionalProperties: false, bannerComment: banner, style: { printWidth: 120, singleQuote: true } },
  );
}
