import { TestEnvironment } from 'jest-environment-node';

/** The fields of Jest's events that are read here. */
interface TestEvent {
  readonly name: string;
  readonly test?: { mode?: 'skip' | null };
}

/** Ends a suite with its first failure. Jest itself ends with the first suite that fails, and all of the core's tests are one. */
export default class FirstFailure extends TestEnvironment {
  #hasFailed = false;

  readonly handleTestEvent = ({ name, test }: TestEvent): void => {
    if (name === 'test_fn_failure') this.#hasFailed = true;
    else if (name === 'test_start' && this.#hasFailed && test) test.mode = 'skip';
  };
}
