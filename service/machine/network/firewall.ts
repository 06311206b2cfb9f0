import type { Systemd } from '../units/systemd.ts';
import { readText } from '../machine.ts';
import type { Machine } from '../machine.ts';

export const firewallUnit = 'firewalld.service';

/** Whether it is on now, and whether it will be at the next start: ufw has one switch for both. */
export type Firewall = { kind: 'ufw' | 'firewalld'; isOn: boolean; isOnAtStart: boolean };

/** The state of ufw(8), or of firewalld(1) where that is installed and ufw is off; null where there is neither. */
export async function readFirewall(
    machine: Machine | null,
    systemd: Pick<Systemd, 'unit' | 'isReachable'>,
    signal: AbortSignal,
): Promise<Firewall | null> {
    // Everybody may read it, unlike the rules.
    const ufw = machine === null ? null : await readText(machine, '/etc/ufw/ufw.conf', 65_536);
    const isOn = /^ENABLED=yes\s*$/im.test(ufw ?? '');
    const unit = systemd.isReachable('system') ? await systemd.unit('system', firewallUnit, { signal }) : null;
    if (unit !== null && unit.loadState === 'loaded' && !isOn)
        return {
            kind: 'firewalld',
            isOn: unit.activeState === 'active',
            isOnAtStart: unit.unitFileState === 'enabled',
        };
    return ufw === null ? null : { kind: 'ufw', isOn, isOnAtStart: isOn };
}
