import { CommanderError } from 'commander';
import { NotSynthesised } from './cloudformation/assembly.ts';
import { DirectoryInUse } from './directory-lock.ts';
import { PortUnusable } from './port-unusable.ts';
import { SecretsUnreadable } from './secretsmanager/secrets-api.ts';

/** The directory of --data can't be one. */
export class DirectoryUnusable extends Error {
  override readonly name = 'DirectoryUnusable';
}

const withMessage = [
  PortUnusable,
  CommanderError,
  DirectoryUnusable,
  DirectoryInUse,
  SecretsUnreadable,
  NotSynthesised,
];

/** Node's codes of files that cannot be written, in words. */
const notWritable: ReadonlyMap<string | undefined, string> = new Map([
  ['EACCES', 'this account may not write there'],
  ['EPERM', 'this account may not write there'],
  ['EROFS', 'its file system is read-only'],
  ['ENOSPC', 'the disk is full'],
]);

/**
 * Returns the sentence that tells a user why Pressrun does not start and what to change. Undefined if the error is a
 * fault of Pressrun, whose stack is needed.
 */
export function faultOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (withMessage.some((fault) => error instanceof fault)) return error.message;
  const { code, path } = error as NodeJS.ErrnoException;
  const reason = notWritable.get(code);
  return path === undefined || reason === undefined
    ? undefined
    : `${path} cannot be written, since ${reason} (${code ?? ''}): TMPDIR names the directory for temporary files, --data the one for the state`;
}
