import { Unreadable } from '../unreadable.js';
import type { LeafCursor } from './cursor.js';
import type { Physical } from './scalar.js';
import type { Shape } from './shape.js';

/** A value of a shape: null, a single one, or what a list, a struct (in the order of its fields) or a map (pairs) holds. */
export type Value = null | Physical | readonly Value[];

/** By the number of the leaf; undefined for those that are not read. */
export type Cursors = readonly (LeafCursor | undefined)[];

/**
 * Puts together what a shape has in the next row, after "Dremel: Interactive Analysis of Web-Scale Datasets" (Melnik et
 * al., 2010): a level below that of an optional node says that it is absent, of a list that it is empty.
 */
export function assemble(shape: Shape, cursors: Cursors): Value {
  switch (shape.kind) {
    case 'leaf':
      return cursorOf(cursors, shape.leaf).take() ?? absent();
    case 'struct':
      return shape.fields.map((field) => assemble(field.shape, cursors));
    case 'optional':
      if (cursorOf(cursors, shape.from).def >= shape.def) return assemble(shape.inner, cursors);
      passAbsent(shape, cursors);
      return null;
    case 'list':
    case 'map': {
      const first = cursorOf(cursors, shape.from);
      if (first.def < shape.def) {
        passAbsent(shape, cursors);
        return [];
      }
      const items: Value[] = [];
      do items.push(assemble(shape.kind === 'list' ? shape.element : shape.entry, cursors));
      while (first.rep === shape.rep);
      return items;
    }
  }
}

/** One value of each leaf below stands for what is not there. */
function passAbsent({ from, to, def }: { from: number; to: number; def: number }, cursors: Cursors): void {
  for (let leaf = from; leaf < to; leaf++) {
    const cursor = cursorOf(cursors, leaf);
    if (cursor.def >= def) throw differ();
    cursor.take();
  }
}

function absent(): never {
  throw differ();
}

function differ(): Unreadable {
  return new Unreadable('columns of one struct do not agree on what is absent');
}

function cursorOf(cursors: Cursors, leaf: number): LeafCursor {
  const cursor = cursors[leaf];
  if (cursor === undefined) throw new Unreadable('a column was not read');
  return cursor;
}
