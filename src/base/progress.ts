/** One step of a long operation, as told to whoever draws it. `total` is undefined until it is known. */
export interface ProgressEvent {
  /** What is going on, in the present participle: `reading`, `writing`, `checking`. */
  readonly phase: string;
  readonly bytes: number;
  readonly totalBytes?: number;
  readonly items: number;
  readonly totalItems?: number;
  /** What the items are; by default files, or objects where `phase` is `checking`. Where they are samples, they tell how far it is. */
  readonly unit?: 'sample';
}

/** Receives progress. Called often: must be cheap, must not throw. */
export type Progress = (event: ProgressEvent) => void;

export const silent: Progress = () => {};
