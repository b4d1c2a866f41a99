/**
 * Makes the error for a wrong field, in the words of its context: a template names a resource, a request an AWS error.
 */
export type Complaint = (field: string, expected: string) => Error;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the fields of JSON from outside. A wrong field is an error that names it. */
export class Fields {
  readonly record: Readonly<Record<string, unknown>>;
  readonly #complain: Complaint;

  constructor(record: Readonly<Record<string, unknown>>, complain: Complaint) {
    this.record = record;
    this.#complain = complain;
  }

  has(name: string): boolean {
    return this.record[name] !== undefined && this.record[name] !== null;
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.#refuse(name, 'a string');
  }

  optionalText(name: string): string | undefined {
    if (!this.has(name)) return undefined;
    const value = this.record[name];
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return typeof value === 'string' ? value : this.#refuse(name, 'a string');
  }

  integer(name: string): number {
    return this.optionalInteger(name) ?? this.#refuse(name, 'an integer');
  }

  /** CloudFormation and the older AWS protocols write numbers as strings. */
  optionalInteger(name: string): number | undefined {
    if (!this.has(name)) return undefined;
    const value = this.record[name];
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isSafeInteger(number) ? number : this.#refuse(name, 'an integer');
  }

  flag(name: string): boolean {
    const value = this.record[name] ?? false;
    if (value === 'true' || value === 'false') return value === 'true';
    return typeof value === 'boolean' ? value : this.#refuse(name, 'true or false');
  }

  list(name: string): readonly unknown[] {
    if (!this.has(name)) return [];
    const value = this.record[name];
    return Array.isArray(value) ? value : this.#refuse(name, 'a list');
  }

  texts(name: string): readonly string[] {
    return this.list(name).map((value, index) =>
      typeof value === 'string' ? value : this.#refuse(`${name}.${index}`, 'a string'),
    );
  }

  fields(name: string): Fields {
    return this.optionalFields(name) ?? this.#refuse(name, 'an object');
  }

  optionalFields(name: string): Fields | undefined {
    return this.has(name) ? this.#nested(this.record[name], name) : undefined;
  }

  fieldsList(name: string): readonly Fields[] {
    return this.list(name).map((value, index) => this.#nested(value, `${name}.${index}`));
  }

  #nested(value: unknown, path: string): Fields {
    if (!isRecord(value)) return this.#refuse(path, 'an object');
    return new Fields(value, (field, expected) => this.#complain(`${path}.${field}`, expected));
  }

  #refuse(name: string, expected: string): never {
    throw this.#complain(name, expected);
  }
}
