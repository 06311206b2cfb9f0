import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { blockedRadios } from '../../machine/network/radios.ts';

export function isRadioOn(radio: 'wlan' | 'bluetooth'): RecoveryCheck {
    return {
        about: 'no radio of this kind is switched off',
        async check({ machine }) {
            const [blocked] = await blockedRadios(machine, radio);
            return blocked === undefined
                ? { gone: true, detail: _('It is turned on') }
                : { gone: false, detail: _('It is turned off') };
        },
    };
}
