import { toJsonSchema, type ConversionConfig, type JsonSchema } from '@valibot/to-json-schema';
import { association } from '../../shared/article/article-schema.ts';
import type { GenericSchema } from 'valibot';
import { saySame } from '../../shared/canonical.ts';

type Override = NonNullable<ConversionConfig['overrideAction']>;

/** Rules that JSON Schema cannot express are written in the description. */
const sayInWords: Override = ({ valibotAction, jsonSchema, errors }) => {
  const { type, message, requirement } = valibotAction as {
    readonly type: string;
    readonly message?: unknown;
    readonly requirement?: unknown;
  };
  if (requirement instanceof RegExp) {
    const { pattern, ...rest } = jsonSchema;
    // JSON Schema's patterns have no case-insensitive flag, and a schema holds one pattern.
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

/**
 * Schemas of one document. Generators name types after definitions, so every schema with a title becomes a definition
 * and is referred to.
 */
export class NamedSchemas {
  readonly definitions: Record<string, JsonSchema> = {};
  readonly #dialect: NonNullable<ConversionConfig['target']>;
  readonly #pointer: string;

  /** `pointer` leads to the definitions in the document, such as `#/components/schemas`. */
  constructor(dialect: NonNullable<ConversionConfig['target']>, pointer: string) {
    this.#dialect = dialect;
    this.#pointer = pointer;
  }

  schemaOf(schema: GenericSchema): JsonSchema {
    const { $schema, $defs, ...converted } = toJsonSchema(schema, {
      target: this.#dialect,
      // In a pipe, the last schema validates the fields; earlier ones only distinguish objects from arrays.
      typeMode: 'output',
      // Requirements that cannot be converted are put into the description.
      errorMode: 'ignore',
      definitions: { Association: association },
      overrideRef: ({ referenceId }) => this.#refTo(referenceId),
      overrideAction: sayInWords,
      overrideSchema: ({ jsonSchema }) => {
        const { required, ...rest } = jsonSchema;
        // Draft 4, and so OpenAPI 3.0, knows no empty list here.
        return required?.length === 0 ? rest : undefined;
      },
    });
    return this.#named(converted, $defs ?? {});
  }

  /**
   * A reference to a schema by this name.
   * @throws {Error} another schema of the document has the name.
   */
  define(name: string, schema: JsonSchema): JsonSchema {
    const known = this.definitions[name];
    if (known !== undefined && !saySame(known, schema))
      throw new Error(`two schemas are called ${name}: give one of them another title`);
    this.definitions[name] = schema;
    return { $ref: this.#refTo(name) };
  }

  #named(schema: JsonSchema, recursive: Readonly<Record<string, JsonSchema | boolean>>): JsonSchema {
    this.#defineRecursive(schema, recursive);
    const { title, ...rest } = withSubschemas(schema, (inner) => this.#named(inner, recursive));
    return title === undefined ? rest : this.define(title, rest);
  }

  #defineRecursive({ $ref }: JsonSchema, recursive: Readonly<Record<string, JsonSchema | boolean>>): void {
    const name = Object.keys(recursive).find((each) => this.#refTo(each) === $ref);
    const schema = name === undefined ? undefined : recursive[name];
    if (name === undefined || typeof schema !== 'object' || this.definitions[name] !== undefined) return;
    // The name is reserved before the fields are converted, since they may refer to it.
    this.definitions[name] = {};
    this.definitions[name] = this.#named(schema, recursive);
  }

  #refTo(name: string): string {
    return `${this.#pointer}/${name}`;
  }
}

/** The same schema with each schema directly within it replaced. */
function withSubschemas(schema: JsonSchema, replace: (inner: JsonSchema) => JsonSchema): JsonSchema {
  const one = <Held>(held: Held): Held | JsonSchema =>
    typeof held === 'object' && held !== null ? replace(held) : held;
  const { properties, items, anyOf, allOf, additionalProperties } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, held]) => [name, one(held)])),
    }),
    ...(items !== undefined && { items: Array.isArray(items) ? items.map(one) : one(items) }),
    ...(anyOf && { anyOf: anyOf.map(one) }),
    ...(allOf && { allOf: allOf.map(one) }),
    ...(additionalProperties !== undefined && { additionalProperties: one(additionalProperties) }),
  };
}
