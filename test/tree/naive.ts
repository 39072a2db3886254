import { createHash } from 'node:crypto';

/**
 * A second reading of the rules, straight from the text of the design: whole levels in arrays, its own
 * CBOR, no streaming. Slow and obvious.
 */
export interface Row {
  readonly key: string;
  readonly encoded: Buffer;
  readonly count: number;
  readonly bytes: number;
}

export interface NaiveTree {
  /** Hexadecimal SHA-256 of the root node. */
  readonly root: string;
  /** How many entries each node has, by level from the leaves. */
  readonly shape: readonly number[][];
}

export function naiveTree(kind: string, leaves: readonly Row[]): NaiveTree {
  const shape: number[][] = [];
  let rows = leaves;
  for (let level = 0; ; level++) {
    const nodes = cut(level, rows);
    shape.push(nodes.map((node) => node.length));
    const parents = nodes.map((node) => parent(kind, level, node));
    const [first] = parents;
    if (first !== undefined && parents.length === 1) return { root: first.digest.toString('hex'), shape };
    rows = parents.map((node) => node.row);
  }
}

export function textRow(key: string, value: string): Row {
  return { key, encoded: cborList([cborText(key), cborText(value)]), count: 1, bytes: value.length };
}

function cut(level: number, rows: readonly Row[]): Row[][] {
  const nodes: Row[][] = [[]];
  rows.forEach((row, i) => {
    const open = nodes.at(-1) ?? [];
    open.push(row);
    const next = rows[i + 1];
    if (next === undefined) return;
    const size = open.reduce((sum, entry) => sum + entry.encoded.length, 0) + next.encoded.length;
    const hash = createHash('sha256')
      .update(Buffer.of(level))
      .update(row.key, 'utf8')
      .digest()
      .readUInt32BE(0);
    if ((open.length >= 2 && hash < 2 ** 32 / 128) || open.length + 1 > 1024 || size > 65536) nodes.push([]);
  });
  return nodes;
}

function parent(kind: string, level: number, node: readonly Row[]): { digest: Buffer; row: Row } {
  const bytes = Buffer.concat([
    cborHead(5, 4),
    cborText('dvs'),
    cborHead(0, 1),
    cborText('kind'),
    cborText(kind),
    cborText('level'),
    cborHead(0, level),
    cborText('entries'),
    cborList(node.map((row) => row.encoded)),
  ]);
  const digest = createHash('sha256').update(bytes).digest();
  const key = node[0]?.key ?? '';
  const count = node.reduce((sum, row) => sum + row.count, 0);
  const size = node.reduce((sum, row) => sum + row.bytes, 0);
  const link = Buffer.concat([Buffer.from('d82a58250001711220', 'hex'), digest]);
  const encoded = cborList([cborText(key), link, cborHead(0, count), cborHead(0, size)]);
  return { digest, row: { key, encoded, count, bytes: size } };
}

function cborText(text: string): Buffer {
  return Buffer.concat([cborHead(3, Buffer.byteLength(text)), Buffer.from(text)]);
}

function cborList(items: readonly Buffer[]): Buffer {
  return Buffer.concat([cborHead(4, items.length), ...items]);
}

function cborHead(major: number, n: number): Buffer {
  const top = major << 5;
  if (n < 24) return Buffer.of(top | n);
  if (n < 2 ** 8) return Buffer.of(top | 24, n);
  if (n < 2 ** 16) return Buffer.of(top | 25, n >> 8, n & 255);
  const wide = Buffer.alloc(n < 2 ** 32 ? 5 : 9);
  wide[0] = top | (n < 2 ** 32 ? 26 : 27);
  if (n < 2 ** 32) wide.writeUInt32BE(n, 1);
  else wide.writeBigUInt64BE(BigInt(n), 1);
  return wide;
}
