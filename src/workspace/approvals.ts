import { join } from 'node:path';
import { replaceFile } from '../backend/durable.js';
import { utf8 } from '../base/bytes.js';
import { parseJson } from '../base/json.js';
import { exclusive } from './exclusive.js';
import { ownInode } from './own-inode.js';
import { readSmallText } from './small-file.js';
import { isTable } from './toml.js';
import type { Workspace } from './workspace.js';

/** Leave to go where a link leads, for one tracked path. Whatever is not exactly this has none. */
export type Approval =
  /** Read what the links in it lead to, wherever that is. */
  | { readonly kind: 'links'; readonly path: string }
  /** The tracked folder is a link: read and write the folder where it leads, which is `target`, all links resolved. */
  | { readonly kind: 'root'; readonly path: string; readonly target: string };

const VERSION = 1;

/**
 * What this user approved on this machine, in `.dvs/approvals.json`. It says which `.dvs` it is of, by the inode that
 * the file system gave it, so that one that was copied, or came with a cloned repository, approves nothing.
 *
 * A file that cannot be read is as good as none: then each approval has to be given again.
 */
export class Approvals {
  readonly #workspace: Workspace;
  #known: Promise<Set<string>> | undefined;
  readonly #forNow = new Set<string>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  async has(approval: Approval): Promise<boolean> {
    const key = keyOf(approval);
    this.#known ??= this.#read();
    return this.#forNow.has(key) || (await this.#known).has(key);
  }

  /** Approves for as long as this object lives, and unless `isForNow` also after that. */
  async give(approval: Approval, isForNow = false): Promise<void> {
    const key = keyOf(approval);
    if (isForNow) this.#forNow.add(key);
    this.#known ??= this.#read();
    if (isForNow || (await this.#known).has(key)) return;
    (await this.#known).add(key);
    await this.#change((given) => given.add(key));
  }

  /** Takes back all of a path that is of this kind. */
  async takeBack(kind: Approval['kind'], path: string): Promise<void> {
    const isMeant = (key: string): boolean => {
      const found = parseJson(key);
      return Array.isArray(found) && found[0] === kind && found[1] === path;
    };
    for (const key of this.#forNow) if (isMeant(key)) this.#forNow.delete(key);
    this.#known ??= this.#read();
    if (![...(await this.#known)].some(isMeant)) return;
    await this.#change((given) => {
      for (const key of given) if (isMeant(key)) given.delete(key);
    });
    this.#known = undefined;
  }

  async #change(change: (given: Set<string>) => void): Promise<void> {
    const { ownDir, tmpDir } = this.#workspace;
    await exclusive(join(tmpDir, 'approvals.lock'), async () => {
      const given = await this.#read();
      change(given);
      const text = JSON.stringify(
        { version: VERSION, store: ownInode(ownDir), given: [...given] },
        undefined,
        1,
      );
      await replaceFile(join(ownDir, 'approvals.json'), utf8(`${text}\n`), tmpDir);
    });
  }

  async #read(): Promise<Set<string>> {
    const text = await readSmallText(join(this.#workspace.ownDir, 'approvals.json'));
    const found = text === undefined ? undefined : parseJson(text);
    if (!isTable(found)) return new Set();
    const { version, store, given } = found;
    const isOurs = version === VERSION && store === ownInode(this.#workspace.ownDir) && Array.isArray(given);
    return new Set(isOurs ? given.filter((key) => typeof key === 'string') : []);
  }
}

function keyOf(approval: Approval): string {
  const { kind, path } = approval;
  return JSON.stringify(kind === 'links' ? [kind, path] : [kind, path, approval.target]);
}
