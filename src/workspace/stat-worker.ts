import { serve } from '../workers/serve.js';
import { lookAt } from './stat-look.js';
import type { StatTasks } from './stat-tasks.js';

serve<StatTasks>({ lookAt });
