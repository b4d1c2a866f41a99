import Sequencer from '@jest/test-sequencer';

const slow = /[/\\]test[/\\](?:browser|infra|journey|simulation)[/\\]/;

/**
 * Without durations of an earlier run, Jest starts with the largest files. A slow suite in a small file would come last,
 * and one worker would wait for it.
 */
export default class SlowFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(({ path }) => slow.test(path)), ...sorted.filter(({ path }) => !slow.test(path))];
  }
}
