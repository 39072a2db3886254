/** The library: what the command line is made of. It is told who acts, what time it is and how many threads to use. */

export type { AdoptedFile, Backend, ByteRange, ListedFile } from './backend/interface.js';
export { LocalBackend } from './backend/local.js';
export { MemoryBackend } from './backend/memory.js';
export type { Clock } from './base/clock.js';
export { DvsError, type ErrorCode, isDvsError } from './base/errors.js';
export type { Progress, ProgressEvent } from './base/progress.js';
export type { Sequence } from './base/sequence.js';
export type { DatasetEntry, FileEntry, LinkEntry } from './entities/dataset.js';
export { type Entity, knownKinds, parseEntity } from './entities/kinds.js';
export {
  encodePermutation,
  type PermutationEntity,
  parsePermutation,
} from './entities/permutation.js';
export { encodeRun, parseRun, type Run } from './entities/run.js';
export { encodeSamples, parseSamples, type Samples } from './entities/samples.js';
export { encodeSplit, parseSplit, type Split, type SplitPart } from './entities/split.js';
export { type AddedVersion, type AddOptions, type AddResult, add } from './flows/add.js';
export {
  type CachedFile,
  type CacheSummary,
  type CacheVerified,
  cachePrune,
  cacheSummary,
  cacheVerify,
} from './flows/cache.js';
export { type CheckedPath, checkIgnore, type IgnoreRule } from './flows/check-ignore.js';
export { type CheckedOut, type CheckoutOptions, checkout } from './flows/checkout.js';
export {
  type ChangedSetting,
  configure,
  getSetting,
  type ListedSetting,
  listSettings,
} from './flows/config.js';
export { type ComparedContent, type ContentsOptions, compareContents } from './flows/contents.js';
export { type DiffOptions, diff, type NamedDiff } from './flows/diff.js';
export { type Diagnosis, type DoctorOptions, doctor } from './flows/doctor.js';
export { type Du, type DuBy, type DuOptions, type DuRow, du } from './flows/du.js';
export type { EditedVersion, EditOptions } from './flows/edit/edit.js';
export { afterGit, type HookCall, type HookResult, type LeftPath } from './flows/git-hook.js';
export { type HistoricVersion, history } from './flows/history.js';
export { type Initialised, type InitOptions, init } from './flows/init.js';
export { type InstallOptions, type InstallStep, install, uninstall } from './flows/install.js';
export {
  type FoundLeak,
  findLeaks,
  type LeakedSample,
  type LeaksOptions,
  type LeaksReport,
} from './flows/leaks.js';
export { type ListedEntry, list } from './flows/list.js';
export { type ListedPart, type ListedSample, listSamples } from './flows/list-samples.js';
export { type LoggedChange, type LogOptions, log } from './flows/log.js';
export { type Conflict, type MergeOptions, type MergeResult, merge } from './flows/merge.js';
export { type LockFiles, type MergedLock, mergeLockFiles } from './flows/merge-lock.js';
export { type MoveOptions, move } from './flows/move.js';
export { type ListedName, listNames } from './flows/names.js';
export { openSamples, type RandomUse, type Sample, SampleCollection } from './flows/open-samples.js';
export { OpenSplit, openSplit } from './flows/open-split.js';
export {
  Order,
  type OrderedSample,
  type OrderOptions,
  parseOrderReference,
  type SeenAt,
  type Stretch,
} from './flows/order.js';
export { orderBytes } from './flows/order-npy.js';
export { type OrderRow, orderRows } from './flows/order-rows.js';
export { findTracked, folderOf, toWorkspacePaths, toWorkspacePatterns } from './flows/paths.js';
export { type PutOptions, put } from './flows/put.js';
export { read, readBytes } from './flows/read.js';
export { readSample } from './flows/read-sample.js';
export {
  find,
  findDataset,
  findId,
  findTarget,
  type Known,
  knownNow,
  type Target,
} from './flows/references.js';
export { reindex } from './flows/reindex.js';
export { type Relocated, relocate } from './flows/relocate.js';
export { type RemoveOptions, remove } from './flows/remove.js';
export { type Confirm, Repository, type Surroundings } from './flows/repository.js';
export { type Answer, resolveEach } from './flows/resolve.js';
export type { LabelCount, ShownPart, ShownSplit } from './flows/samples/show-split.js';
export {
  type Made,
  type MakeOptions,
  type RecordedSamples,
  recordSamples,
  type SamplesChoice,
  type SamplesOptions,
} from './flows/samples.js';
export { type Shown, show } from './flows/show.js';
export { type RecordedPermutation, type ShuffleOptions, shuffle } from './flows/shuffle.js';
export { diffSplits, type MovedSample, type MovedSamples, type SplitDiff } from './flows/split/diff.js';
export {
  type CarriedOver,
  type MethodChoice,
  type RecordedSplit,
  type SplitOptions,
  split,
} from './flows/split.js';
export { type StatusOptions, status, type TrackedStatus, type WorkspaceStatus } from './flows/status.js';
export { listTags, type TagResult, tag, untag } from './flows/tag.js';
export { TOOL } from './flows/tool.js';
export { type Unprotected, unprotect } from './flows/unprotect.js';
export { untrack } from './flows/untrack.js';
export { verify } from './flows/verify.js';
export type { VersionStat } from './flows/version-stat.js';
export { CID, contentId, nodeId, parseId } from './id/cid.js';
export type { LinkMode } from './ops/checkout/linking.js';
export type { BytesDiff } from './ops/diff/content/bytes.js';
export type { ContentDiff } from './ops/diff/content/content-diff.js';
export type { ImageDiff, ImageFacts } from './ops/diff/content/image.js';
export type { DiffLine, Hunk, LinesDiff } from './ops/diff/content/lines.js';
export type { ParquetColumn, ParquetDiff, ParquetFacts } from './ops/diff/content/parquet.js';
export type { CellChange, RowChange, RowsDiff } from './ops/diff/content/rows.js';
export { type DatasetDiff, isEmptyDiff, type Renamed } from './ops/diff/diff.js';
export type { Modified, OneSided } from './ops/diff/records.js';
export type { Totals } from './ops/folders/level.js';
export type { Outline, OutlinedEntry, OutlineOptions } from './ops/folders/outline.js';
export type { Resolved } from './ops/resolve/resolve.js';
export { type Cursor, parseCursor, printCursor } from './ops/shuffle/cursor.js';
export type { Permutation } from './ops/shuffle/interface.js';
export { permutation } from './ops/shuffle/permutation.js';
export { sampleSeed, sampleSeedHalves } from './ops/shuffle/sample-seed.js';
export { type Dealt, Shards, TAILS, type Tail } from './ops/shuffle/shards.js';
export type { Problem, ProblemList } from './ops/verify/problems.js';
export { countProblems, type VerifyReport } from './ops/verify/report.js';
export type { NamedVersion } from './store/catalogue/names.js';
export { Store, type StoreOptions } from './store/store.js';
export type { CacheOptions } from './workspace/cache/folder.js';
export type { Amount, Pruned, PruneOptions } from './workspace/cache/prune.js';
export type { Ignored } from './workspace/ignore/count.js';
export type { LockEntry } from './workspace/lock-entry.js';
export { type Config, type Origin, setting } from './workspace/settings/config.js';
export { SETTINGS, type SettingKey, type SettingValue } from './workspace/settings/list.js';
export { type ConfigFiles, type ConfigSources, readConfig } from './workspace/settings/read.js';
