import { toJsonSchema, type ConversionConfig, type JsonSchema } from '@valibot/to-json-schema';
import { association } from '../../shared/article-schema.ts';
import type { Contract } from '../../shared/contract.ts';

type Override = NonNullable<ConversionConfig['overrideAction']>;

/** What JSON Schema has no words for is said in the description: a rule that nobody is told of cannot be kept. */
const sayInWords: Override = ({ valibotAction, jsonSchema, errors }) => {
  const { type, message, requirement } = valibotAction as { readonly type: string; readonly message?: unknown; readonly requirement?: unknown };
  if (requirement instanceof RegExp) {
    const { pattern, ...rest } = jsonSchema;
    // A pattern that knows no lower case would refuse what is taken here; of two, one has room.
    if (requirement.flags.includes('i')) return inWords(rest, message);
    return pattern === undefined || pattern === requirement.source ? undefined : inWords(jsonSchema, message);
  }
  return errors === undefined || type === 'transform' ? undefined : inWords(jsonSchema, message);
};

function inWords(schema: JsonSchema, message: unknown): JsonSchema {
  if (typeof message !== 'string') return schema;
  const sentence = `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`;
  return { ...schema, description: schema.description === undefined ? sentence : `${schema.description} ${sentence}` };
}

/** The schema of an event's detail, in a dialect of JSON Schema, and what it refers to. */
export function detailSchemaOf(
  { detail }: Contract,
  target: NonNullable<ConversionConfig['target']>,
  refersTo: (name: string) => string,
): { readonly schema: JsonSchema; readonly definitions: NonNullable<JsonSchema['definitions']> } {
  const { $schema, $defs, ...schema } = toJsonSchema(detail, {
    target,
    // The last schema of a pipe judges the fields; one before it only tells objects from lists.
    typeMode: 'output',
    // What cannot be converted is said in words.
    errorMode: 'ignore',
    definitions: { association },
    overrideRef: ({ referenceId }) => refersTo(referenceId),
    overrideAction: sayInWords,
    overrideSchema: ({ jsonSchema }) => {
      const { required, ...rest } = jsonSchema;
      // Draft 4, and so OpenAPI 3.0, knows no empty list here.
      return required?.length === 0 ? rest : undefined;
    },
  });
  return { schema, definitions: JSON.stringify(schema).includes('"$ref"') ? ($defs ?? {}) : {} };
}
