import { noted } from '../../diagnosis/guide.ts';
import type { GuidedStep, StepCheck } from '../../diagnosis/guide.ts';
import { untilRestart } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';

/** A step that needs the computer to be off, and so is done once it has been started again. */
export const whileOff = (text: () => string): GuidedStep => ({ text, seen: untilRestart });

export const restartComputer = whileOff(() => _('Save your work and restart the computer.'));

/** The subsystems of uevents, as the source `devices` has them in its fact. */
type Subsystem = 'usb' | 'block' | 'drm' | 'input';

export function connected(subsystem: Subsystem): StepCheck {
    return noted(
        `a device of the subsystem ${subsystem} that was connected`,
        ['device'],
        ({ event, facts }) => event === 'added' && facts.subsystem === subsystem,
    );
}

export function disconnected(subsystem: Subsystem): StepCheck {
    return noted(
        `a device of the subsystem ${subsystem} that was disconnected`,
        ['device'],
        ({ event, facts }) => event === 'removed' && facts.subsystem === subsystem,
    );
}

export const plugInAgain = (subsystem: Subsystem): GuidedStep => ({
    text: () => _('Unplug it and plug it in again, into another port or with another cable if you can.'),
    seen: connected(subsystem),
});

/** The target is active from the log-in to the log-out: systemd.special(7). */
const isLoggedInAgain: StepCheck = {
    about: 'the desktop was started since the fault',
    async check({ incident, systemd, signal }) {
        const target = await systemd.unit('user', 'graphical-session.target', { signal });
        const isNew = target?.activeState === 'active' && (target.stateChangedAt ?? 0) > incident.lastSeen;
        return { gone: isNew, detail: '' };
    },
};

export const logInAgain: GuidedStep = {
    text: () => _('Save your work, then log out and in again.'),
    seen: isLoggedInAgain,
};
