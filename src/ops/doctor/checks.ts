import type { Check } from './check.js';
import { clock } from './checks/clock.js';
import { fileSystem } from './checks/file-system.js';
import { permissions } from './checks/permissions.js';
import { settings } from './checks/settings.js';
import { space } from './checks/space.js';
import { speed } from './checks/speed.js';
import { store } from './checks/store.js';
import { versions } from './checks/versions.js';

/** THE list of checks, in the order in which they are told. */
export const CHECKS: readonly Check[] = [
  versions,
  settings,
  store,
  permissions,
  space,
  clock,
  fileSystem,
  speed,
];
