import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { readText } from '../../machine/machine.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';
import { turnOff, turnOn } from '../wish.ts';

const parameters = z.strictObject({ on: z.boolean() });
type Asked = Surroundings & { signal: AbortSignal };
type Firewall = { kind: 'ufw' | 'firewalld'; isOn: boolean };

const service = 'firewalld.service';
const called = { en: ['firewall'], de: ['firewall'], ar: ['(جدار حماية|جدار ناري)'] };

/** Turns the firewall on or off, now and for each start: ufw(8), or firewalld(1) where that is installed. */
export const firewallSwitch = defineAction({
    name: 'firewall.switch',
    parameters,
    touches: () => ['firewall'],
    wishes: [
        { phrases: turnOn(called), parameters: () => [{ on: true }] },
        { phrases: turnOff(called), parameters: () => [{ on: false }] },
    ],
    async plan({ on }, asked) {
        const firewall = await requireFirewall(asked);
        if (firewall.isOn === on)
            throw new ReeveError('InvalidState', on ? _('This is already on') : _('This is already off'));
        return {
            title: titleOf(on),
            steps: [step(firewall, on)],
            risk: 'medium',
            riskText: on
                ? _(
                      'Connections from other computers are refused unless the firewall has a rule for them. That includes SSH and shared folders.',
                  )
                : _('Other computers on the network can reach every program that listens on this one.'),
            undo: { text: _('Sets it back'), steps: [step(firewall, !on)] },
            authentication: true,
            preconditions: { firewall: JSON.stringify(firewall) },
        };
    },
    async verify({ on }, asked) {
        const gone = (await requireFirewall(asked)).isOn === on;
        return { gone, detail: gone ? '' : _('The setting has another value now') };
    },
});

/** @throws ReeveError InvalidState where there is none */
async function requireFirewall({ machine, systemd, signal }: Asked): Promise<Firewall> {
    // Everybody may read it, unlike the rules.
    const ufw = machine === null ? null : await readText(machine, '/etc/ufw/ufw.conf', 65_536);
    const isOn = /^ENABLED=yes\s*$/im.test(ufw ?? '');
    const unit = await systemd.unit('system', service, { signal });
    if (unit !== null && unit.loadState === 'loaded' && !isOn)
        return { kind: 'firewalld', isOn: unit.activeState === 'active' };
    if (ufw !== null) return { kind: 'ufw', isOn };
    throw new ReeveError('InvalidState', _('No firewall that Reeve knows is installed'));
}

function step({ kind }: Firewall, on: boolean) {
    const description = titleOf(on);
    if (kind === 'ufw')
        return { description, ...programStep('system', on ? ['ufw', '--force', 'enable'] : ['ufw', 'disable']) };
    return { description, ...programStep('system', ['systemctl', on ? 'enable' : 'disable', '--now', '--', service]) };
}

function titleOf(on: boolean): string {
    return on ? _('Turn on the firewall') : _('Turn off the firewall');
}
