/** Stands in for htmlparser2 in bundles: the sanitiser takes its parser, and nothing of the trees and feeds around it. */
export { Parser } from 'html-parser';
