import { constants } from 'node:os';

import { _ } from '../../i18n/i18n.ts';
import type { UnitRecord, UnitRun } from './run.ts';

/** Any other result of systemd is a kind as well. */
export type UnitKind =
    | 'missing-executable'
    | 'not-executable'
    | 'setup'
    | 'dependency'
    | 'assert'
    | 'unsupported'
    | 'start-limit'
    | 'timeout'
    | 'watchdog'
    | 'oom-kill'
    | 'core-dump'
    | 'signal'
    | 'exit-code'
    | 'protocol'
    | 'resources'
    | 'failed';

/**
 * What went wrong, the most informative first: why a program could not be run says more than how often it was tried. `kind` is
 * in about.md.
 */
export function unitKind({ exit, step, job, startLimit, timedOut, outOfMemory, result }: UnitRun): string {
    if (exit?.code === 'exited' && exit.status === 203) {
        return step === null || step.reason === '' || isMissing(step.reason) ? 'missing-executable' : 'not-executable';
    }
    if (
        exit?.code === 'exited' &&
        exit.status >= 200 &&
        exit.status <= 245 &&
        exit.name !== '' &&
        exit.name !== 'n/a'
    ) {
        return 'setup';
    }
    if (job !== null) return job;
    if (startLimit) return 'start-limit';
    // The unit's result says "oom-kill" only if OOMPolicy= made the kill its end; systemd.service(5).
    if (result === 'oom-kill' || (outOfMemory !== null && exit?.code === 'killed' && exit.status === 9))
        return 'oom-kill';
    if (result !== null) return result;
    if (timedOut !== null) return 'timeout';
    return exit === null ? 'failed' : { exited: 'exit-code', killed: 'signal', dumped: 'core-dump' }[exit.code];
}

/** strerror(ENOENT) */
function isMissing(reason: string): boolean {
    return reason.startsWith('No such file or directory');
}

/** @param name what people call it: its description if that is known, and otherwise its name */
export function unitTitle(
    name: string,
    kind: string,
    { restarts, timedOut }: Pick<UnitRecord, 'restarts'> & Pick<UnitRun, 'timedOut'>,
): string {
    switch (kind) {
        case 'missing-executable':
        case 'not-executable':
        case 'setup':
            return _('{unit} cannot be started', { unit: name });
        case 'start-limit':
            return _('{unit} failed too often', { unit: name });
        case 'timeout':
            return timedOut === 'stop'
                ? _('{unit} did not stop in time', { unit: name })
                : _('{unit} did not start in time', { unit: name });
        case 'watchdog':
            return _('{unit} stopped responding', { unit: name });
        case 'core-dump':
            return _('{unit} crashed', { unit: name });
        case 'oom-kill':
            return _('{unit} was ended because memory ran out', { unit: name });
        case 'dependency':
            return _('{unit} could not start because a dependency failed', { unit: name });
        default:
            return restarts >= 3 ? _('{unit} keeps failing', { unit: name }) : _('{unit} failed', { unit: name });
    }
}

/** The cause, as far as the log alone shows it; otherwise empty. */
export function unitCause(record: UnitRecord, kind: string): string {
    const { run } = record;
    switch (kind) {
        case 'missing-executable':
            return run.step === null
                ? _('Its program does not exist or cannot be run.')
                : _('Its program {path} does not exist.', { path: run.step.path });
        case 'not-executable':
            return _('Its program {path} cannot be run: {reason}.', {
                path: run.step?.path ?? '',
                reason: run.step?.reason ?? '',
            });
        case 'setup':
            return run.step === null
                ? _('It could not be set up before its program started (exit status {status}).', {
                      status: exitText(run),
                  })
                : _('It could not be set up before its program started ({step}): {reason}.', {
                      step: run.step.name,
                      reason: run.step.reason,
                  });
        case 'timeout':
            return run.timedOut === 'stop'
                ? _('It did not stop within its time limit, and was killed.')
                : _('It was not ready within its time limit.');
        case 'watchdog':
            return _('It no longer sent the watchdog signal that systemd expects, and was ended.');
        case 'oom-kill':
            return _('Memory ran out, or it exceeded its memory limit, and it was ended.');
        case 'resources':
            return _('systemd could not get a resource that it needs to run.');
        case 'protocol':
            return _('Its program ended without telling systemd that it was ready.');
        case 'start-limit':
            return run.exit === null
                ? _('It failed too often in a short time, so systemd no longer tries to start it.')
                : _('It failed too often in a short time, so systemd no longer tries to start it. {last}', {
                      last: exitCause(run),
                  });
        case 'dependency':
            return run.rootCause === null
                ? _('A dependency could not be started.')
                : _('It needs {unit}, which is not running.', { unit: run.rootCause });
        case 'assert':
            return _('A condition that its settings require is not met.');
        case 'unsupported':
            return _('This computer does not support units of this type.');
        default:
            return run.exit === null ? '' : exitCause(run);
    }
}

function exitCause(run: UnitRun): string {
    switch (run.exit?.code) {
        case undefined:
            return '';
        case 'exited':
            return _('Its program ended with exit status {status}.', { status: exitText(run) });
        case 'killed':
            return _('Its program was ended by signal {signal}.', { signal: signalText(run) });
        case 'dumped':
            return _('Its program crashed with signal {signal}.', { signal: signalText(run) });
    }
}

/** systemd defines only the statuses from 200 on; below, the names seldom match what the program meant. */
function exitText({ exit }: UnitRun): string {
    if (exit === null) return '';
    return exit.status >= 200 && exit.name !== '' ? `${exit.status}/${exit.name}` : String(exit.status);
}

function signalText({ exit }: UnitRun): string {
    const name = Object.entries(constants.signals).find(([, number]) => number === exit?.status)?.[0];
    return name ?? String(exit?.status);
}

/** For the diagnosis; about.md says what each means. */
export function unitFacts({ name, restarts, run }: UnitRecord): Record<string, string> {
    const facts: Record<string, string> = { unit: name };
    if (run.result !== null) facts.result = run.result;
    if (run.exit !== null) {
        facts.exitCode = run.exit.code;
        facts.exitStatus = String(run.exit.status);
    }
    if (run.step !== null) {
        facts.step = run.step.name;
        facts.executable = run.step.path;
        facts.reason = run.step.reason;
    }
    if (run.timedOut !== null) facts.timedOut = run.timedOut;
    if (run.outOfMemory !== null) facts.outOfMemory = run.outOfMemory;
    if (run.startLimit) facts.startLimit = 'hit';
    if (restarts > 0) facts.restarts = String(restarts);
    if (run.rootCause !== null) facts.rootCause = run.rootCause;
    if (run.description !== null) facts.description = run.description;
    return facts;
}
