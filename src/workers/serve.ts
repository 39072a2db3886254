import { parentPort } from 'node:worker_threads';
import { type Reply, type Request, type TaskMap, toFailure } from './protocol.js';

export type Handlers<T extends TaskMap> = {
  readonly [K in keyof T]: (input: T[K]['input']) => T[K]['output'] | Promise<T[K]['output']>;
};

/** Answers the pool's requests in this worker thread until the pool closes it. */
export function serve<T extends TaskMap>(handlers: Handlers<T>): void {
  const port = parentPort;
  if (port === null) throw new Error('serve() runs in a worker thread');
  const byName = new Map<string, (input: T[keyof T]['input']) => unknown>(Object.entries(handlers));
  const send = (reply: Reply): void => port.postMessage(reply);
  port.on('message', async ({ id, task, input }: Request) => {
    try {
      const handler = byName.get(task);
      if (handler === undefined) throw new Error(`no such task: ${task}`);
      send({ id, output: await handler(input) });
    } catch (error) {
      send({ id, failure: toFailure(error) });
    }
  });
}
