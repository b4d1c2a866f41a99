import { setTimeout as pause } from 'node:timers/promises';

/** Asks until the answer is not undefined. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>, timeoutMs = 30_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`still waiting: ${what}`);
    await pause(20);
  }
}
