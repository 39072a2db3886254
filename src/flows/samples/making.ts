import { timestamp } from '../../base/clock.js';
import { DvsError } from '../../base/errors.js';
import { checkName } from '../../base/names.js';
import type { Roles } from '../../entities/run.js';
import type { CID } from '../../id/cid.js';
import { linkedFrom } from '../../store/catalogue/names.js';
import type { FinishedPack } from '../../store/pack/writer.js';
import type { StoreWriter } from '../../store/writer.js';
import { readLock } from '../../workspace/lock.js';
import { assertNameFor, commitRuns, latestOf, type MadeRun } from '../commit.js';
import type { Repository } from '../repository.js';

/** What a command that makes an entity takes. */
export interface MakeOptions {
  /** The entity gets a version of this name; without it, it is known by its ID. */
  readonly name?: string | undefined;
  /** Why; it goes into the log. */
  readonly message?: string | undefined;
}

/** What became of an entity that was made. */
export interface Made {
  readonly id: CID;
  readonly name: string | undefined;
  /** Of the name. */
  readonly version: number | undefined;
  /** False when just that was recorded before, under that name if one was given. */
  readonly isNew: boolean;
}

/** Entities under way to the store: their nodes, and the runs that made them. Whoever begins one closes it. */
export class Making {
  readonly writer: StoreWriter;
  readonly #repo: Repository;
  readonly #kind: string;
  readonly #options: MakeOptions;
  readonly #start: string;
  readonly #runs: MadeRun[] = [];

  private constructor(repo: Repository, writer: StoreWriter, kind: string, options: MakeOptions) {
    this.#repo = repo;
    this.#kind = kind;
    this.writer = writer;
    this.#options = options;
    this.#start = timestamp(repo.clock());
  }

  /** Begins to make an entity of a kind. E_USAGE for what cannot be a name, E_EXISTS for the name of something else. */
  static async begin(repo: Repository, kind: string, options: MakeOptions): Promise<Making> {
    const { name } = options;
    if (name !== undefined) checkName(name);
    const writer = await repo.write();
    try {
      if (name !== undefined) {
        await assertNameFor(repo, name, kind);
        await assertNoPath(repo, name);
      }
      return new Making(repo, writer, kind, options);
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  /** Adds an entity, and the run `op` that makes it from `inputs`, unless a run is recorded that made it. */
  async add(op: string, inputs: Roles, role: string, entity: { id: CID; bytes: Uint8Array }): Promise<void> {
    await this.writer.addNode(entity.id, entity.bytes);
    if (!(await this.#hasOrigin(entity.id))) await this.addRun(op, inputs, { [role]: entity.id });
  }

  /** Adds a run, whatever was recorded before. */
  async addRun(op: string, inputs: Roles, outputs: Roles): Promise<void> {
    this.#runs.push({ op, inputs, outputs, start: this.#start, message: this.#options.message });
  }

  /** Makes it all count, and `id` the latest version of the name. */
  async commit(id: CID, packs: readonly FinishedPack[] = []): Promise<Made> {
    const { name } = this.#options;
    const versions = name === undefined ? [] : [{ name, kind: this.#kind, id }];
    const before = name === undefined ? undefined : (await latestOf(this.#repo, [name]))[0];
    const isNew = name === undefined ? this.#runs.length > 0 : before?.id.toString() !== id.toString();
    if (isNew) await commitRuns(this.#repo, this.writer, packs, this.#runs, versions);
    await this.#repo.store.refresh();
    const now = name === undefined ? undefined : (await latestOf(this.#repo, [name]))[0];
    return { id, name, version: now?.version, isNew };
  }

  close(): Promise<void> {
    return this.writer.close();
  }

  async #hasOrigin(id: CID): Promise<boolean> {
    const links = await this.#repo.store.query((session) => linkedFrom(session, id));
    return links.some(({ role }) => role.startsWith('outputs/'));
  }
}

/** Refuses (E_EXISTS) a name that is a tracked path, or what such paths lie in, as a reference means those first. */
async function assertNoPath(repo: Repository, name: string): Promise<void> {
  const lock = await readLock(repo.workspace);
  const tracked = [...lock.values()].find(({ path }) => path === name || path.startsWith(`${name}/`));
  if (tracked === undefined) return;
  throw new DvsError('E_EXISTS', `${tracked.path} is a tracked path, that of the dataset ${tracked.name}`, {
    about: [tracked.path],
    hint: 'Choose another name: `--name <name>`.',
  });
}
