import { Worker } from 'node:worker_threads';
import { DvsError } from '../base/errors.js';
import { fromFailure, type Reply, type Request, type TaskMap } from './protocol.js';

export interface PoolOptions {
  /** The module each worker runs; it calls `serve()`. */
  readonly entry: URL;
  readonly workers: number;
  /** Given to each worker, with its `index`, as `workerData`. */
  readonly data: object;
}

interface Job extends Request {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Member {
  readonly worker: Worker;
  /** Jobs only this worker may do; they go first. */
  readonly own: Job[];
  readonly running: Map<number, Job>;
}

/** Jobs sent to a worker before it answered the first: hides the trip between the threads. */
const IN_FLIGHT = 2;

/**
 * Of each thread's heap. What a worker holds is bounded by the pack it writes; without a limit V8 lets garbage
 * grow to several times that before it collects.
 */
const HEAP = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 };

/**
 * A fixed set of worker threads with one shared queue, and one queue for each worker for work that must stay
 * on one thread (a running hash, an open pack). Whoever makes a pool closes it.
 */
export class Pool<T extends TaskMap> {
  readonly #members: Member[];
  readonly #shared: Job[] = [];
  #nextId = 0;
  #failed: Error | undefined;

  constructor(options: PoolOptions) {
    this.#members = Array.from({ length: options.workers }, (_, index) => this.#start(options, index));
  }

  get size(): number {
    return this.#members.length;
  }

  /** Runs one task on any worker, or on worker number `on`. Tasks for one worker keep their order. */
  run<K extends keyof T & string>(task: K, input: T[K]['input'], on?: number): Promise<T[K]['output']> {
    return new Promise((resolve, reject) => {
      if (this.#failed !== undefined) {
        reject(this.#failed);
        return;
      }
      const job: Job = { id: this.#nextId++, task, input, resolve, reject };
      const own = on === undefined ? undefined : this.#members[on % this.#members.length];
      (own?.own ?? this.#shared).push(job);
      this.#dispatch();
    });
  }

  /** Runs a task once on every worker. */
  onEach<K extends keyof T & string>(task: K, input: T[K]['input']): Promise<T[K]['output'][]> {
    return Promise.all(this.#members.map((_, index) => this.run(task, input, index)));
  }

  /** Ends the threads; what still runs or waits fails with E_INTERRUPTED. */
  async close(): Promise<void> {
    this.#fail(new DvsError('E_INTERRUPTED', 'the worker pool was closed'));
    await Promise.all(this.#members.map((member) => member.worker.terminate()));
  }

  #start(options: PoolOptions, index: number): Member {
    const worker = new Worker(options.entry, {
      workerData: { ...options.data, index },
      resourceLimits: HEAP,
    });
    const member: Member = { worker, own: [], running: new Map() };
    worker.on('message', (reply: Reply) => this.#settle(member, reply));
    worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) =>
      this.#fail(new DvsError('E_INTERNAL', `a worker thread ended with code ${code}`)),
    );
    return member;
  }

  #settle(member: Member, reply: Reply): void {
    const job = member.running.get(reply.id);
    member.running.delete(reply.id);
    this.#dispatch();
    if ('failure' in reply) job?.reject(fromFailure(reply.failure));
    else job?.resolve(reply.output);
  }

  #dispatch(): void {
    for (let depth = 1; depth <= IN_FLIGHT; depth++) {
      for (const member of this.#members) {
        if (member.running.size >= depth) continue;
        const job = member.own.shift() ?? this.#shared.shift();
        if (job === undefined) continue;
        member.running.set(job.id, job);
        member.worker.postMessage({ id: job.id, task: job.task, input: job.input } satisfies Request);
      }
    }
  }

  #fail(error: Error): void {
    if (this.#failed !== undefined) return;
    this.#failed = error;
    for (const member of this.#members) {
      for (const job of [...member.running.values(), ...member.own.splice(0)]) job.reject(error);
      member.running.clear();
    }
    for (const job of this.#shared.splice(0)) job.reject(error);
  }
}
