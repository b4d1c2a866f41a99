import * as v from 'valibot';
import { issuesOf } from '../field-schema.ts';

/**
 * Returns the environment variables that the schema names, parsed. Throws an error that names each invalid variable and
 * no value.
 */
export function environment<const Entries extends v.ObjectEntries>(
  schema: v.ObjectSchema<Entries, undefined>,
  variables: NodeJS.ProcessEnv = process.env,
) {
  const { success, output, issues } = v.safeParse(schema, variables);
  if (!success)
    throw new Error(
      `the environment is wrong: ${issuesOf(issues)
        .map(({ path, message }) => `${path} ${message}`)
        .join('; ')}`,
    );
  return output;
}
