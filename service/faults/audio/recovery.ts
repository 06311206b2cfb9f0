import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { unknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { findSound } from '../../machine/hardware/sound.ts';

/** By PipeWire itself: an output that is not the dummy one exists, or no card could play. */
export const isHeard: RecoveryCheck = {
    about: 'there is a sound output, or no card that could have one',
    async check({ machine, signal }) {
        const sound = await findSound(machine, signal);
        if (sound === null) return unknown();
        const { isHeard: hasOutput, silence } = sound;
        if (silence !== null) return { gone: false, detail: _('There is still no sound output') };
        return {
            gone: true,
            detail: hasOutput ? _('There is a sound output') : _('No sound card that could play is unused'),
        };
    },
};
