import { unescapeHtml } from '../article/html.ts';

/** A reference of a text to a file: the file of an image, or the target of a link. */
export interface Reference {
  readonly address: string;
  readonly isImage: boolean;
}

// The sanitiser wrote the stored text: attributes in double quotes, with `<` and `>` escaped.
const tags = /<(\/?)([a-z][a-z0-9]*)\b([^<>]*)>/gi;
const attributes = /\s(src|srcset|href|cite)="([^"]*)"/g;
// The sanitiser writes no longer address.
const words = /https?:\/\/(?:(?!&nbsp;)[^\s<>"]){1,4096}/gi;
const voidElements: ReadonlySet<string> = new Set(['img', 'br', 'hr', 'wbr']);

/** Returns the references of a text's elements. */
export function referencesIn(html: string): Reference[] {
  return [...html.matchAll(tags)].flatMap(([, , name = '', inner = '']) => referencesOf(name, inner));
}

function referencesOf(name: string, inner: string): Reference[] {
  const isImage = name === 'img';
  return [...inner.matchAll(attributes)].flatMap(([, attribute = '', value = '']) =>
    (attribute === 'srcset' ? addressesIn(value) : [value]).map((address) => ({
      address: unescapeHtml(address),
      isImage,
    })),
  );
}

/** Returns the addresses of a `srcset`. */
export function addressesIn(sourceSet: string): string[] {
  return sourceSet.split(/,\s+/).map((candidate) => candidate.trim().split(/\s/)[0] ?? '');
}

interface Open {
  readonly name: string;
  readonly from: number;
  isLeftOut: boolean;
}

/**
 * Returns a text without references to some files. A reference is removed with its figure and caption, else with the
 * image, or the link with its words. A quotation keeps its words and loses the address. Addresses in the text are
 * removed too: the sanitiser turns players into links, and leaves a player within another link as an address.
 */
export function textWithout(html: string, isLeftOut: (reference: Reference) => boolean): string {
  const cuts: { readonly from: number; readonly to: number }[] = [];
  const open: Open[] = [];
  const leaveOut = (from: number, to: number, element?: Open): void => {
    const holder = open.findLast(({ name }) => name === 'figure') ?? element;
    if (holder) holder.isLeftOut = true;
    else cuts.push({ from, to });
  };
  const isAddressLeftOut = (written: string): boolean => isLeftOut({ address: unescapeHtml(written), isImage: false });
  const judgeWords = (from: number, to: number): void => {
    for (const { 0: written, index } of html.slice(from, to).matchAll(words)) {
      const bare = withoutSigns(written);
      if (isAddressLeftOut(written)) leaveOut(from + index, from + index + written.length);
      else if (bare !== written && isAddressLeftOut(bare)) leaveOut(from + index, from + index + bare.length);
    }
  };
  let at = 0;
  for (const { 0: tag, 1: slash, 2: name = '', 3: inner = '', index } of html.matchAll(tags)) {
    const end = index + tag.length;
    judgeWords(at, index);
    at = end;
    if (slash === '/') {
      const level = open.findLastIndex((element) => element.name === name);
      if (level >= 0)
        for (const { from, isLeftOut: goes } of open.splice(level)) if (goes) cuts.push({ from, to: end });
      continue;
    }
    const element = { name, from: index, isLeftOut: false };
    const isReferring = referencesOf(name, inner).some(isLeftOut);
    if (isReferring && voidElements.has(name)) leaveOut(index, end);
    else if (isReferring && name === 'a') leaveOut(index, end, element);
    else if (isReferring) cuts.push(...addressCuts(tag, index));
    if (!voidElements.has(name)) open.push(element);
  }
  judgeWords(at, html.length);
  for (const { from, isLeftOut: goes } of open) if (goes) cuts.push({ from, to: html.length });
  return withoutCuts(html, cuts);
}

/** Returns an address without the punctuation that follows it in a sentence. */
function withoutSigns(written: string): string {
  let end = written.length;
  while (/[.,;:!?…)\]}'’”»\u00a0]/.test(written.charAt(end - 1))) end -= 1;
  return written.slice(0, end);
}

function addressCuts(tag: string, at: number): { readonly from: number; readonly to: number }[] {
  return [...tag.matchAll(attributes)].map(({ 0: written, index }) => ({
    from: at + index,
    to: at + index + written.length,
  }));
}

function withoutCuts(html: string, cuts: readonly { readonly from: number; readonly to: number }[]): string {
  const kept: string[] = [];
  let at = 0;
  for (const { from, to } of cuts.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    if (from >= at) kept.push(html.slice(at, from));
    at = Math.max(at, to);
  }
  return cuts.length === 0 ? html : [...kept, html.slice(at)].join('');
}
