import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import { WrongUse } from './exits.ts';
import type { Requester } from './send-events.ts';
import { textIn } from './text-file.ts';

/** Options of the commands that send an event of an article, front or picture. */
export interface RequestOptions {
  readonly reason?: string;
  readonly actor: string;
  readonly yes?: boolean;
}

export function addRequestOptions(command: Command, { user }: Cli): Command {
  return command
    .option('--reason <text>', 'why: stored with the order and shown by history')
    .option('--actor <name>', 'who asks for it: stored with the order and shown by history', user)
    .option('--yes', 'do not ask first');
}

export function requesterOf({ actor, reason }: RequestOptions): Requester {
  return { actor, ...(reason !== undefined && { reason }) };
}

/** The uris of the command line and of the file of `--from`, each once. @throws {WrongUse} There is none. */
export function urisOf(given: readonly string[], { from }: { readonly from?: string }): string[] {
  const listed = from === undefined ? [] : textIn(from, `--from ${from}`).split('\n');
  const uris = listed.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  const all = [...new Set([...given, ...uris])];
  if (all.length === 0) throw new WrongUse('name at least one uri, or a file of them with --from');
  return all;
}
