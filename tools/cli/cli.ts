import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { harmlessText } from '../laptop/printable.ts';
import { awsAddressOf, connect, type Connection } from './connection.ts';
import { exitCodes, WrongUse } from './exits.ts';
import type { AwsAddress } from './explained.ts';
import { clockOf, newsroomZone } from './zone.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly stage: string;
  readonly endpointUrl?: string;
  readonly json?: boolean;
  readonly timeZone?: string;
  readonly articlesTable?: string;
}

/** Where a command prints, text by text, and reads answers. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Absent: nobody can be asked. */
  readonly input?: NodeJS.ReadStream;
}

/** The terminal of this process. */
export const processTerminal: Terminal = { out: console.log, err: console.error, input: process.stdin };

/** The command line that a command runs in: its connection to the stage, its output and its questions. */
export class Cli {
  readonly #options: () => GlobalOptions;
  readonly #terminal: Terminal;
  #exitCode: number = exitCodes.fine;

  constructor(options: () => GlobalOptions, terminal: Terminal) {
    this.#options = options;
    this.#terminal = terminal;
  }

  /** Who runs the command, as the operating system knows the user. */
  readonly user: string = userInfo().username;

  get json(): boolean {
    return this.#options().json === true;
  }

  /** Whether a line of progress can be rewritten in place. */
  get showsProgress(): boolean {
    return process.stderr.isTTY && !this.json;
  }

  connect(): Connection {
    const { stage, endpointUrl, articlesTable } = this.#options();
    return connect(stage, endpointUrl, awsPort(), articlesTable);
  }

  awsAddress(): AwsAddress {
    const { stage, endpointUrl } = this.#options();
    return awsAddressOf(stage, endpointUrl, awsPort());
  }

  /** An instant as the newsroom's clock shows it, or that of `--time-zone`. */
  readonly timeOf = (instant: number): string => clockOf(this.#options().timeZone ?? newsroomZone())(instant);

  /** Prints the value as JSON for `--json`, else the lines. */
  print(value: unknown, lines: readonly string[]): void {
    this.write(this.json ? JSON.stringify(value, undefined, 2) : lines.join('\n'));
  }

  /** Prints a line of the result before the result is complete. */
  write(text: string): void {
    this.#terminal.out(harmlessText(text));
  }

  /** Prints a line beside the result: progress, a hint, an error that does not end the command. */
  note(text: string): void {
    this.#terminal.err(harmlessText(text));
  }

  /** The command ends with exit code 1. */
  found(): void {
    this.#exitCode = exitCodes.found;
  }

  get exitCode(): number {
    return this.#exitCode;
  }

  /** Asks at the terminal unless `--yes` was given. @throws {WrongUse} The answer is not yes, or there is no terminal. */
  async confirm({ yes }: { readonly yes?: boolean }, question: string): Promise<void> {
    if (yes === true) return;
    const { input } = this.#terminal;
    if (input?.isTTY !== true) throw new WrongUse('add --yes: there is no terminal to ask for confirmation');
    const dialogue = createInterface({ input, output: process.stderr });
    const answer = await dialogue.question(`${question} (stage ${this.#options().stage}) [y/N] `);
    dialogue.close();
    if (!/^y(es)?$/i.test(answer.trim())) throw new WrongUse('nothing was done');
  }
}

function awsPort(): string {
  return process.env['PRESSRUN_AWS_PORT'] ?? '4566';
}
