import { equalBytes } from '../../base/bytes.js';
import { DvsError, isDvsError } from '../../base/errors.js';
import type { Progress } from '../../base/progress.js';
import { type DatasetEntry, datasetSchema } from '../../entities/dataset.js';
import { type Entity, parseEntity } from '../../entities/kinds.js';
import { type CID, digestOf, isContentId } from '../../id/cid.js';
import { Sha256 } from '../../id/hash.js';
import { DigestSet } from '../../store/digest-set.js';
import { upTo } from '../../store/objects/reader.js';
import type { Store } from '../../store/store.js';
import type { Change } from '../../tree/diff.js';
import { verifyTree } from '../../tree/verify.js';
import type { Damage } from './packs.js';
import {
  addFinding,
  addProblem,
  countProblems,
  type Finding,
  findingOf,
  type VerifyReport,
} from './report.js';
import { proveFrom } from './successor.js';

/** Some megabytes. */
const MOST_FINDINGS = 10_000;

/** An entity to start from, and how to call it in the report. */
export interface Root {
  readonly id: CID;
  readonly label: string;
  /** What it was made from, if that is known: where little differs, only that has to be looked at. */
  readonly from?: CID | null;
}

/** Told of every intact entity but datasets, once. */
export type Seen = (id: CID, kind: string, label: string) => void;

export interface GraphOptions {
  readonly progress: Progress;
  readonly seen: Seen;
  /** What was found bad when all packs were read; the rest needs no second look. */
  readonly damage?: Damage;
}

/**
 * Follows every link from `roots` and reads and hashes all it leads to, each thing once. The stack grows with
 * the entities under way, never with the depth of what they describe.
 */
export class GraphCheck {
  readonly #store: Store;
  readonly #report: VerifyReport;
  readonly #progress: Progress;
  readonly #damage: Damage | undefined;
  readonly #seen: Seen;
  readonly #visited = new DigestSet();
  /** Datasets without any problem. */
  readonly #proven = new DigestSet();
  /** What is wrong with the first bad contents, so that every path that has them is listed; others are read again. */
  readonly #findings = new Map<string, Finding>();

  constructor(store: Store, report: VerifyReport, { progress, seen, damage }: GraphOptions) {
    this.#damage = damage;
    this.#seen = seen;
    this.#store = store;
    this.#report = report;
    this.#progress = progress;
  }

  async run(roots: Iterable<Root> | AsyncIterable<Root>): Promise<void> {
    for await (const root of roots) {
      const pending: Root[] = [root];
      for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
        if (isContentId(next.id)) await this.#content(next.id, next.label);
        else if (this.#visited.add(digestOf(next.id))) pending.push(...(await this.#entity(next)));
      }
    }
  }

  async #entity({ id, label, from }: Root): Promise<Root[]> {
    let entity: Entity;
    try {
      const bytes = await this.#store.objects.get(id);
      this.#count(bytes.length);
      entity = parseEntity(bytes);
    } catch (error) {
      addProblem(this.#report, error, label, id.toString());
      return [];
    }
    if (entity.kind === datasetSchema.kind) {
      await this.#dataset(id, label, from ?? undefined);
      return [];
    }
    this.#seen(id, entity.kind, label);
    return entity.links.map((link) => ({ id: link.id, label: `${label} ${link.role}` }));
  }

  async #dataset(id: CID, label: string, from: CID | undefined): Promise<void> {
    const before = countProblems(this.#report);
    const changes = from && this.#proven.has(digestOf(from)) ? await this.#changes(from, id) : undefined;
    if (changes === undefined) await this.#wholeDataset(id, label);
    else
      for (const { key, after } of changes)
        if (after !== undefined) await this.#entry(after, `${label} ${key}`);
    if (countProblems(this.#report) === before) this.#proven.add(digestOf(id));
  }

  /** What differs from a dataset that is proven; undefined when this one has to be looked at as a whole. */
  async #changes(from: CID, id: CID): Promise<Change<DatasetEntry>[] | undefined> {
    try {
      return await proveFrom(this.#store.objects, from, id, this.#countNode);
    } catch (error) {
      if (isDvsError(error)) return undefined;
      throw error;
    }
  }

  async #wholeDataset(id: CID, label: string): Promise<void> {
    try {
      await verifyTree(datasetSchema, this.#store.objects, id, {
        entry: ({ key, value }) => this.#entry(value, `${label} ${key}`),
        node: this.#countNode,
      });
    } catch (error) {
      addProblem(this.#report, error, label, id.toString());
    }
  }

  #entry(entry: DatasetEntry, label: string): Promise<void> | undefined {
    return entry.type === 'file' ? this.#content(entry.id, label, entry.size) : undefined;
  }

  readonly #countNode = (node: CID, bytes: Uint8Array): void => {
    if (this.#visited.add(digestOf(node))) this.#count(bytes.length);
  };

  /** A content is read once; whether it is as long as an entry says is asked for each entry. */
  async #content(id: CID, label: string, size?: number): Promise<void> {
    const known = this.#findings.get(id.toString());
    if (known !== undefined) {
      addFinding(this.#report, known, label);
      return;
    }
    const digest = digestOf(id);
    try {
      const isRead = this.#visited.has(digest);
      if (isRead && size === undefined) return;
      const length = isRead ? await this.#store.objects.contentLength(digest) : await this.#read(id, size);
      if (size === undefined || length === size) this.#visited.add(digest);
      else addFinding(this.#report, findingOf(wrongSize(size, length), id.toString()), label);
    } catch (error) {
      const finding = findingOf(error, id.toString());
      addFinding(this.#report, finding, label);
      if (this.#findings.size < MOST_FINDINGS) this.#findings.set(id.toString(), finding);
    }
  }

  /** Reads and hashes a content; of one that is longer than it should be, no more than shows that. */
  async #read(id: CID, size: number | undefined): Promise<number> {
    const { objects } = this.#store;
    const damage = this.#damage;
    const [whole] = damage === undefined ? [] : await objects.wholes([digestOf(id)]);
    const isBad = whole === undefined || damage?.objects.has(whole.id) || damage?.packs.has(whole.packName);
    if (isBad === false) return whole.length;
    const hash = new Sha256();
    let length = 0;
    for await (const pieces of objects.pieces(digestOf(id), upTo(size))) {
      for (const { object } of pieces) {
        const bytes = await objects.read(object);
        hash.update(bytes);
        length += bytes.length;
        this.#count(bytes.length);
      }
    }
    if (size !== undefined && length > size) return length;
    if (!equalBytes(hash.digest(), digestOf(id))) {
      throw new DvsError('E_DAMAGED', 'its chunks are intact but do not make up this content');
    }
    return length;
  }

  #count(bytes: number): void {
    this.#report.objects++;
    this.#report.bytes += bytes;
    this.#progress({ phase: 'checking', bytes: this.#report.bytes, items: this.#report.objects });
  }
}

function wrongSize(size: number, length = 0): DvsError {
  const found = length > size ? 'more' : length;
  return new DvsError('E_DAMAGED', `the dataset says ${size} bytes, the content has ${found}`);
}
