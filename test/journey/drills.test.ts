import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statusOf } from '../../tools/cli/status.ts';
import { play } from '../../tools/drill/drill.ts';
import { incidents } from '../../tools/drill/incidents.ts';
import { drillContext, Room } from '../../tools/drill/room.ts';
import { assemblyOf } from './assemblies.ts';

let room: Room;

beforeAll(async () => {
  room = await Room.open(await assemblyOf(drillContext));
});

afterAll(async () => room.close());

for (const [name, incident] of Object.entries(incidents)) {
  const playable = incident.missing?.() === undefined ? test : test.skip;
  playable(
    `${name}: the alarm's condition is met, the runbook's commands work, and everything is repaired afterwards`,
    async () => {
      const said: string[] = [];
      await play(incident, room, { say: (line) => void said.push(line), ready: () => Promise.resolve() });
      expect(said.at(-1)).toBe('Whole again.');
    },
  );
}

test('after all drills there is no dead letter and no drift', async () => {
  expect((await statusOf(room.connection)).queues.filter(({ name }) => name.endsWith('-dlq'))).toEqual([]);
  expect(await room.pressrun(['verify'])).toMatchObject({ code: 0 });
});
