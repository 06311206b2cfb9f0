import { quietFor } from '../diagnosis/recovery.ts';
import type { RecoveryCheck } from '../diagnosis/recovery.ts';
import type { DiagnosedFamily } from '../diagnosis/family.ts';
import type { Fix, Remediation } from '../diagnosis/remediation.ts';
import { _ } from '../i18n/i18n.ts';
import type { UnitDetails } from '../machine/units/systemd.ts';
import { isRunning, millisecondsActive } from '../machine/units/unitState.ts';
import { scope } from '../model/incident.ts';
import type { Incident } from '../model/incident.ts';
import type { LocalFamily, LocalFix, LocalRule } from './localRule.ts';

/** A unit that stays up this long did not fail again at once. Milliseconds. */
const settleTime = 10_000;

/** What diagnosis needs to know about the incidents of a file of rules. */
export function diagnosedFamily(family: LocalFamily): DiagnosedFamily {
    const kinds = Object.fromEntries(family.rules.map(rule => [rule.kind, remediationOf(rule)]));
    return { name: family.name, remediation: { otherwise: { recovery: quietFor(60), advice: otherwise }, kinds } };
}

function remediationOf(rule: LocalRule): Remediation {
    return {
        recovery: recoveryAfter(rule.quiet),
        advice: () => rule.advice ?? otherwise(),
        fixes: rule.fixes.map(fix),
    };
}

function otherwise(): string {
    return _('The log of the program has more details.');
}

/** For the unit whose process wrote the line, according to journald; without a unit nothing is offered. */
function fix(action: LocalFix): Fix {
    return {
        action,
        parameters: ({ facts: { unit, unitScope } }) => {
            const { data: manager } = scope.safeParse(unitScope);
            return manager !== undefined && unit?.endsWith('.service') === true && !isOfSession(unit)
                ? { scope: manager, unit }
                : null;
        },
        explanation: () => _('Suggested by a local rule.'),
    };
}

/** The user's own manager, with everything that runs in the session. */
function isOfSession(unit: string): boolean {
    return unit.startsWith('user@') || unit.startsWith('user-runtime-dir@');
}

/** A unit that was started or ran since then is well again; otherwise only time shows it. */
function recoveryAfter(minutes: number): RecoveryCheck {
    const quiet = quietFor(minutes);
    return {
        about: `${quiet.about}, or the unit that it is about works again`,
        async check(place) {
            const { incident, systemd, signal } = place;
            const { unit: name, unitScope } = incident.facts;
            const manager = scope.safeParse(unitScope);
            if (name === undefined || !manager.success) return await quiet.check(place);
            const unit = await systemd.unit(manager.data, name, { signal });
            if (unit?.activeState === 'failed') return { gone: false, detail: _('{unit} has failed', { unit: name }) };
            if (unit !== null && hasRunSince(unit, incident, place.now))
                return { gone: true, detail: _('{unit} was started again and works', { unit: name }) };
            return await quiet.check(place);
        },
    };
}

function hasRunSince(unit: UnitDetails, { lastSeen }: Incident, now: number): boolean {
    if (unit.activeState === 'inactive')
        return unit.result === 'success' && unit.process !== null && (unit.process.exitedAt ?? 0) > lastSeen;
    const active = millisecondsActive(unit);
    return isRunning(unit) && active >= settleTime && now - active * 1000 > lastSeen;
}
