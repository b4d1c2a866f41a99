import type { Bus, BusEvent, PayloadStore } from '../../shared/events/ports.ts';
import type { Secrets, SweepMark, SweepMarks } from '../../shared/cms/ports.ts';

/** A bus with EventBridge's limits. */
export class MemoryBus implements Bus {
  readonly events: BusEvent[] = [];

  put(events: readonly BusEvent[]): Promise<void> {
    for (const { detail } of events)
      if (Buffer.byteLength(JSON.stringify(detail)) > 1_000_000)
        return Promise.reject(new Error('the entry is too large'));
    this.events.push(...structuredClone(events));
    return Promise.resolve();
  }
}

export class MemoryPayloadStore implements PayloadStore {
  readonly withClaimCheck = new Map<string, string>();

  put(key: string, text: string): Promise<void> {
    this.withClaimCheck.set(key, text);
    return Promise.resolve();
  }

  fetch(key: string): Promise<string | undefined> {
    return Promise.resolve(this.withClaimCheck.get(key));
  }
}

export class MemorySecrets implements Secrets {
  readonly secrets: Map<string, string>;

  constructor(secrets: Readonly<Record<string, string>>) {
    this.secrets = new Map(Object.entries(secrets));
  }

  secretOf(source: string): Promise<string | undefined> {
    return Promise.resolve(this.secrets.get(source));
  }
}

export class MemorySweepMarks implements SweepMarks {
  readonly marks = new Map<string, SweepMark>();

  read(source: string): Promise<SweepMark | undefined> {
    return Promise.resolve(this.marks.get(source));
  }

  write(source: string, mark: SweepMark): Promise<void> {
    this.marks.set(source, structuredClone(mark));
    return Promise.resolve();
  }
}
