/** A port is taken, or this account may not open it. */
export class PortUnusable extends Error {
  override readonly name = 'PortUnusable';
}

/** Returns the error for a port that could not be opened, if its user can change that. `variable` sets the port. */
export function portErrorOf({ code }: NodeJS.ErrnoException, port: number, variable: string): PortUnusable | undefined {
  if (code === 'EADDRINUSE')
    return new PortUnusable(
      `port ${port} is taken, perhaps by another "npm start": set ${variable} to another port, or to 0 for any free one`,
    );
  if (code === 'EACCES')
    return new PortUnusable(
      `this account may not open port ${port}: set ${variable} to a port above 1023, or to 0 for any free one`,
    );
  return undefined;
}
