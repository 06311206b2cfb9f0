import { unwrapped } from '../../detection/programs.ts';
import type { Severity } from '../../model/incident.ts';
import type { Scope } from '../../model/unit.ts';
import { descriptions, programs, units } from '../generated/severities.ts';

/** The severity of a program's crash, by its name, of which the kernel may have kept fifteen letters. */
export function programSeverity(program: string): Severity {
    const name = unwrapped(program);
    return programs.find(({ pattern }) => pattern.test(name))?.severity ?? 'medium';
}

/** How much the failure of a unit matters to the person at the computer; docs/faults.md has the rule in words. */
export function unitSeverity(scope: Scope, unit: string): Severity {
    const name = descriptions.get(unit) ?? unit;
    const found = units.find(one => (one.scope === null || one.scope === scope) && one.pattern.test(name));
    return found?.severity ?? 'medium';
}
