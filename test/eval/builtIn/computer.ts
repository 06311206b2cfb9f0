// The made-up computer on which wishes are read: what is called by its name is there.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { pretendPrograms } from '../../support/pretendPrograms.ts';
import { managerOf, recorded, recordedUnits, run } from '../../support/recordedUnits.ts';
import { Computer, type State } from '../../support/security/computer.ts';
import { anyState } from '../../support/security/generate.ts';
import { desktopUnits } from '../../unit/assistant/desktopUnits.ts';
import type { Surroundings } from '../../../service/actions/surroundings.ts';

/** Names that are those of a program on this computer, for questions. */
export const programs: ReadonlySet<string> = new Set(
    'vlc firefox gimp python3 scribble curl git java libreoffice thunderbird dropbox zoom chrome'.split(' '),
);

export type Read = Surroundings & AsyncDisposable;

export async function startComputer(): Promise<Read> {
    const [any] = fc.sample(anyState, { seed: 14, numRuns: 1 });
    if (any === undefined) throw new TypeError('no computer');
    const pretended = pretendPrograms(['apt-get', 'apt-mark', 'dpkg', 'flatpak', 'gio', 'gsettings']);
    const computer = await Computer.start({ ...any, ...state });
    const { systemd } = managerOf(units());
    // The recorded manager keeps no list of files.
    systemd.listFiles = () => Promise.resolve(desktopUnits.map(({ name }) => ({ name, state: 'enabled' })));
    const home = process.env.HOME;
    process.env.HOME = join(computer.root, 'home');
    mkdirSync(join(process.env.HOME, 'Pictures'));
    writeFileSync(join(process.env.HOME, 'Pictures/sea.png'), 'png');
    return {
        ...computer.surroundings,
        systemd,
        [Symbol.asyncDispose]: async () => {
            process.env.HOME = home;
            await computer[Symbol.asyncDispose]();
            pretended[Symbol.dispose]();
        },
    };
}

/** Versions of what is installed, the newest first. */
const installed: Readonly<Record<string, string[]>> = {
    'bench-tool': ['1.1', '1.0'],
    hexer: ['2.0', '2.0', '1.0'],
    ...Object.fromEntries(
        'thunderbird libreoffice transmission nvidia-driver-550 linux-image-generic mesa firefox openssl'
            .split(' ')
            .map(name => [name, ['1.1', '1.0']]),
    ),
};
const otherUnits = ['jellyfin', 'redis', 'mysql', 'avahi-daemon', 'smbd', 'logrotate', 'packagekit'];

const state: Partial<State> = {
    clock: { Timezone: 'Europe/London', LocalRTC: false, CanNTP: true, NTP: false, NTPSynchronized: false },
    extensions: {
        'dock@example.org': { name: 'Dock', enabled: true },
        'caffeine@example.org': { name: 'Caffeine', enabled: true },
        'dash-to-panel@example.org': { name: 'Dash to Panel', enabled: false },
        'clipboard-indicator@example.org': { name: 'Clipboard Indicator', enabled: false },
    },
    packages: Object.fromEntries(Object.entries(installed).map(([name, [, version = '1.0']]) => [name, version])),
    sources: { ...installed, vlc: ['3.0'], htop: ['1.0'], ripgrep: ['1.0'], gimp: ['1.0'] },
    needs: {},
    unpacked: [],
    names: { StaticHostname: 'desk', PrettyHostname: '' },
    locale: ['LANG=en_US.UTF-8'],
    scheduled: ['poweroff', 4_102_444_800_000_000],
    hosts: '127.0.0.1 localhost\n',
    flatpaks: ['Draw', 'Discord', 'Spotify', 'Zoom'].map(name => ({
        id: `org.example.${name}`,
        name,
        installation: 'user',
        isOld: true,
    })),
    paired: {
        '11:11:11:11:11:11': { name: 'Galaxy Buds', icon: 'audio-headphones', isConnected: false },
        '11:11:11:11:11:12': { name: 'JBL Flip', icon: 'audio-speakers', isConnected: false },
        '11:11:11:11:11:13': { name: 'Old Mouse', icon: 'input-mouse', isConnected: false },
    },
    near: { '22:22:22:22:22:22': { name: 'MX Keys', icon: 'input-keyboard' } },
    connections: ['home', 'CafeGuest', 'Home5G', 'AirportFree', 'WLAN-Nachbar', 'Cafe'].map((id, index) => ({
        id,
        uuid: `2f0c1d86-8a54-4f0e-9d3c-5a5f0e6c7b1${index + 1}`,
        type: '802-11-wireless',
        mode: 'infrastructure',
        isUp: false,
        isKept: true,
    })),
    printers: ['office', 'Brother', 'Epson', 'Canon'].map(name => ({
        name,
        title: name,
        isStopped: true,
        accepts: true,
        jobs: name === 'office' ? [{ id: 7, title: 'letter', isHeld: false, isOwn: true }] : [],
    })),
    defaultPrinter: null,
    application: 'Scribble',
    trash: ['old.txt'],
    files: Object.fromEntries(
        ['script.sh', 'sea.png', 'backup.sh', 'old-backup.zip', 'strand.png'].map(name => [
            name,
            { text: name.endsWith('.sh') ? '#!/bin/sh\n' : 'text', mode: 0o644 },
        ]),
    ),
    isLocked: true,
};

function units() {
    const all = recordedUnits(262);
    const others = otherUnits.map(name => ({ name: `${name}.service`, description: name }));
    for (const { name, description } of [...desktopUnits, ...others]) {
        const unit = structuredClone(recorded(all, 'sample-web.service'));
        Object.assign(unit.unit, { Id: name, Names: [name], Description: description });
        all[name] = unit;
        run(unit);
    }
    return all;
}
