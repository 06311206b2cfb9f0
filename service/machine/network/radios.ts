import { listNames, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';

export type Radio = {
    /** Such as "phy0", "hci0". */
    name: string;
    /** By a switch or key of the computer, which no program can undo. */
    isHard: boolean;
};

/** Radios of a kind that are switched off. @see Documentation/ABI/stable/sysfs-class-rfkill (type, soft, hard) */
export async function blockedRadios(machine: Machine, type: 'wlan' | 'bluetooth'): Promise<Radio[]> {
    const blocked: Radio[] = [];
    for (const entry of await listNames(machine, '/sys/class/rfkill')) {
        const read = async (file: string) =>
            (await readText(machine, `/sys/class/rfkill/${entry}/${file}`, 64))?.trim() ?? '';
        if ((await read('type')) !== type) continue;
        const isHard = (await read('hard')) === '1';
        if (isHard || (await read('soft')) === '1') blocked.push({ name: (await read('name')) || entry, isHard });
    }
    return blocked;
}
