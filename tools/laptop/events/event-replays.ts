import { AwsError } from '../aws-error.ts';
import type { EventBuses } from './event-bus.ts';
import type { Fields } from '../fields.ts';

interface Replay {
  readonly name: string;
  readonly arn: string;
  readonly archiveArn: string;
  readonly destination: { readonly Arn: string; readonly FilterArns: readonly string[] };
  readonly from: number;
  readonly to: number;
  readonly startedAt: number;
  state: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  lastReplayed?: number;
  endedAt?: number;
}

type Answer = Readonly<Record<string, unknown>>;

/**
 * Replays of archives to the rules that the request names. They end with the process; a repeated replay is harmless.
 */
export class EventReplays {
  readonly #buses: EventBuses;
  readonly #now: () => number;
  readonly #replays = new Map<string, Replay>();

  constructor(buses: EventBuses, now: () => number = Date.now) {
    this.#buses = buses;
    this.#now = now;
  }

  start(input: Fields): Answer {
    const name = input.text('ReplayName');
    if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name))
      throw new AwsError(
        'ValidationException',
        'ReplayName must be 1 to 64 letters, digits, dots, hyphens and underscores.',
      );
    if (this.#replays.has(name)) throw new AwsError('ResourceAlreadyExistsException', `Replay ${name} already exists.`);
    const archiveArn = input.text('EventSourceArn');
    const archive = this.#buses.archives.find(({ arn }) => arn === archiveArn);
    if (!archive) throw new AwsError('ResourceNotFoundException', `Archive ${archiveArn} does not exist.`);
    const destination = input.fields('Destination');
    if (destination.text('Arn') !== archive.busArn)
      throw new AwsError(
        'ValidationException',
        'Parameter Destination.Arn is not valid. Reason: a replay goes to the bus that its archive is of.',
      );
    const filterArns = destination.texts('FilterArns');
    for (const arn of filterArns)
      if (!this.#buses.rules.some((rule) => rule.arn === arn))
        throw new AwsError('ValidationException', `Rule ${arn} does not exist.`);
    const replay: Replay = {
      name,
      arn: archiveArn.replace(/:archive\/.*$/, `:replay/${name}`),
      archiveArn,
      destination: { Arn: archive.busArn, FilterArns: filterArns },
      from: instantIn(input, 'EventStartTime'),
      to: instantIn(input, 'EventEndTime'),
      startedAt: this.#now(),
      state: 'RUNNING',
    };
    if (replay.from >= replay.to)
      throw new AwsError(
        'ValidationException',
        'Parameter EventEndTime is not valid. Reason: it must be later than EventStartTime.',
      );
    this.#replays.set(name, replay);
    void this.#run(replay, archive.between(replay.from, replay.to));
    return { ReplayArn: replay.arn, ReplayStartTime: replay.startedAt / 1000, State: 'STARTING' };
  }

  describe(name: string): Answer {
    const replay = this.#replay(name);
    return { ...listed(replay), ReplayArn: replay.arn, Destination: replay.destination };
  }

  cancel(name: string): Answer {
    const replay = this.#replay(name);
    if (replay.state !== 'RUNNING') throw new AwsError('IllegalStatusException', `Replay ${name} is not running.`);
    replay.state = 'CANCELLED';
    return { ReplayArn: replay.arn, State: 'CANCELLING' };
  }

  list(): Answer {
    return { Replays: Array.from(this.#replays.values(), listed) };
  }

  async #run(replay: Replay, events: ReturnType<EventBuses['archives'][number]['between']>): Promise<void> {
    try {
      for (const event of events) {
        // Cancelled while the last one was on its way.
        if (this.#replay(replay.name).state !== 'RUNNING') break;
        await this.#buses.replay(
          { ...event, 'replay-name': replay.name },
          replay.destination.Arn,
          replay.destination.FilterArns,
        );
        replay.lastReplayed = Date.parse(event.time);
      }
      if (replay.state === 'RUNNING') replay.state = 'COMPLETED';
    } catch {
      replay.state = 'FAILED';
    }
    replay.endedAt = this.#now();
  }

  #replay(name: string): Replay {
    const replay = this.#replays.get(name);
    if (!replay) throw new AwsError('ResourceNotFoundException', `Replay ${name} does not exist.`);
    return replay;
  }
}

function listed({ name, archiveArn, state, from, to, lastReplayed, startedAt, endedAt }: Replay): Answer {
  return {
    ReplayName: name,
    EventSourceArn: archiveArn,
    State: state,
    EventStartTime: from / 1000,
    EventEndTime: to / 1000,
    ...(lastReplayed !== undefined && { EventLastReplayedTime: lastReplayed / 1000 }),
    ReplayStartTime: startedAt / 1000,
    ...(endedAt !== undefined && { ReplayEndTime: endedAt / 1000 }),
  };
}

function instantIn(input: Fields, name: string): number {
  const value = input.record[name];
  const instant = typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(instant)) throw new AwsError('ValidationException', `Parameter ${name} is not valid.`);
  return instant;
}
