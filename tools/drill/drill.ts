import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Room } from './room.ts';

/** A command of a page of the runbook, as the page writes it. */
export interface PageCommand {
  /** The page's file in docs/. */
  readonly page: string;
  /** A line of the page, or a command in it, such as `verify`. */
  readonly line: string;
  /** The values of the page's examples and placeholders. */
  readonly values?: Readonly<Record<string, string>>;
  /** Flags that the page leaves out: an answer, or an address of the laptop. */
  readonly flags?: readonly string[];
  /** Exit code; 0 by default. */
  readonly code?: number;
}

/** An incident in a newsroom, with what the person on call sees and does. */
export interface Incident {
  readonly title: string;
  /** Returns what this machine lacks to play it; undefined if it lacks nothing. */
  readonly missing?: () => string | undefined;
  /** The alarm that rings, by its name without the stage; without an alarm, what people notice. */
  readonly alarm: string | { readonly noticed: string; readonly isNoticed: (room: Room) => Promise<boolean> };
  /** Causes the fault, and publishes stories that it affects. */
  readonly begin: (room: Room) => Promise<void>;
  /** Commands that find the cause. */
  readonly look?: (room: Room) => readonly PageCommand[];
  /** Removes the cause, which is mostly not done with Pressrun's own commands. Faults have ended. */
  readonly mend?: (room: Room) => Promise<void>;
  /** Commands after the cause is removed. */
  readonly repair: (room: Room) => readonly PageCommand[];
  readonly isWhole: (room: Room) => Promise<boolean>;
}

/** The person on call: prints what happens, and waits until the repair may begin. */
export interface OnCall {
  readonly say: (line: string) => void;
  readonly ready: () => Promise<void>;
}

/** Plays an incident to its end. Throws where the alarm does not ring, a command fails, or something stays broken. */
export async function play(incident: Incident, room: Room, { say, ready }: OnCall): Promise<void> {
  const { title, alarm, begin, look, mend, repair, isWhole } = incident;
  say(`# ${title}`);
  room.alarms.reset();
  await begin(room);
  if (typeof alarm === 'string') {
    await room.until(`the alarm ${alarm} rings`, () => room.alarms.isMet(alarm));
    say(`ALARM pressrun-local-${alarm}: ${room.alarms.textOf(alarm)}`);
  } else {
    await room.until(alarm.noticed, () => alarm.isNoticed(room));
    say(`No alarm rings. Noticed: ${alarm.noticed}.`);
  }
  for (const command of look?.(room) ?? []) await run(command, room, say);
  await ready();
  room.faults.endAll();
  await mend?.(room);
  for (const command of repair(room)) await run(command, room, say);
  await room.until(`all is whole after: ${title}`, () => isWhole(room));
  if (typeof alarm === 'string' && room.alarms.isOfQueue(alarm))
    await room.until(`the alarm ${alarm} is over`, async () => !(await room.alarms.isMet(alarm)));
  say('Whole again.');
}

const prefix = 'npm run pressrun -- --stage prod ';

async function run(command: PageCommand, room: Room, say: OnCall['say']): Promise<void> {
  const { page, line, values = {}, flags = [], code = 0 } = command;
  const text = readFileSync(fileURLToPath(new URL(`../../docs/${page}`, import.meta.url)), 'utf8');
  if (!text.includes(line.startsWith(prefix) ? line : `\`${line}\``))
    throw new Error(`docs/${page} does not say: ${line}`);
  const filled = Object.entries(values).reduce((words, [name, value]) => words.replace(name, value), line);
  const words = [...filled.replace(prefix, '').trim().split(/\s+/), ...flags];
  say(`$ pressrun ${words.join(' ')}`);
  const ran = await room.pressrun(words);
  for (const each of ran.output.split('\n').slice(0, 12)) say(`  ${each}`);
  if (ran.code !== code)
    throw new Error(`pressrun ${words.join(' ')} ended with ${ran.code}, not ${code}: ${ran.output}`);
}
