import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.js';
import { ownedName } from '../base/owner.js';
import type { Health } from '../ops/doctor/check.js';
import { type CheckFinding, examine } from '../ops/doctor/run.js';
import { type ConfigSources, readConfig } from '../workspace/settings/read.js';
import { openStore } from './repository.js';
import { TOOL } from './tool.js';

/** All that was found, in the order of the checks. */
export interface Diagnosis {
  readonly findings: readonly CheckFinding[];
  /** How many findings of each kind. */
  readonly counts: Readonly<Record<Health, number>>;
}

/** Where to look. */
export interface DoctorOptions {
  readonly cwd: string;
  readonly clock: Clock;
  readonly sources: ConfigSources;
}

/**
 * Looks at store, permissions, disk, clock and versions, with or without a workspace, in about two seconds. Changes
 * nothing: what it tries out it tries in a folder of its own, which it removes.
 */
export async function doctor({ cwd, clock, sources }: DoctorOptions): Promise<Diagnosis> {
  const { workspace } = sources;
  const bench = await makeBench(workspace?.spoolDir ?? cwd);
  const store = workspace === undefined ? undefined : openStore(workspace);
  const config = readConfig(sources);
  // Each check that asks for them says what is wrong with them.
  store?.catch(() => {});
  config.catch(() => {});
  const findings: CheckFinding[] = [];
  const counts = { ok: 0, note: 0, problem: 0 };
  try {
    const patient = { tool: TOOL, clock, cwd, workspace, store, config, userConfig: sources.user, bench };
    for await (const finding of examine(patient)) {
      findings.push(finding);
      counts[finding.health]++;
    }
  } finally {
    if (bench !== undefined) await rm(bench, { recursive: true, force: true });
    await (await store?.catch(() => undefined))?.close();
  }
  return { findings, counts };
}

/** A folder that is swept like all temporary ones, should this process be killed. */
async function makeBench(place: string): Promise<string | undefined> {
  const path = join(place, ownedName());
  try {
    await mkdir(path);
    return path;
  } catch {
    return undefined; // a check says so
  }
}
