import * as v from 'valibot';
import type { Issue } from '../field-schema.ts';

/**
 * What happens to a field that does not fit its schema: the whole value is rejected (`strict`), the field is left out
 * (`field`), or the object that has the field is left out (`whole`), because the rest of the object would mean
 * something else without the field.
 */
export type Strictness = 'strict' | 'field' | 'whole';

/** Property names from the value down to a field; list positions are written as text. */
export type FieldPath = readonly string[];

/** Leaving out a field can make its parent incomplete, and the parent's parent in turn. */
const maxRounds = 6;
/** A longer list of warnings is not read, and each warning costs a walk through the value. */
const maxNamed = 50;

/**
 * Validates a value by a schema and leaves out the fields that do not fit, provided that none of them is strict.
 * Returns the remaining value with a warning for each field left out, or the faults. Null, and an empty text where a
 * number is expected, count as absent and give no warning. A number written as text becomes a number. The given value
 * is not changed.
 */
export function leniently<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  strictnessOf: (path: FieldPath) => Strictness,
): { readonly value: v.InferOutput<S>; readonly warnings: readonly Issue[] } | { readonly issues: readonly Issue[] } {
  const warnings = new Map<string, Issue>();
  const edits: Edits[] = [];
  let current = value;
  for (let round = 1; ; round += 1) {
    const parsed = v.safeParse(schema, current, { abortPipeEarly: true });
    if (parsed.success) return { value: parsed.output, warnings: [...warnings.values()] };
    const edit = new Edits(current);
    const issues: Issue[] = [];
    for (const issue of parsed.issues) {
      const path = (issue.path ?? []).map(({ key }) => String(key));
      const left = round > maxRounds ? undefined : leftOut(current, path, strictnessOf);
      if (left === undefined) {
        if (issues.length < maxNamed) issues.push(issueOf(issue, originalOf(path, edits)));
        continue;
      }
      if (left === path && issue.expected === 'number' && isDecimal(issue.input)) {
        edit.replace(left, Number(issue.input));
        continue;
      }
      edit.leaveOut(left);
      const saysNothing = issue.input === null || (issue.input === '' && issue.kind === 'schema');
      if (saysNothing || warnings.size === maxNamed) continue;
      const original = originalOf(path, edits);
      // A field that was left out before is missing now, and already has its warning.
      if (issue.received === 'undefined' && isIn(value, original)) continue;
      const warning = issueOf(issue, original);
      if (!warnings.has(warning.path)) warnings.set(warning.path, warning);
    }
    if (edit.isEmpty) {
      // The warnings about a list's entries already explain why the list itself is invalid.
      const explaining = [...warnings.values()].filter(({ path }) =>
        issues.some((issue) => path.startsWith(`${issue.path}.`)),
      );
      return { issues: [...explaining, ...issues] };
    }
    current = edit.applied();
    edits.push(edit);
  }
}

function issueOf({ received, message }: v.BaseIssue<unknown>, path: FieldPath): Issue {
  return { path: path.join('.'), message: received === 'undefined' ? 'is missing' : message };
}

/** Returns which part of the value to leave out for a fault at `path`; undefined if that part is strict. */
function leftOut(
  value: unknown,
  path: FieldPath,
  strictnessOf: (path: FieldPath) => Strictness,
): FieldPath | undefined {
  const strictness = path.length === 0 ? 'strict' : strictnessOf(path);
  if (strictness === 'strict') return undefined;
  // A missing field cannot be left out, so the object that lacks it is.
  if (strictness === 'field' && isIn(value, path)) return path;
  const outer = path.slice(0, -1);
  return outer.length === 0 || strictnessOf(outer) === 'strict' ? undefined : outer;
}

function isDecimal(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,15}(?:\.\d{1,15})?$/.test(value);
}

function isIn(value: unknown, path: FieldPath): boolean {
  let inner = value;
  for (const step of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, step)) return false;
    inner = (inner as Readonly<Record<string, unknown>>)[step];
  }
  return true;
}

interface Edit {
  /** Returns the replacement of the part; undefined if the part is left out. */
  readonly becomes?: unknown;
}

interface Branch {
  readonly inner: Map<string, Branch>;
  edit?: Edit;
  /**
   * For each position left out of a list, in order: the number of remaining entries before it. Cached, because many
   * paths may be looked up.
   */
  gone?: readonly number[];
}

/** The parts that one round leaves out of a value. */
class Edits {
  readonly #value: unknown;
  readonly #root: Branch = { inner: new Map() };

  constructor(value: unknown) {
    this.#value = value;
  }

  get isEmpty(): boolean {
    return this.#root.inner.size === 0;
  }

  leaveOut(path: FieldPath): void {
    this.#at(path).edit = {};
  }

  replace(path: FieldPath, becomes: unknown): void {
    this.#at(path).edit ??= { becomes };
  }

  applied(): unknown {
    return applied(this.#value, this.#root);
  }

  /** Maps a path in the edited value to the original value, whose lists are longer. */
  pathBefore(path: FieldPath): FieldPath {
    let branch: Branch | undefined = this.#root;
    let value = this.#value;
    return path.map((step) => {
      const key: string = Array.isArray(value) && branch ? positionBefore(Number(step), branch) : step;
      branch = branch?.inner.get(key);
      value =
        typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
      return key;
    });
  }

  #at(path: FieldPath): Branch {
    let branch = this.#root;
    for (const step of path) {
      let next = branch.inner.get(step);
      if (!next) branch.inner.set(step, (next = { inner: new Map() }));
      branch = next;
    }
    return branch;
  }
}

function originalOf(path: FieldPath, edits: readonly Edits[]): FieldPath {
  return edits.reduceRight((current, edit) => edit.pathBefore(current), path);
}

function positionBefore(position: number, branch: Branch): string {
  branch.gone ??= [...branch.inner]
    .flatMap(([step, { edit }]) => (edit && !('becomes' in edit) ? [Number(step)] : []))
    .sort((a, b) => a - b)
    .map((left, index) => left - index);
  // Counts the entries left out before this position: those that have at most `position` remaining entries before them.
  let [low, high] = [0, branch.gone.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((branch.gone[middle] ?? Infinity) <= position) low = middle + 1;
    else high = middle;
  }
  return String(position + low);
}

function applied(value: unknown, { inner }: Branch): object {
  const edited = (held: unknown, branch: Branch | undefined): unknown[] => {
    if (!branch) return [held];
    if (!branch.edit) {
      const rest = applied(held, branch);
      // The whole list entry was left out.
      if (!Array.isArray(value) || Array.isArray(rest) || Object.keys(rest).length > 0) return [rest];
      branch.edit = {};
    }
    return 'becomes' in branch.edit ? [branch.edit.becomes] : [];
  };
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => edited(item, inner.get(String(index))));
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([name, held]) =>
      edited(held, inner.get(name)).map((one): [string, unknown] => [name, one]),
    ),
  );
}
