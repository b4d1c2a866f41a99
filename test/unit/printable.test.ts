import { describe, expect, test } from '@jest/globals';
import { Cli } from '../../tools/cli/cli.ts';
import { rejectionLines } from '../../tools/dashboard/rejections.ts';
import { printable } from '../../tools/laptop/printable.ts';

describe('input that a laptop prints', () => {
  test('is on one line, without control characters', () => {
    expect(printable('a\nrejected: \u001b[31mForged\u009b\u2028\u202e\r')).toBe(
      String.raw`a\u000arejected: \u001b[31mForged\u009b\u2028\u202e\u000d`,
    );
    expect(printable('rejected: urn:x (from Zürich, event 1)')).toBe('rejected: urn:x (from Zürich, event 1)');
  });

  test('is escaped in each line about a rejection', () => {
    const detail = {
      source: 'x\nrejected: FORGED',
      uri: '\u001b[2J',
      eventId: '1',
      errors: [{ path: 'a\nb', message: 'c' }],
    };
    const event = { source: 'pressrun', 'detail-type': 'article.rejected', detail };
    const lines = rejectionLines({ kind: 'bus-event', event } as unknown as Parameters<typeof rejectionLines>[0]);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).not.toMatch(/\p{Cc}/u);
  });

  test('does not steer the terminal of a command, and keeps its lines and joined emoji', () => {
    const printed: string[] = [];
    const out = (text: string): void => void printed.push(text);
    const cli = new Cli(() => ({ stage: 'local' }), { out, err: out });
    cli.print({}, ['a \u001b[31mred\u0007', 'b\t\u{1F469}\u200D\u{1F692} \u202Ec\n d']);
    cli.note('e\u009b2J');
    expect(printed).toEqual([
      String.raw`a \u001b[31mred\u0007` + '\nb\t\u{1F469}\u200D\u{1F692} ' + String.raw`\u202ec` + '\n d',
      String.raw`e\u009b2J`,
    ]);
  });
});
