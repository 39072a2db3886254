import type { Diagnosis } from '../flows/doctor.js';

export function diagnosisView({ findings, counts }: Diagnosis): object {
  return {
    problems: counts.problem,
    notes: counts.note,
    findings: findings.map(({ check, health, what, advice }) => ({
      check,
      health,
      what,
      advice: advice ?? null,
    })),
  };
}
