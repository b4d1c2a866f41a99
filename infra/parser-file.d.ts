/** The package's own, by the name that `bundle-settings.ts` gives to its file. */
declare module 'html-parser' {
  export { Parser } from 'htmlparser2';
}
