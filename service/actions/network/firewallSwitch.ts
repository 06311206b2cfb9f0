import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { firewallUnit, readFirewall, type Firewall } from '../../machine/network/firewall.ts';
import { defineAction, valueCheck } from '../action.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';
import { turnOff, turnOn } from '../wish.ts';

const parameters = z.strictObject({ on: z.boolean() });
type Asked = Surroundings & { signal: AbortSignal };

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
            undo: { text: _('Sets it back'), steps: [step(firewall, !on, firewall.isOn === firewall.isOnAtStart)] },
            authentication: true,
            preconditions: { firewall: JSON.stringify(firewall) },
        };
    },
    async verify({ on }, asked) {
        return valueCheck((await requireFirewall(asked)).isOn === on);
    },
});

/** @throws ReeveError InvalidState where there is none */
async function requireFirewall({ machine, systemd, signal }: Asked): Promise<Firewall> {
    const firewall = await readFirewall(machine, systemd, signal);
    if (firewall === null) throw new ReeveError('InvalidState', _('No firewall that Reeve knows is installed'));
    return firewall;
}

/** Now, and for each start as well if `isForEachStart`: ufw knows no difference. */
function step({ kind }: Firewall, on: boolean, isForEachStart = true) {
    const description = titleOf(on);
    if (kind === 'ufw')
        return { description, ...programStep('system', on ? ['ufw', '--force', 'enable'] : ['ufw', 'disable']) };
    const argv = isForEachStart ? [on ? 'enable' : 'disable', '--now'] : [on ? 'start' : 'stop'];
    return { description, ...programStep('system', ['systemctl', ...argv, '--', firewallUnit]) };
}

function titleOf(on: boolean): string {
    return on ? _('Turn on the firewall') : _('Turn off the firewall');
}
