import { _, ngettext } from '../../i18n/i18n.ts';
import type { UnitDetails } from '../../machine/units/systemd.ts';
import type { Format } from '../../i18n/format.ts';
import { code } from '../markup.ts';

/** Words for the states of org.freedesktop.systemd1(5); others keep systemd's name. */
export function unitState(format: Format, details: UnitDetails): string {
    const values = {
        unit: code(details.name),
        when: details.stateChangedAt === null ? '' : format.when(details.stateChangedAt),
        since: details.stateChangedAt === null ? '' : format.since(details.stateChangedAt),
        state: code(details.subState),
    };
    if (details.loadState === 'masked') return _('{unit} is masked: nothing can start it.', values);
    if (details.loadState === 'not-found') return _('{unit} has no unit file.', values);
    if (details.loadState !== 'loaded') return _('{unit} cannot be loaded: its unit file has errors.', values);
    switch (details.activeState) {
        case 'active':
            if (details.subState === 'running') return _('{unit} has been running since {since}.', values);
            if (details.subState === 'exited')
                return _('{unit} finished successfully, {when}. It does not need to keep running.', values);
            return _('{unit} has been active ({state}) since {since}.', values);
        case 'failed':
            return _('{unit} has failed, {when}.', values);
        case 'activating':
            if (details.subState === 'auto-restart')
                return _('{unit} keeps stopping and is about to be restarted.', values);
            return _('{unit} has been starting since {since}.', values);
        case 'deactivating':
            return _('{unit} has been stopping since {since}.', values);
        case 'inactive':
            return details.stateChangedAt === null
                ? _('{unit} is not running. It has not been started since the computer started.', values)
                : _('{unit} has not been running since {since}.', values);
        default:
            return _('{unit} is in the state {state}.', { ...values, state: code(details.activeState) });
    }
}

/** What else is worth knowing of it, a line each. */
export function unitFacts(details: UnitDetails): string[] {
    const lines: string[] = [];
    const { process } = details;
    if (details.unitFileState === 'enabled')
        lines.push(details.scope === 'system' ? _('It starts with the system.') : _('It starts with your session.'));
    if (details.unitFileState === 'disabled' && details.triggeredBy.length === 0)
        lines.push(_('It does not start with the system: it is disabled.'));
    if (details.activeState === 'inactive' && details.triggeredBy.length > 0)
        lines.push(_('It starts on demand, through {units}.', { units: details.triggeredBy.map(code).join(', ') }));
    if (details.activeState === 'inactive' && !details.conditionsMet && details.unmetConditions.length > 0)
        lines.push(
            _('It was not started because a condition was not met: {conditions}', {
                conditions: details.unmetConditions.map(code).join(', '),
            }),
        );
    if (process !== null && process.restarts > 0)
        lines.push(
            ngettext(
                'systemd has restarted it {count} time.',
                'systemd has restarted it {count} times.',
                process.restarts,
            ),
        );
    if (process !== null && process.statusText !== '')
        lines.push(_('Its own status: {text}', { text: code(process.statusText) }));
    if (details.needsReload) lines.push(_('Its files have changed since systemd read them.'));
    if (details.loadError !== null) lines.push(code(details.loadError.message));
    return lines;
}
