import type { Progress, ProgressEvent } from '../src/base/progress.js';
import type { Written } from '../src/store/written.js';
import { count, formatBytes } from './format.js';

/** Follows what a command does, to say what stays of it when it is stopped. */
export class Kept {
  #last: ProgressEvent | undefined;
  /** Files that are in place, of all that was written so far. */
  #files = 0;

  /** Takes in an event and hands it on. */
  following(progress: Progress | undefined): Progress {
    return (event) => {
      if (event.phase === 'writing') this.#files += event.items - this.#writtenBefore(event);
      this.#last = event;
      progress?.(event);
    };
  }

  /**
   * In a few words. Only what is certain: files that threads put in place this very moment are not counted, and
   * a commit that is on its way may count or not.
   */
  describe(written: Written | undefined): string {
    const parts: string[] = [];
    if (written?.isUncertain === true) parts.push('`dvs log` tells whether it was recorded');
    else if (written !== undefined && written.commits > 0) parts.push('it was recorded');
    else if (written !== undefined && written.bytes > 0) {
      parts.push(`${formatBytes(written.bytes)} are in the store and will not be stored again`);
    }
    if (this.#files > 0) parts.push(`at least ${count(this.#files, 'file')} in place`);
    else if (this.#last?.phase === 'writing') parts.push('files were about to be written');
    return parts.join(', ') || 'nothing was changed';
  }

  /** Items of the same work in the last event: several places are written one after the other. */
  #writtenBefore({ items }: ProgressEvent): number {
    return this.#last?.phase === 'writing' && items >= this.#last.items ? this.#last.items : 0;
  }
}
