/** A member of a tar, header and bytes. `claimed` and `raw` are for lies and other ways to write. */
export interface Part {
  readonly name: string | Buffer;
  readonly bytes?: string | Buffer;
  readonly type?: string;
  readonly size?: Buffer;
  readonly magic?: string;
  readonly prefix?: string;
}

export function member({
  name,
  bytes = '',
  type = '0',
  size,
  magic = 'ustar\x0000',
  prefix = '',
}: Part): Buffer {
  const data = Buffer.from(bytes);
  const head = Buffer.alloc(512);
  Buffer.from(name).copy(head);
  (size ?? Buffer.from(`${data.length.toString(8).padStart(11, '0')}\0`)).copy(head, 124);
  head.write(' '.repeat(8), 148);
  head.write(type, 156);
  head.write(magic, 257, 'latin1');
  head.write(prefix, 345);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([head, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}

/** What ends a tar. */
export const TAR_END = Buffer.alloc(1024);
export const tar = (...parts: readonly Part[]): Buffer => Buffer.concat([...parts.map(member), TAR_END]);
