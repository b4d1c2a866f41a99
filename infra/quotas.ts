import { Token } from 'aws-cdk-lib';
import { InvalidSetting } from './stage-name.ts';

/** Lambda's limit for the names and values of all variables of a function, in bytes. */
const ENVIRONMENT_BYTES = 4096;

/** EventBridge's limit for a rule's pattern, in characters. */
const PATTERN_CHARACTERS = 2048;

/**
 * Counted for each value that is known only at deployment. The longest such values are URLs of queues, which are
 * shorter.
 */
const UNKNOWN_BYTES = 140;

/** The settings whose values functions receive, by variable. */
const settingOf: Readonly<Record<string, string>> = {
  SOURCES: 'sources',
  OWNERS: 'owns',
  THEME: 'theme',
  VOICES: 'narrate',
};

/** Throws InvalidSetting if Lambda would refuse the environment, which CloudFormation reports only at deployment. */
export function rejectLargeEnvironment(functionName: string, variables: Readonly<Record<string, string>>): void {
  const sizes = Object.entries(variables).map(([name, value]) => ({
    name,
    bytes: name.length + (Token.isUnresolved(value) ? UNKNOWN_BYTES : Buffer.byteLength(value)),
  }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= ENVIRONMENT_BYTES) return;
  const given = sizes
    .filter(({ name }) => name in settingOf)
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ name, bytes }) => `context ${settingOf[name] ?? name} (${bytes} bytes)`);
  throw new InvalidSetting(
    `${given.join(' and ')} must be shorter: the environment of ${functionName} would have ${total} bytes, and Lambda allows ${ENVIRONMENT_BYTES}`,
  );
}

/** Throws InvalidSetting if EventBridge would refuse the pattern. */
export function rejectLongPattern(setting: string, pattern: object): void {
  const { length } = JSON.stringify(pattern);
  if (length <= PATTERN_CHARACTERS) return;
  throw new InvalidSetting(
    `context ${setting} must be shorter: its event pattern would have ${length} characters, and EventBridge allows ${PATTERN_CHARACTERS}`,
  );
}
