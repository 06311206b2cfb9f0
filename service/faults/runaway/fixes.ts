import type { ActionName } from '../../actions/actions.ts';
import type { Tried } from '../../diagnosis/playbook.ts';
import type { FixBy } from '../../diagnosis/remediation.ts';
import { _ } from '../../i18n/i18n.ts';
import { canBeEnded } from '../../machine/processes/kernelWaits.ts';
import type { Incident } from '../../model/incident.ts';
import type { Facts } from '../../model/facts.ts';
import { readFacts } from './facts.ts';

export const endProgram: FixBy<'program.end'> = {
    action: 'program.end',
    parameters: incident => {
        const facts = readFacts(incident.facts);
        // For a thread, its process.
        const pid = facts.process ?? facts.pid;
        const started = facts.process === undefined ? facts.started : facts.processStarted;
        return facts.service !== undefined || pid === undefined || started === undefined ? null : { pid, started };
    },
    explanation: () => _('It is asked to quit, as when you close it. Most programs work properly after a restart.'),
};

/** For a process that was asked to end and has not. */
export const killProgram: FixBy<'program.kill'> = {
    action: 'program.kill',
    parameters: (incident, tried = []) =>
        tried.some(each => isAskedToEnd(incident, each)) ? endProgram.parameters(incident) : null,
    explanation: () => _('The system ends it without asking it again.'),
};

/** Whether the present process of the incident was asked to end: an earlier one of that name is another. */
export function isAskedToEnd(incident: Incident, { action, parameters, isDone }: Tried): boolean {
    const present = JSON.stringify(endProgram.parameters(incident));
    return action === endProgram.action && isDone && JSON.stringify(parameters) === present;
}

/** For a process that hangs where it can be ended. */
export function whereItCanBeEnded<Name extends ActionName>(fix: FixBy<Name>): FixBy<Name> {
    return {
        ...fix,
        parameters: (incident, tried) =>
            canBeEnded(readFacts(incident.facts).waits) ? fix.parameters(incident, tried) : null,
    };
}

/** @param facts of the hanging process */
export function adviceOnHanging(facts: Facts): string {
    const { waits } = readFacts(facts);
    if (waits === 'server' || waits === undefined)
        return _('It is waiting for a disk or a server. Check that all of them respond.');
    if (canBeEnded(waits))
        return _('Wait a little. If it does not continue, end it: it cannot save anything in its current state.');
    return _('Check that all disks and servers respond. Until they do, only a restart of the computer can end it.');
}
