import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import type { Backend } from '#src/backend/interface.js';
import { LocalBackend } from '#src/backend/local.js';
import { MemoryBackend } from '#src/backend/memory.js';
import { backendSuite, type Subject } from '#src/backend/suite.js';
import { ObjectServer, ObjectStoreBackend } from '../support/object-store.js';
import { makeTempDir } from '../support/tmp.js';

const opening = (make: (folder: string) => Backend) => async (): Promise<Subject> => {
  const { path, remove } = await makeTempDir();
  const scratchDir = join(path, 'scratch');
  await mkdir(scratchDir);
  return { backend: make(join(path, 'store')), scratchDir, close: remove };
};

describe('LocalBackend', () =>
  backendSuite(
    test,
    opening((folder) => new LocalBackend(folder)),
  ));
describe('MemoryBackend', () =>
  backendSuite(
    test,
    opening(() => new MemoryBackend()),
  ));
describe('a backend over S3', () =>
  backendSuite(
    test,
    opening(() => new ObjectStoreBackend(new ObjectServer(3))),
  ));
