// The control groups and processes of a test desktop, as its kernel (Linux 6.18) reported them: GNOME 50 just after its
// login, a service "indexer" that loops, an application's scope, and a service "waits" whose process waits for a
// vfork(2)ed child. The load was not recorded: it was that of the machine that the desktop runs on.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const recorded = JSON.parse(readFileSync(new URL('recordedProcesses/desktop.json', import.meta.url), 'utf8')) as Record<
    string,
    string
>;

/** Whose session it is. */
export const uid = 1000;
const ofUser = `/user.slice/user-${uid}.slice/user@${uid}.service`;
export const groups = {
    indexer: '/system.slice/indexer.service',
    network: '/system.slice/NetworkManager.service',
    application: `${ofUser}/app.slice/app-gnome-org.example.Editor-4711.scope`,
    waits: `${ofUser}/app.slice/waits.service`,
    reeve: `${ofUser}/app.slice/reeve.service`,
    terminal: `${ofUser}/app.slice/run-p1071-i3967802.service`,
    login: `/user.slice/user-${uid}.slice/session-c8.scope`,
    pipewire: `${ofUser}/session.slice/pipewire.service`,
} as const;
export type Group = keyof typeof groups;
/** Of the only, or first, process in each. */
export const pids: Record<Group, number> = {
    indexer: 1049,
    network: 52,
    application: 1056,
    waits: 1058,
    reeve: 551,
    terminal: 1072,
    login: 642,
    pipewire: 116,
};

const cgroups = '/sys/fs/cgroup';

/** The recording as files below a directory, to be played on. */
export class RecordedProcesses {
    readonly #root: string;
    readonly #waited = new Map<Group, number>();
    readonly #awake = new Map<Group, number>();

    constructor(root: string) {
        this.#root = root;
        for (const [path, text] of Object.entries(recorded)) this.write(path, text);
    }

    read(path: string): string {
        return readFileSync(join(this.#root, path), 'utf8');
    }

    write(path: string, text: string): void {
        mkdirSync(dirname(join(this.#root, path)), { recursive: true });
        writeFileSync(join(this.#root, path), text);
    }

    /** @param change what is found and what takes its place, in a file that has it */
    edit(path: string, change: [RegExp, (...found: string[]) => string]): void {
        const before = this.read(path);
        if (!change[0].test(before)) throw new Error(`${path} has no ${change[0].source}`);
        this.write(path, before.replace(...change));
    }

    /** A group, and its first process for so much of it, uses the processor. @param milliseconds of one processor */
    compute(group: Group, milliseconds: number, ofProcess = milliseconds): void {
        const later = (_all: string, name = '', value = '') => `${name}${Number(value) + milliseconds * 1000}`;
        this.edit(`${cgroups}${groups[group]}/cpu.stat`, [/(usage_usec )(\d+)/, later]);
        const ticks = (_all: string, before = '', value = '') => `${before}${Number(value) + ofProcess / 10}`;
        this.edit(`/proc/${pids[group]}/stat`, [/^(\d+ \(.*\) (?:\S+ ){11})(\d+)/, ticks]);
    }

    /** A group waits for a processor, and its first process runs or waits for one. @param awake milliseconds */
    wait(group: Group, waited: number, awake: number): void {
        const pressure = 'avg10=0.00 avg60=0.00 avg300=0.00 total=';
        const total = (this.#waited.get(group) ?? 0) + waited;
        this.#waited.set(group, total);
        this.write(`${cgroups}${groups[group]}/cpu.pressure`, `some ${pressure}${total * 1000}\nfull ${pressure}0\n`);
        const ran = (this.#awake.get(group) ?? 0) + awake;
        this.#awake.set(group, ran);
        this.write(`/proc/${pids[group]}/schedstat`, `${ran * 1_000_000} 0 1\n`);
    }

    /** The unit is stopped. */
    end(group: Group): void {
        rmSync(join(this.#root, cgroups, groups[group]), { recursive: true });
        rmSync(join(this.#root, `/proc/${pids[group]}`), { recursive: true });
    }
}
