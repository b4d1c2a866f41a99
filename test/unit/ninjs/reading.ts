import { readNinjs } from '../../../shared/article/ninjs.ts';
import { tables, type Table } from '../../../shared/article/ninjs-tables.ts';

export const allTables: readonly Table[] = Object.values(tables);

export const item = (value: unknown): unknown => readNinjs(value).item;

export const issues = (value: unknown): string[] => readNinjs(value).issues.map(({ path }) => path);
