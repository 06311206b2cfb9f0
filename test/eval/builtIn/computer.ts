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
export const programs: ReadonlySet<string> = new Set(['vlc', 'firefox', 'gimp', 'python3', 'scribble']);

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

const state: Partial<State> = {
    clock: { Timezone: 'Europe/London', LocalRTC: false, CanNTP: true, NTP: false, NTPSynchronized: false },
    extensions: { 'dock@example.org': { name: 'Dock', enabled: true } },
    packages: { 'bench-tool': '1.0', hexer: '2.0' },
    sources: { 'bench-tool': ['1.1', '1.0'], hexer: ['2.0', '1.0'], vlc: ['3.0'] },
    needs: {},
    unpacked: [],
    names: { StaticHostname: 'desk', PrettyHostname: '' },
    locale: ['LANG=en_US.UTF-8'],
    scheduled: ['poweroff', 4_102_444_800_000_000],
    hosts: '127.0.0.1 localhost\n',
    flatpaks: [{ id: 'org.example.Draw', name: 'Draw', installation: 'user', isOld: true }],
    connections: [
        {
            id: 'home',
            uuid: '2f0c1d86-8a54-4f0e-9d3c-5a5f0e6c7b11',
            type: '802-11-wireless',
            mode: 'infrastructure',
            isUp: false,
            isKept: true,
        },
    ],
    printers: [
        {
            name: 'office',
            title: 'office',
            isStopped: true,
            accepts: true,
            jobs: [{ id: 7, title: 'letter', isHeld: false, isOwn: true }],
        },
    ],
    defaultPrinter: null,
    application: 'Scribble',
    trash: ['old.txt'],
    files: { 'script.sh': { text: '#!/bin/sh\n', mode: 0o644 }, 'sea.png': { text: 'png', mode: 0o644 } },
    isLocked: true,
};

function units() {
    const all = recordedUnits(262);
    for (const { name, description } of desktopUnits) {
        const unit = structuredClone(recorded(all, 'sample-web.service'));
        Object.assign(unit.unit, { Id: name, Names: [name], Description: description });
        all[name] = unit;
        run(unit);
    }
    return all;
}
