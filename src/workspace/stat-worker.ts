import { serve } from '../workers/serve.js';
import { areSame } from './same-files.js';
import type { StatTasks } from './stat-tasks.js';

serve<StatTasks>({ areSame });
