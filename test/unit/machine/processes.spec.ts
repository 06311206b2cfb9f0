import { ownerOf } from '../../../service/machine/owner.ts';
import { parseStat, parseStatus, readProcesses } from '../../../service/machine/processes/processes.ts';
import { findPrograms } from '../../../service/machine/processes/programs.ts';
import { recordedMachine } from '../../support/recordedMachine.ts';

const machine = recordedMachine();
const never = new AbortController().signal;

const statOf = (name: string) => `802 (${name}) R 792 0 0 0 -1 4194560 129 0 1 0 9 28 0 0 20 0 1 0 415356 6549504 469`;

describe('A process', () => {
    it('is read from its stat file', () => {
        expect(parseStat(statOf('yes'))).toEqual({
            pid: 802,
            name: 'yes',
            state: 'R',
            ticks: 37,
            started: 415356,
            threads: 1,
            reserved: 6549504,
        });
    });

    it('may have brackets, spaces and line breaks in its name', () => {
        expect(parseStat(statOf('a) R (b\nc'))).toEqual(jasmine.objectContaining({ name: 'a) R (b c', ticks: 37 }));
    });

    it('has no control or direction-changing characters in its name, whatever it calls itself', () => {
        expect(parseStat(statOf('\u001b[31m\u202egnp.exe'))?.name).toBe('gnp.exe');
    });

    it('is passed over when its stat file makes no sense', () => {
        expect(['', '802', '802 yes R', '(yes) R 1'].map(parseStat)).toEqual([null, null, null, null]);
    });

    it('keeps no memory for itself when it is a kernel thread', () => {
        expect(parseStatus('Name:\tkthreadd\nState:\tS (sleeping)\n')).toBeNull();
    });
});

describe('Processes', () => {
    it('are read all, and reading stops when it is told to', async () => {
        expect((await readProcesses(machine, never)).length).toBe(14);
        const controller = new AbortController();
        controller.abort(new Error('enough'));
        await expectAsync(readProcesses(machine, controller.signal)).toBeRejectedWithError('enough');
    });

    it('are found by name, as people write it', async () => {
        const [shell] = await findPrograms(machine, ['gnome-shell'], never);
        expect(shell).toEqual(
            jasmine.objectContaining({ owner: { kind: 'process', name: 'gnome-shell' }, processes: 1 }),
        );
        expect((await findPrograms(machine, ['text', 'edit'], never)).length).toBe(1);
        expect(await findPrograms(machine, ['firefox'], never)).toEqual([]);
        expect(await findPrograms(machine, [], never)).toEqual([]);
    });
});

describe('The owner of a process', () => {
    const user = '/user.slice/user-1000.slice/user@1000.service';
    const owner = (path: string) => ownerOf(`4:memory:/\n0::${path}\n`, 'name');

    it('is the application whose unit it runs in', () => {
        const scope = `${user}/app.slice/app-gnome-org.mozilla.firefox-2183.scope`;
        expect(owner(scope)).toEqual({ kind: 'application', name: 'org.mozilla.firefox' });
        const flatpak = `${user}/app.slice/app-flatpak-com.spotify.Client-1881.scope`;
        expect(owner(flatpak)).toEqual({ kind: 'application', name: 'com.spotify.Client' });
        const service = `${user}/app.slice/app-org.gnome.Evolution\\x2dalarm\\x2dnotify@autostart.service`;
        expect(owner(service)).toEqual({ kind: 'application', name: 'org.gnome.Evolution-alarm-notify' });
        const broker = `${user}/app.slice/dbus-:1.2-org.gnome.Calculator@0.service`;
        expect(owner(broker)).toEqual({ kind: 'application', name: 'org.gnome.Calculator' });
    });

    it('is else its unit', () => {
        expect(owner('/system.slice/ssh.service')).toEqual({ kind: 'unit', name: 'ssh.service' });
        expect(owner(`${user}/session.slice/pipewire.service`)).toEqual({ kind: 'unit', name: 'pipewire.service' });
    });

    it('is itself in units that hold whatever somebody started', () => {
        const mixed = [
            '/user.slice/user-1000.slice/session-2.scope',
            `${user}/app.slice/vte-spawn-0b1c.scope`,
            `${user}/session.slice/dbus.service`,
            `${user}/init.scope`,
            '/',
        ];
        for (const path of mixed) expect(owner(path)).toEqual({ kind: 'process', name: 'name' });
        expect(ownerOf('', 'name')).toEqual({ kind: 'process', name: 'name' });
    });
});
