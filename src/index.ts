/** The library: what the command line is made of. Nothing here reads the environment, the clock or prints. */

export type { Backend, ByteRange } from './backend/interface.js';
export { LocalBackend } from './backend/local.js';
export { MemoryBackend } from './backend/memory.js';
export type { Clock } from './base/clock.js';
export { DvsError, type ErrorCode, isDvsError } from './base/errors.js';
export type { Progress, ProgressEvent } from './base/progress.js';
export type { DatasetEntry } from './entities/dataset.js';
export { type Entity, knownKinds, parseEntity } from './entities/kinds.js';
export { encodeRun, parseRun, type Run } from './entities/run.js';
export { type AddedVersion, type AddOptions, type AddResult, add } from './flows/add.js';
export { type CheckedOut, type CheckoutOptions, checkout } from './flows/checkout.js';
export { type DiffOptions, diff, type NamedDiff } from './flows/diff.js';
export { type ListedEntry, list } from './flows/list.js';
export { type LoggedChange, log } from './flows/log.js';
export { read } from './flows/read.js';
export { find, findDataset, findTarget, type Target } from './flows/references.js';
export { Repository, type Surroundings } from './flows/repository.js';
export { type Shown, show } from './flows/show.js';
export { status, type TrackedStatus, type WorkspaceStatus } from './flows/status.js';
export { listTags, type TagResult, tag, untag } from './flows/tag.js';
export { TOOL } from './flows/tool.js';
export { verify } from './flows/verify.js';
export { CID, contentId, nodeId, parseId } from './id/cid.js';
export type { DatasetDiff } from './ops/diff/diff.js';
export { defaultWorkers } from './ops/ingest/ingest.js';
export type { Problem, VerifyReport } from './ops/verify/report.js';
export { Store, type StoreOptions } from './store/store.js';
