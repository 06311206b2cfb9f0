import { _ } from '../core/i18n.js';
import { unitName } from '../remote/names.js';
import type { Absence } from '../state/absence.js';

/** @returns the problem and its remedy */
export function absenceText(absence: Absence): { title: string; remedy: string; canStart: boolean } {
    const log = _('Its log may show why: {command}', { command: `journalctl --user --unit=${unitName}` });
    switch (absence.kind) {
        case 'starting':
            return { title: _('Reeve’s service is starting…'), remedy: '', canStart: false };
        case 'not-installed':
            return {
                title: _('Reeve’s service is not installed'),
                remedy: _('Install it, then start it here.'),
                canStart: true,
            };
        case 'masked':
            return {
                title: _('Reeve’s service is masked'),
                remedy: _('To unmask it: {command}', { command: `systemctl --user unmask ${unitName}` }),
                canStart: true,
            };
        case 'exited':
            return {
                title: _('Reeve’s service stopped with exit status {status}', { status: absence.status }),
                remedy: log,
                canStart: true,
            };
        case 'crashed':
            return { title: _('Reeve’s service crashed'), remedy: log, canStart: true };
        case 'timed-out':
            return { title: _('Reeve’s service is not responding'), remedy: log, canStart: true };
        case 'gave-up':
            return { title: _('Reeve’s service failed too often and is not restarted'), remedy: log, canStart: true };
        case 'failed':
            return {
                title: _('Reeve’s service failed: {result}', { result: absence.result }),
                remedy: log,
                canStart: true,
            };
        case 'stopped':
            return {
                title: _('Reeve’s service is not running'),
                remedy: _('Nothing is watched until it starts.'),
                canStart: true,
            };
    }
}
