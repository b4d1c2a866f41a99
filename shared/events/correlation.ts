/** The CMS's request that a message of a queue goes back to: as the door or Pressrun itself noted it, else the bus event that it is. */
export function correlationIdIn(body: string): string | undefined {
  const message = fieldsOf(parsed(body));
  return (
    idIn(fieldsOf(message['detail'])['correlationId']) ??
    idIn(message['correlationId']) ??
    idIn(fieldsOf(message['origin'])['correlationId']) ??
    idIn(message['id'])
  );
}

/** What a CMS calls so may be anything; only what looks like an id is written into a log, or told to anybody. */
export function idIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value) ? value : undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
