import { _, ngettext } from '../../i18n/i18n.ts';
import type { UnitDetails } from '../../machine/units/systemd.ts';
import { isRunning } from '../../machine/units/unitState.ts';
import { safeText } from '../../text/sanitise.ts';
import { childCode, exitStatusName, setupFailure, signalName, signalText } from './exitStatus.ts';

/** Descriptions of units, in words for people. */

/**
 * What people call the unit: its description without a full stop, or its name if it has none. What systemd-run(1) and desktops
 * start has a command line or "Application launched by" there.
 */
export function calledName({
    name,
    description,
    fragmentPath,
}: Pick<UnitDetails, 'name' | 'description' | 'fragmentPath'>): string {
    if (/^\/run\/.*\/transient\//.test(fragmentPath)) return name;
    return safeText(description, 80).replace(/\.$/, '') || name;
}

export function listNames(names: readonly string[]): string {
    const shown = names.slice(0, 3).join(', ');
    const more = names.length - 3;
    return more <= 0
        ? shown
        : ngettext('{names} and {count} other', '{names} and {count} others', more, { names: shown });
}

/** What has become of the unit, as a sentence that goes on from the title; empty when there is nothing to add to that. */
export function whatHappened(
    unit: UnitDetails,
    { gaveUp, restarting }: { gaveUp: boolean; restarting: boolean },
): string {
    if (gaveUp) return _('It kept failing, so systemd no longer tries to start it.');
    if (restarting) {
        const restarts = unit.process?.restarts ?? 0;
        return restarts === 0
            ? _('systemd is about to restart it.')
            : ngettext(
                  'It keeps failing; systemd has restarted it {count} time so far.',
                  'It keeps failing; systemd has restarted it {count} times so far.',
                  restarts,
              );
    }
    if (unit.activeState === 'activating') return _('It is starting.');
    if (isRunning(unit)) return _('It is running again.');
    return unit.name.endsWith('.service') ? _('It is not running.') : '';
}

/**
 * Why the unit's own process failed, as a sentence, from how it ended and from its last words.
 *
 * @param lastWords the last line that it wrote; empty when there is none
 * @param logged what detection read from systemd's own log lines: `timedOut`, "start" or "stop"
 */
export function howItEnded(unit: UnitDetails, lastWords: string, logged: Record<string, string>): string {
    switch (unit.result ?? '') {
        case 'timeout':
            return whatTimedOut(unit, logged.timedOut);
        case 'watchdog':
            return _('It stopped sending its watchdog signal to systemd.');
        case 'oom-kill':
            return _('The memory of the computer, or its own memory limit, was used up.');
        case 'protocol':
            return _('It did not notify systemd as its settings require.');
        case 'resources':
            return _('systemd could not get a resource that is needed to run it.');
        default:
            break;
    }
    const { code = 0, status = 0 } = unit.process ?? {};
    if (code === childCode.killed || code === childCode.dumped) return signalText(status);
    const setup = setupFailure(status);
    if (setup !== null) return setup;
    if (code === childCode.exited && status !== 0) {
        return lastWords === ''
            ? _('Its program ended with exit status {status} and gave no reason.', { status })
            : _('Its program ended with exit status {status}. Its last message: “{line}”', {
                  status,
                  line: safeText(lastWords, 160),
              });
    }
    return lastWords === ''
        ? _('systemd gives the reason only as “{result}”.', { result: unit.result ?? unit.subState })
        : _('Its last message: “{line}”', { line: safeText(lastWords, 160) });
}

function whatTimedOut({ process }: UnitDetails, what: string | undefined): string {
    if (what === 'stop') return _('It did not stop in time.');
    if (what !== 'start') return _('It exceeded its time limit.');
    const seconds = Math.round((process?.startTimeout ?? 0) / 1_000_000);
    return seconds === 0
        ? _('It was not ready in time.')
        : ngettext('It was not ready within {count} second.', 'It was not ready within {count} seconds.', seconds);
}

/** The unit's state as a piece of evidence: in systemd's own words, for those who know them. */
export function describeState(unit: UnitDetails): string {
    const parts = [`${unit.name}: ${unit.activeState} (${unit.subState})`];
    if (unit.loadError !== null) parts.push(`${unit.loadState}: ${unit.loadError.message}`);
    if (unit.result !== null && unit.result !== 'success') parts.push(`Result=${unit.result}`);
    if (unit.process !== null && unit.process.code !== 0) {
        const { code, status } = unit.process;
        parts.push(
            code === childCode.exited ? `exit status ${exitStatusName(status)}` : `killed by ${signalName(status)}`,
        );
    }
    if (unit.process !== null && unit.process.restarts > 0) parts.push(`NRestarts=${unit.process.restarts}`);
    if (unit.process !== null && unit.process.statusText !== '') parts.push(`“${unit.process.statusText}”`);
    if (unit.fragmentPath !== '') parts.push(safeText(unit.fragmentPath, 256));
    return parts.join(', ');
}
