import { type CID, cidOf, DAG_CBOR, digestOf } from '../../id/cid.js';
import type { IdPrefix } from '../../id/prefix.js';
import { EntryKind } from '../pack/layout.js';
import { CatalogueDamage } from './damage.js';
import { after, decodeNameValue, Key, type NameValue, parseNaming } from './records.js';
import type { Session } from './session.js';

/** A value of a name. */
export type NamedValue = NameValue;

/** A name and one of its versions. */
export interface NamedVersion {
  readonly name: string;
  readonly version: number;
}

/** The latest value of a name. */
export async function latest(session: Session, name: string): Promise<NameValue | undefined> {
  const value = await session.get(Key.name(name));
  return value === undefined ? undefined : decodeNameValue(value);
}

/** Value number `version` of a name, counted from 1. */
export async function version(
  session: Session,
  name: string,
  number: number,
): Promise<NameValue | undefined> {
  const value = await session.get(Key.version(name, number));
  return value === undefined ? undefined : decodeNameValue(value);
}

export async function tagged(session: Session, name: string, tag: string): Promise<CID | undefined> {
  const value = await session.get(Key.tag(name, tag));
  return value === undefined ? undefined : decodeNameValue(value).id;
}

/** All values of a name, newest first. */
export async function* versions(session: Session, name: string): AsyncGenerator<NameValue> {
  const prefix = Key.version(name, 0).subarray(0, -4);
  let expected = (await latest(session, name))?.version ?? 0;
  for await (const { value } of session.range(prefix, after(prefix), { reverse: true })) {
    const found = decodeNameValue(value);
    if (found.version !== expected--) throw lostVersion();
    yield found;
  }
  if (expected !== 0) throw lostVersion();
}

function lostVersion(): CatalogueDamage {
  return new CatalogueDamage('a name lacks one of its versions');
}

/** The tags of a name, in byte order. */
export async function tags(session: Session, name: string): Promise<{ tag: string; id: CID }[]> {
  const prefix = Key.tag(name, '');
  const found: { tag: string; id: CID }[] = [];
  for await (const { key, value } of session.range(prefix, after(prefix))) {
    found.push({ tag: Buffer.from(key).toString('utf8', prefix.length), id: decodeNameValue(value).id });
  }
  return found;
}

/** Every name with its latest value, in byte order. */
export async function* names(session: Session): AsyncGenerator<NameValue & { name: string }> {
  const prefix = Key.name('');
  for await (const { key, value } of session.range(prefix, after(prefix))) {
    yield { name: Buffer.from(key).toString('utf8', 1), ...decodeNameValue(value) };
  }
}

/** Up to `limit` names that begin with `start`, with their latest values, in byte order. */
export async function namesLike(
  session: Session,
  start: string,
  limit: number,
): Promise<(NameValue & { name: string })[]> {
  const prefix = Key.name(start);
  const found: (NameValue & { name: string })[] = [];
  for await (const { key, value } of session.range(prefix, after(prefix), { limit })) {
    found.push({ name: Buffer.from(key).toString('utf8', 1), ...decodeNameValue(value) });
  }
  return found;
}

/** The names and versions whose value is `id`, by name, then version. */
export async function namings(session: Session, id: CID): Promise<NamedVersion[]> {
  const prefix = Key.naming(digestOf(id), '', 0).subarray(0, 33);
  const found: NamedVersion[] = [];
  for await (const { key } of session.range(prefix, after(prefix))) found.push(parseNaming(key));
  return found;
}

/** Up to `limit` stored entities, nodes and contents whose ID begins like this. */
export async function idsLike(
  session: Session,
  { codec, from, to }: IdPrefix,
  limit: number,
): Promise<CID[]> {
  const kind = codec === DAG_CBOR ? EntryKind.node : EntryKind.content;
  const found: CID[] = [];
  for await (const { key } of session.range(Key.object(kind, from), after(Key.object(kind, to)), { limit })) {
    found.push(cidOf(codec, key.subarray(-32)));
  }
  return found;
}

/** Published entities (runs) that link to `id`, with the role in which they do. */
export async function linkedFrom(session: Session, id: CID): Promise<{ from: CID; role: string }[]> {
  const prefix = Key.edge(digestOf(id), new Uint8Array(0));
  const found: { from: CID; role: string }[] = [];
  for await (const { key, value } of session.range(prefix, after(prefix))) {
    found.push({ from: cidOf(DAG_CBOR, key.subarray(33)), role: Buffer.from(value).toString() });
  }
  return found;
}
