import type { UnitOfProcess } from '../../detection/faultRule.ts';
import { programSeverity } from '../shared/severity.ts';
import { isSystemUser } from '../../detection/sessions.ts';
import { bare, baseName } from '../../detection/subjects.ts';
import type { Captures } from '../../detection/linePattern.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Severity } from '../../model/incident.ts';

/**
 * Microseconds. The kernel gives whole seconds, %t of core(5), to which systemd-coredump appends zeros. The kernel's own line
 * about the same crash is later than that, and would seem to report a later crash.
 */
const wholeSecond = 999_999;

/** Programs that run others; such a process is named after the program it runs. */
const interpreter = /^(?:python|perl|ruby|node|lua|php|java|mono|gjs|wine|electron|[bdz]?a?sh$)/;

export function crashTime({ crashed = '' }: Captures): number {
    return Number(crashed) + wholeSecond;
}

export function unitOfDumped({ systemUnit = '', userUnit = '', uid }: Captures): UnitOfProcess {
    if (userUnit === '') return { scope: 'system', name: systemUnit };
    return { scope: 'user', name: userUnit, uid: Number(uid) };
}

/** The name in the kernel's own line about the same crash, unless that is the name of a thread, such as "GeckoMain". */
export function nameOfDumped({ program = '', executable = '' }: Captures): string {
    const name = baseName(bare(program)) || 'program';
    const file = baseName(executable);
    return file === '' || file.startsWith(name) || interpreter.test(file) ? name : file;
}

export function severityOfDumped(captures: Captures): Severity {
    const severity = programSeverity(nameOfDumped(captures));
    const { uid, userUnit = '' } = captures;
    // In the greeter's session, where another one follows.
    const isOfGreeter = userUnit !== '' && isSystemUser(Number(uid));
    return isOfGreeter && severity !== 'low' ? 'medium' : severity;
}

/**
 * The kernel names the thread. One that says that it is one of several is a helper, whose program mostly goes on without it and
 * starts another.
 */
const helper = /thread|worker|pool|helper|content|render|proc(?:es|$)/i;

export function severityOfProgram({ program = '' }: Captures): Severity {
    const name = baseName(bare(program));
    const severity = programSeverity(name);
    return severity === 'medium' && helper.test(name) ? 'low' : severity;
}

/** The kernel keeps only the beginning of a program's name (TASK_COMM_LEN in include/linux/sched.h). */
function withFullName(facts: Captures): Captures {
    const name = baseName(facts.executable ?? '');
    return facts.subject !== undefined && name.startsWith(facts.subject) ? { ...facts, subject: name } : facts;
}

export function titleOfDumped(facts: Captures): string {
    return _('{subject} crashed', withFullName(facts));
}

export function causeOfSignal(facts: Captures): string {
    const values = withFullName(facts);
    const { signalName = '' } = facts;
    switch (signalName) {
        case 'SIGSEGV':
        case 'SIGBUS':
            return _('{subject} accessed memory that does not belong to it, and was ended ({signalName}).', values);
        case 'SIGABRT':
        case 'SIGTRAP':
            return _('{subject} detected an internal error and aborted ({signalName}).', values);
        default:
            return _('The program {subject} hit an error that it could not recover from, and was ended.', values);
    }
}
