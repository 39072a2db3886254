import { DvsError, isDvsError } from '../../base/errors.js';
import { suggest } from '../../base/suggest.js';
import { parseEntity } from '../../entities/kinds.js';
import { isWithin, plainPath } from '../../entities/path.js';
import { type CID, digestOf, isContentId, looksLikeId, parseId } from '../../id/cid.js';
import { idPrefixes } from '../../id/prefix.js';
import { idsLike, latest, names, namings, tagged, tags, version } from '../../store/catalogue/names.js';
import type { Session } from '../../store/catalogue/session.js';
import { LOG_START } from '../../store/log/log.js';
import type { Store } from '../../store/store.js';
import { parseReference, type Reference, versionNumber } from './reference.js';

/** A path that the workspace tracks, and the ID that its lock records. */
export interface TrackedId {
  readonly path: string;
  readonly name: string;
  readonly id: CID;
}

/** What a reference means. */
export interface Resolved {
  readonly id: CID;
  /** The name and version it was found by or is known by; undefined for what no name ever pointed to. */
  readonly name: string | undefined;
  readonly version: number | undefined;
  /** The path within the entity that followed the reference; empty when none did. */
  readonly path: string;
}

/** Candidates looked at before a prefix counts as ambiguous. */
const CANDIDATES = 8;

/**
 * Resolves a reference, in the order of the design: a full ID; a tracked path or its name, at the recorded ID;
 * a name, alone or with `:v3`, `:latest`, `:tag`; the unique beginning of an ID. E_NOT_FOUND and E_AMBIGUOUS
 * list what comes near. Without `refresh`, as the store was when it was last refreshed.
 */
export async function resolve(
  store: Store,
  text: string,
  tracked: readonly TrackedId[] = [],
  { refresh = true }: { readonly refresh?: boolean } = {},
): Promise<Resolved> {
  const locked = trackedPath(text, tracked);
  const reference = parseReference(locked?.reference ?? text);
  if (refresh) await store.refresh();
  const id =
    reference.selector === undefined && looksLikeId(reference.base) ? parseId(reference.base) : undefined;
  if (id !== undefined) await assertStored(store, id);
  const attempt = (): Promise<Resolved> =>
    store.query(async (session) => {
      if (id !== undefined) return withNaming(session, id, reference, undefined);
      if (locked !== undefined) return withNaming(session, locked.id, reference, locked.name);
      return byTrackedName(session, reference, tracked);
    });
  try {
    return await attempt();
  } catch (error) {
    // The catalogue is never the truth: that there is no such name is for the log to say.
    if (!isDvsError(error, 'E_NOT_FOUND') || !(await isInLog(store, reference))) throw error;
    await store.catalogue.remake();
    return attempt();
  }
}

async function isInLog(store: Store, { base, selector = 'latest' }: Reference): Promise<boolean> {
  let versions = 0;
  let isTagged = false;
  for await (const { names } of store.log.after(LOG_START)) {
    for (const { name, tag, to } of names) {
      if (name !== base) continue;
      if (tag === undefined) versions++;
      else if (tag === selector) isTagged = to !== null;
    }
  }
  return (
    isTagged ||
    versions >= (selector === 'latest' ? 1 : (versionNumber(selector) ?? Number.POSITIVE_INFINITY))
  );
}

/**
 * The kind of what a reference resolved to: `content` for the bytes of a file, else the entity's own. E_NOT_FOUND
 * for an ID that this store never had (a lock may hold one); E_MISSING for one that it should have.
 */
export async function kindOf(
  store: Store,
  { id, version }: Pick<Resolved, 'id' | 'version'>,
): Promise<string> {
  if (isContentId(id)) return 'content';
  try {
    return parseEntity(await store.objects.get(id)).kind;
  } catch (error) {
    throw version === undefined && isDvsError(error, 'E_MISSING') ? unknownId(id) : error;
  }
}

/** The tracked path that `text` is or lies in, if any: the longest one. */
function trackedPath(
  text: string,
  tracked: readonly TrackedId[],
): { id: CID; name: string; reference: string } | undefined {
  const wanted = plainPath(text);
  const [best] = tracked
    .filter(({ path }) => isWithin(wanted, path))
    .toSorted((a, b) => b.path.length - a.path.length);
  if (best === undefined) return undefined;
  return { id: best.id, name: best.name, reference: `${best.name}${wanted.slice(best.path.length)}` };
}

async function byTrackedName(
  session: Session,
  reference: Reference,
  tracked: readonly TrackedId[],
): Promise<Resolved> {
  const { base, selector, path } = reference;
  const named = selector === undefined ? tracked.filter(({ name }) => name === base) : [];
  const [first, ...others] = named;
  if (first !== undefined) {
    if (others.some(({ id }) => !id.equals(first.id))) {
      throw ambiguous(
        reference,
        named.map((entry) => entry.path),
      );
    }
    return withNaming(session, first.id, reference, first.name);
  }
  const value = await byName(session, reference);
  if (value !== undefined) return { ...value, name: base, path };
  const known = tracked.flatMap(({ path: place, name }) => [place, name]);
  return withNaming(session, await byPrefix(session, reference, known), reference, undefined);
}

async function byName(
  session: Session,
  { base, selector, text }: Reference,
): Promise<{ id: CID; version: number | undefined } | undefined> {
  const head = await latest(session, base);
  if (head === undefined) return undefined;
  if (selector === undefined || selector === 'latest') return { id: head.id, version: head.version };
  const number = versionNumber(selector);
  if (number !== undefined) {
    const value = await version(session, base, number);
    if (value !== undefined) return { id: value.id, version: number };
    throw notFound(`${base} has no version ${number}; its latest is v${head.version}`, [
      `${base}:v${head.version}`,
    ]);
  }
  const id = await tagged(session, base, selector);
  if (id === undefined) {
    const known = (await tags(session, base)).map(({ tag }) => `${base}:${tag}`);
    const near = suggest(`${base}:${selector}`, known);
    throw notFound(
      `${text}: ${base} has no tag ${selector}`,
      near,
      `List its tags with \`dvs tag ${base}\`.`,
    );
  }
  const naming = (await namings(session, id)).filter(({ name }) => name === base).at(-1);
  return { id, version: naming?.version };
}

async function byPrefix(session: Session, reference: Reference, tracked: readonly string[]): Promise<CID> {
  const { base, selector, text } = reference;
  const ranges = selector === undefined ? idPrefixes(base) : [];
  const found = (await Promise.all(ranges.map((range) => idsLike(session, range, CANDIDATES)))).flat();
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined)
    throw ambiguous(
      reference,
      found.map((id) => id.toString()),
    );
  const known = new Set<string>();
  for await (const { name } of names(session)) known.add(name);
  const near = suggest(base, known).map((name) => name + text.slice(base.length));
  throw notFound(`nothing is called ${text}`, [...new Set([...near, ...suggest(text, tracked)])]);
}

async function withNaming(
  session: Session,
  id: CID,
  { path }: Reference,
  preferred: string | undefined,
): Promise<Resolved> {
  const known = await namings(session, id);
  const naming = known.filter(({ name }) => name === preferred).at(-1) ?? known.at(-1);
  return { id, name: naming?.name ?? preferred, version: naming?.version, path };
}

async function assertStored(store: Store, id: CID): Promise<void> {
  if (isContentId(id)) {
    if ((await store.objects.contentLength(digestOf(id))) === undefined) throw unknownId(id);
    return;
  }
  try {
    await store.objects.get(id);
  } catch (error) {
    throw isDvsError(error, 'E_MISSING') ? unknownId(id) : error;
  }
}

function unknownId(id: CID): DvsError {
  return new DvsError('E_NOT_FOUND', `this store has no ${id.toString()}`, {
    about: [id.toString()],
    hint: 'It was recorded in another store: use that with `dvs init --store <folder>`, or `dvs add` what is on disk.',
  });
}

function notFound(
  message: string,
  near: readonly string[],
  otherwise = 'Run `dvs ls` to see what there is.',
): DvsError {
  return new DvsError('E_NOT_FOUND', message, {
    about: near,
    hint: near.length > 0 ? `Did you mean ${near.join(', ')}?` : otherwise,
  });
}

function ambiguous({ text }: Reference, candidates: readonly string[]): DvsError {
  return new DvsError('E_AMBIGUOUS', `${text} can mean ${candidates.length} things`, {
    about: candidates,
    hint: `Write one of: ${candidates.join(', ')}`,
  });
}
