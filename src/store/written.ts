/** What this process has written to a store so far that counts, for whoever has to tell how far it came. */
export class Written {
  /** True while an entry of the log is on its way: whether it will count is not known. */
  isUncertain = false;
  /** Commits that moved names. */
  commits = 0;
  /** Bytes of the packs that count. */
  bytes = 0;
}
