/** What a process says of one damaged catalogue. */
export interface Round {
  readonly round: number;
  /** What was done to which file. */
  readonly done: string;
  readonly over: boolean;
  /** What was not as it has to be. */
  readonly wrong?: string;
}
