import { symlinkSync } from 'node:fs';
import { withChanges } from '../changes.js';
import type { Examples } from '../schemas.js';

export const examples: Examples = async ({ scratch, json, jsonl }) => {
  await withChanges(scratch);
  await json('diff');
  await json('diff', 'data:v1');
  await jsonl('diff');
  await json('diff', 'data:v1', 'data:v1');
  const { root } = scratch;
  const parquet = (rows: number, type: number, ...names: string[]): Buffer => footer(rows, type, names);
  const write = (files: Record<string, string | Uint8Array>): void => {
    for (const [path, content] of Object.entries(files)) scratch.write(`inside/${path}`, content);
  };
  write({
    'a.csv': 'id,v,old\n1,x,0\n2,y,0\n',
    'b.jsonl': '{"id":1}\n',
    'c.txt': `${'x'.repeat(70_000)}\n`,
    'd.gif': 'GIF89a\x01\0\x01\0',
    'e.parquet': parquet(1, 1, 'a', 'b'),
    'f.bin': '\0a',
    'g.png': 'broken',
    h: 'file',
  });
  await scratch.ok('add', 'inside');
  write({
    'a.csv': 'id,v,new\n2,z,0\n3,q,0\n',
    'b.jsonl': '{"id":2}\n',
    'c.txt': `${'x'.repeat(70_001)}\n`,
    'd.gif': 'GIF89a\x02\0\x02\0',
    'e.parquet': parquet(2, 2, 'a', 'c'),
    'f.bin': '\0b',
    'g.png': 'BROKEN',
  });
  scratch.remove('inside/h');
  symlinkSync('f.bin', `${root}/inside/h`);
  await json('diff', '--content');
  await json('diff', '--key', 'id');
  await jsonl('diff', '--key', 'id');
  for (const rows of ['1,a\n2,a\n3,b\n', '1,a\n2,b\n4,b\n']) {
    scratch.write('rows.csv', `id,part\n${rows}`);
    await scratch.ok('add', 'rows.csv');
    await scratch.ok('split', 'rows.csv', '--key', 'id', '--column', 'part', '--name', 'parts');
  }
  await json('diff', 'parts:v1', 'parts:v2');
  await jsonl('diff', 'parts:v1', 'parts:v2');
};

/** A Parquet file of columns of one type, without any rows in it. */
function footer(rows: number, type: number, names: readonly string[]): Buffer {
  const text = (value: string): number[] => [value.length, ...Buffer.from(value)];
  const column = (name: string): number[] => [0x15, 2 * type, 0x25, 0, 0x18, ...text(name), 0];
  const root = [0x48, ...text('schema'), 0x15, 2 * names.length, 0];
  const schema = [0x19, ((names.length + 1) << 4) | 12, ...root, ...names.flatMap(column)];
  const bytes = [0x15, 2, ...schema, 0x16, 2 * rows, 0x19, 0x0c, 0];
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from('PAR1'), Buffer.from(bytes), length, Buffer.from('PAR1')]);
}
