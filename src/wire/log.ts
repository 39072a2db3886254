import type { LoggedChange } from '../flows/log.js';

export interface LogView {
  readonly seq: number;
  readonly time: string;
  readonly by: string;
  readonly name: string;
  readonly version: number | null;
  readonly tag: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly message: string | null;
}

export function logView({ seq, time, by, name, version, tag, from, to, message }: LoggedChange): LogView {
  return {
    seq,
    time,
    by,
    name,
    version: version ?? null,
    tag: tag ?? null,
    from: from?.toString() ?? null,
    to: to?.toString() ?? null,
    message: message ?? null,
  };
}
