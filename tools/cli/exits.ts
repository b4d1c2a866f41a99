/** The exit codes of every command. */
export const exitCodes = {
  /** Done, and nothing was found. */
  fine: 0,
  /** Something was found, or is not done: a difference, a rejected field, a story that is not public. */
  found: 1,
  /** The command, a flag, a setting or a uri is wrong, and nothing was done. */
  wrongUse: 2,
  /** AWS, the edge or the CMS does not answer, or does not let us in. */
  unreachable: 3,
} as const;

/** The end of every help text. */
export const exitHelp = `
Exit codes:
  0  done, and nothing was found
  1  something was found or is not done: a difference, a fault, a story that is not public
  2  wrong use: the message names the flag or the setting; nothing was done
  3  AWS, the edge or the CMS cannot be reached or does not let you in; the message names which`;

/** The command was used wrongly, and nothing was done. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}

/** A service does not answer. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}
