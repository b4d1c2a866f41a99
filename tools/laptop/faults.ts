import type { AwsError } from './aws-error.ts';
import { seeded, type Draw } from './seeded.ts';

export type AwsService = 'dynamodb' | 'events' | 'sqs' | 'scheduler' | 'cloudfront' | 'polly';

/** A fault in one call, as AWS or the network cause it. */
export type Fault =
  /** The call has no effect, and AWS returns an error. */
  | { readonly kind: 'refused'; readonly code: string; readonly status: number }
  /** The connection breaks before anything is done, or after all of it is. */
  | { readonly kind: 'broken'; readonly done: boolean }
  /** Everything is done, late. */
  | { readonly kind: 'late'; readonly milliseconds: number };

/** Decides which calls fail. Without it, no call fails. */
export interface Faults {
  /** Asked for each call that a function makes. */
  inCall(service: AwsService, functionName: string): Fault | undefined;
  /** After how many milliseconds the process of an invocation that begins now is killed, and with it all that it is at. */
  killAfter(functionName: string): number | undefined;
  /** How many milliseconds the clock of an invocation that begins now is ahead. Without it, clocks are right. */
  clockAhead?(functionName: string): number;
}

/** A fault of the functions that it names, for as long as it lasts. */
export interface PlannedFault {
  readonly functions: readonly string[];
  readonly inCall?: { readonly service: AwsService; readonly fault: Fault };
  readonly killAfter?: number;
  readonly clockAhead?: number;
}

/** Faults that begin and end by order. */
export class PlannedFaults implements Faults {
  readonly #underWay = new Set<PlannedFault>();

  begin(fault: PlannedFault): void {
    this.#underWay.add(fault);
  }

  endAll(): void {
    this.#underWay.clear();
  }

  inCall(service: AwsService, functionName: string): Fault | undefined {
    return this.#of(functionName).find(({ inCall }) => inCall?.service === service)?.inCall?.fault;
  }

  killAfter(functionName: string): number | undefined {
    return this.#of(functionName).find((fault) => fault.killAfter !== undefined)?.killAfter;
  }

  clockAhead(functionName: string): number {
    return this.#of(functionName).reduce((sum, { clockAhead = 0 }) => sum + clockAhead, 0);
  }

  #of(functionName: string): PlannedFault[] {
    return [...this.#underWay].filter(({ functions }) => functions.includes(functionName));
  }
}

/** Each service's errors for an internal failure and for throttling. */
const rejections: Readonly<Record<AwsService, readonly (readonly [code: AwsError['code'], status: number])[]>> = {
  dynamodb: [
    ['InternalServerError', 500],
    ['ProvisionedThroughputExceededException', 400],
    ['ThrottlingException', 400],
  ],
  events: [
    ['InternalException', 500],
    ['ThrottlingException', 400],
  ],
  sqs: [
    ['InternalFailure', 500],
    ['RequestThrottled', 403],
  ],
  scheduler: [
    ['InternalServerException', 500],
    ['ThrottlingException', 429],
  ],
  cloudfront: [
    ['ServiceUnavailable', 503],
    ['TooManyInvalidationsInProgress', 400],
  ],
  polly: [
    ['ServiceFailureException', 500],
    ['ThrottlingException', 400],
  ],
};

export interface ChaosSettings {
  /** One of this many calls fails. */
  readonly callsEach: number;
  /** Of how many invocations one is killed. */
  readonly invocationsEach: number;
}

/** Faults by chance. The same seed draws the same faults, though not for the same calls: those come as they come. */
export class Chaos implements Faults {
  readonly #settings: ChaosSettings;
  readonly #below: Draw;
  #over = false;
  /** How many faults there were of each kind. */
  readonly made = { refused: 0, broken: 0, late: 0, killed: 0 };

  constructor(seed: number, settings: ChaosSettings = { callsEach: 6, invocationsEach: 15 }) {
    this.#below = seeded(seed);
    this.#settings = settings;
  }

  /** Ends fault injection. */
  end(): void {
    this.#over = true;
  }

  inCall(service: AwsService): Fault | undefined {
    if (this.#over || this.#below(this.#settings.callsEach) !== 0) return undefined;
    const fault = this.#draw(service);
    this.made[fault.kind] += 1;
    return fault;
  }

  killAfter(): number | undefined {
    if (this.#over || this.#below(this.#settings.invocationsEach) !== 0) return undefined;
    this.made.killed += 1;
    return this.#below(60);
  }

  #draw(service: AwsService): Fault {
    switch (this.#below(6)) {
      case 0:
      case 1:
        return { kind: 'broken', done: true };
      case 2:
        return { kind: 'broken', done: false };
      case 3:
        return { kind: 'late', milliseconds: 20 + this.#below(300) };
      default: {
        const choices = rejections[service];
        const [code, status] = choices[this.#below(choices.length)] ?? ['InternalFailure', 500];
        return { kind: 'refused', code, status };
      }
    }
  }
}
