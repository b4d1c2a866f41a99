import './ninjs/item.ts';
import './ninjs/publication-fields.ts';
import './ninjs/tables.ts';
