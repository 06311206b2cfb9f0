import { _ } from '../../i18n/i18n.ts';
import { applicationName } from '../../machine/desktop/applicationName.ts';
import type { Owner } from '../../machine/owner.ts';
import type { Question } from '../answer.ts';
import { code } from '../markup.ts';

/** The name under which people know a program: an application's own, a unit's, a process's. */
export async function ownerName({ machine, format }: Question, owner: Owner): Promise<string> {
    if (owner.kind === 'application')
        return code((await applicationName(machine, owner.name, format.languages)) ?? owner.name);
    if (owner.kind === 'unit') return code(owner.name.replace(/\.(?:service|scope)$/, ''));
    return code(owner.name);
}

/** "Firefox (14 processes)"; a single process is not counted. */
export function withProcesses({ format }: Question, name: string, processes: number): string {
    if (processes === 1) return name;
    return _('{name} ({processes} processes)', { name, processes: format.number(processes) });
}
