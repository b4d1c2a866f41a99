import { createInterface } from 'node:readline/promises';
import { didYouMean } from '../../shared/did-you-mean.ts';
import { exitCodes } from '../cli/exits.ts';
import { play } from './drill.ts';
import { incidents } from './incidents.ts';
import { Room } from './room.ts';

/** `npm run drill [-- NAME…] [--yes]`: plays incidents on a laptop of its own. Only `--yes` does not wait for Enter. */
const names = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const isUnattended = process.argv.includes('--yes') || !process.stdin.isTTY;
const unknown = names.find((name) => incidents[name] === undefined);

if (unknown !== undefined || process.argv.includes('--help')) {
  const known = Object.keys(incidents);
  if (unknown !== undefined) console.error(`there is no drill ${unknown}${didYouMean(unknown, known)}`);
  console.log(
    `npm run drill -- [NAME…] [--yes]\nPlays incidents on this machine, by default all of them. --yes does not wait for Enter before the repair.`,
  );
  for (const [name, { title }] of Object.entries(incidents)) console.log(`  ${name.padEnd(24)} ${title}`);
  process.exitCode = unknown === undefined ? exitCodes.fine : exitCodes.wrongUse;
} else await playAll(names.length === 0 ? Object.keys(incidents) : names);

async function playAll(wanted: readonly string[]): Promise<void> {
  const room = await Room.open();
  try {
    for (const [name, incident] of Object.entries(incidents)) {
      if (!wanted.includes(name)) continue;
      const missing = incident.missing?.();
      if (missing === undefined) await play(incident, room, { say: console.log, ready });
      else console.log(`# ${incident.title}\nNot played: ${missing}`);
    }
  } finally {
    await room.close();
  }
}

async function ready(): Promise<void> {
  if (isUnattended) return;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  await terminal.question('What would you do? The page of the runbook says it. Enter repairs it as the page does. ');
  terminal.close();
}
