import { parsedJson } from '../json.ts';

/**
 * Returns the correlation id of a queue's message: the one that the endpoint or Pressrun itself recorded, else the id
 * of the bus event.
 */
export function correlationIdIn(body: string): string | undefined {
  const message = fieldsOf(parsedJson(body));
  return (
    idIn(fieldsOf(message['detail'])['correlationId']) ??
    idIn(message['correlationId']) ??
    idIn(fieldsOf(message['origin'])['correlationId']) ??
    idIn(message['id'])
  );
}

/** Returns the value if it looks like an id. A CMS may send anything, and no other value is logged or announced. */
export function idIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value) ? value : undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
