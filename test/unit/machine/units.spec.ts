import { rankUnits } from '../../../service/machine/units/units.ts';

/** Units of a test desktop with Debian sid, by name and description. */
const units = (
    [
        ['ssh.service', 'OpenBSD Secure Shell server', 'active'],
        ['ssh.socket', 'OpenBSD Secure Shell server socket', 'inactive'],
        ['bluetooth.service', 'Bluetooth service', 'inactive'],
        ['bluetooth.target', 'Bluetooth Support', 'inactive'],
        ['cups.service', 'CUPS Scheduler', 'active'],
        ['cups.socket', 'CUPS Scheduler', 'active'],
        ['cups-browsed.service', 'Make remote CUPS printers available locally', 'active'],
        ['NetworkManager.service', 'Network Manager', 'active'],
        ['NetworkManager-dispatcher.service', 'Network Manager Script Dispatcher Service', 'inactive'],
        ['systemd-resolved.service', 'Network Name Resolution', 'active'],
        ['getty@tty1.service', 'Getty on tty1', 'active'],
        ['postgresql@15-main.service', 'PostgreSQL Cluster 15-main', 'active'],
        ['postgresql.service', 'PostgreSQL RDBMS', 'active'],
        ['dev-sda1.device', 'Disk', 'active'],
        ['user-1000.slice', 'User Slice of UID 1000', 'active'],
        ['cron.service', 'Regular background program processing daemon', 'active'],
    ] as const
).map(([name, description, activeState]) => ({
    scope: 'system' as const,
    name,
    description,
    activeState,
    subState: 'dead',
}));

const names = (words: string[], known: string[] = []) => rankUnits(units, words, known).map(({ name }) => name);

describe('A unit that people mean', () => {
    it('is found by its exact name', () => {
        expect(names(['ssh.socket'])[0]).toBe('ssh.socket');
        expect(names(['getty@tty1.service'])).toEqual(['getty@tty1.service']);
        expect(names(['bluetooth.target'])[0]).toBe('bluetooth.target');
    });

    it('is the service before what starts it', () => {
        expect(names(['ssh']).slice(0, 2)).toEqual(['ssh.service', 'ssh.socket']);
        expect(names(['networkmanager'])[0]).toBe('NetworkManager.service');
    });

    it('is found by the names that a thing is known under, the likeliest first', () => {
        expect(names(['printing'], ['cups', 'cups-browsed'])).toEqual([
            'cups.service',
            'cups.socket',
            'cups-browsed.service',
        ]);
        expect(names(['bluetooth'], ['bluetooth'])[0]).toBe('bluetooth.service');
    });

    it('is found by a part of its name, and all that have it are told', () => {
        expect(names(['resolved'])).toEqual(['systemd-resolved.service']);
        expect(names(['postgres'])).toEqual(['postgresql.service', 'postgresql@15-main.service']);
        expect(names(['crond'])).toEqual(['cron.service']);
        expect(names(['network', 'manager'])[0]).toBe('NetworkManager.service');
    });

    it('is at most alike when a letter is wrong or only its description fits', () => {
        for (const words of [['postgresqll'], ['printers']]) {
            const [found] = rankUnits(units, words, []);
            expect(found?.fit).withContext(words.join(' ')).toBeLessThan(60);
        }
    });

    it('is none for other words', () => {
        expect(names(['pizza'])).toEqual([]);
        expect(names(['weather'])).toEqual([]);
        expect(names([])).toEqual([]);
        expect(names(['sda1'])).toEqual([]);
    });
});
