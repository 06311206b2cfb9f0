// Questions that name something: a program, a package, a place, what Reeve did. No answer may be about something else.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ReeveError } from '../../../service/util/errors.ts';
import type { TimelineEntry } from '../../../service/model/timelineEntry.ts';
import type { Machine } from '../../../service/machine/machine.ts';
import { desktopRoot, recordedMachine, recordedReplies } from '../../support/recordedMachine.ts';
import { ask, entry, incident, now, proposal } from './asking.ts';

/** The recorded desktop, with a program that can be started and does not run. */
let root: string;
beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'reeve-named-'));
    cpSync(desktopRoot(1), root, { recursive: true, verbatimSymlinks: true });
    mkdirSync(join(root, 'usr/bin'), { recursive: true });
    writeFileSync(join(root, 'usr/bin/firefox'), '');
});
afterAll(() => {
    rmSync(root, { recursive: true });
});
const withFirefox = (): Machine => ({ ...recordedMachine(), root });

const withPrograms = (outputs: Record<string, string>): Machine => ({
    ...recordedMachine(),
    run: program => Promise.resolve(outputs[program] ?? null),
});

const event = (change: Partial<TimelineEntry>): TimelineEntry => ({
    id: 1,
    time: now - 3_600_000_000,
    kind: 'action',
    event: 'applied',
    subject: 'unit.restart',
    source: '',
    summary: 'Done: Restart ssh.service',
    detail: '',
    facts: {},
    ...change,
});

describe('Asked about software by its name', () => {
    const dpkg = 'firefox-esr\t128.4.0esr-1\t\tinstalled\ngit-man\t1:2.45-1\t\tinstalled\nvlc\t3.0\t\tconfig-files\n';

    it('it says whether it is installed, in which version, by what', async () => {
        const machine = withPrograms({ 'dpkg-query': `${dpkg}bash:amd64\t5.2\t\tinstalled\n` });
        const { text, topic } = await ask('is bash installed?', { machine });
        expect(topic).toBe('installed');
        expect(text).toBe('`bash` is installed.\n\n- `bash`, version `5.2`, by `dpkg`\n');
    });

    it('it does not take another package for the one that was named, nor a removed one for an installed one', async () => {
        const machine = withPrograms({ 'dpkg-query': dpkg });
        expect((await ask('do I need to install firefox', { machine: { ...machine, root } })).text).toBe(
            'Nothing called exactly `firefox` is installed, but these are:\n\n' +
                '- `firefox-esr`, version `128.4.0esr-1`, by `dpkg`\n',
        );
        const python = withPrograms({ 'dpkg-query': 'python3\t3.13\t\tinstalled\npython3-pil\t11\t\tinstalled\n' });
        expect((await ask('which python version is installed?', { machine: python })).text).toMatch(
            /but these are:\n\n- `python3`, version `3\.13`, by `dpkg`\n$/,
        );
        expect((await ask('is git installed?', { machine })).text).toMatch(
            /^Nothing called exactly `git` is installed/,
        );
        expect((await ask('is vlc installed?', { machine })).text).toMatch(
            /^`vlc` is not installed, according to `dpkg`/,
        );
    });

    it('it asks Flatpak and Snap as well, which know applications by other names', async () => {
        const machine = withPrograms({
            'dpkg-query': dpkg,
            flatpak: 'org.gimp.GIMP\t2.10.38\tGNU Image Manipulation Program\n',
            snap: 'Name     Version  Rev  Tracking  Publisher  Notes\nspotify  1.2.31   75   latest    spotify    -\n',
        });
        expect((await ask('is gimp installed?', { machine })).text).toContain(
            '- `GNU Image Manipulation Program`, version `2.10.38`, by `flatpak`\n',
        );
        expect((await ask('is spotify installed?', { machine })).text).toBe(
            '`spotify` is installed.\n\n- `spotify`, version `1.2.31`, by `snap`\n',
        );
        expect((await ask('is krita installed?', { machine })).text).toContain(
            'according to `dpkg`, `flatpak`, and `snap`',
        );
    });

    it('it says when it changed last, and names an update', async () => {
        const known = {
            ...recordedMachine(),
            run: withPrograms({
                'dpkg-query': 'python3-pil\t11.3\t\tinstalled\n',
                apt: 'python3-pil/sid 12.0 amd64 [upgradable from: 11.3]\n',
            }).run,
        };
        const { text } = await ask('which version of python3-pil is installed?', { machine: known });
        expect(text).toMatch(/\n`python3-pil` was installed .+\n/);
        expect(text).toContain('An update of `python3-pil` to version `12.0` is available.');
    });

    it('it does not claim to know where there is no package manager', async () => {
        const machine = withPrograms({});
        expect((await ask('is vlc installed?', { machine })).text).toMatch(/^No package manager is available/);
    });
});

describe('Asked about a program by its name', () => {
    it('it tells first what that program uses', async () => {
        const { text } = await ask('how much memory does gnome-shell use?');
        expect(text).toMatch(/^`gnome-shell`(?: \(\d+ processes\))? uses \d+\.\d\sMB of memory\.\n/);
    });

    it('it says when none of that name runs, and what cannot be seen', async () => {
        expect((await ask('how much memory does firefox use?', { machine: withFirefox() })).text).toMatch(
            /^No running program is called `firefox`\.\n/,
        );
        const { text, topic } = await ask('why does firefox take so long', { machine: withFirefox() });
        expect(topic).toBe('resources');
        expect(text).toContain('No running program is called `firefox`.');
        expect(text).toContain('I cannot see inside a program');
    });

    it('it does not give the crash of another program for one of that', async () => {
        const dump = entry({
            unit: 'systemd-coredump@0-31-813_814-0.service',
            fields: { COREDUMP_COMM: 'gnome-calculator', COREDUMP_PID: '812', COREDUMP_SIGNAL_NAME: 'SIGSEGV' },
        });
        for (const [question, name] of [
            ['why did firefox crash?', 'firefox'],
            ['did gnome-shell crash?', 'gnome-shell'],
        ] as const)
            expect((await ask(question, { machine: withFirefox(), journalled: [dump] })).text).toMatch(
                new RegExp(`^The journal has no record of a crash of \`${name}\`\\.\n\nThe last program to crash was `),
            );
        expect((await ask('did the calculator crash?', { journalled: [dump] })).text).toMatch(/^The last program/);
    });
});

describe('A word that we do not know', () => {
    const dump = entry({
        unit: 'systemd-coredump@0-31-813_814-0.service',
        fields: { COREDUMP_COMM: 'gnome-calculator', COREDUMP_PID: '812', COREDUMP_SIGNAL_NAME: 'SIGSEGV' },
    });

    it('is no program, and nothing is said of a program of that name', async () => {
        for (const question of [
            'ist irgendetwas abgestürzt',
            'did something crash while I was away',
            'ist in letzter Zeit etwas abgestürzt',
            'why does my computer crash randomly',
            'how often does it crash',
            'what crashed first',
            'warum stürzt mein Rechner ständig ab',
            'my laptop crashes every day',
        ]) {
            const { text, topic } = await ask(question, { journalled: [dump] });
            expect(topic).withContext(question).toBe('crashes');
            expect(text).withContext(question).not.toContain('no record of a crash of');
        }
        for (const question of [
            'warum ist mein PC plötzlich so langsam',
            'why is my computer slow again',
            'why is my computer always slow',
            'my computer feels slow',
            'reicht mein Arbeitsspeicher',
            'wie viel Speicher habe ich insgesamt',
            'is my memory usage high',
            'why is memory usage growing',
            'cpu usage per core',
            'typing is slow',
            'scrolling is slow',
            'لماذا جهازي بطيء فجأة',
            'هل الذاكرة كافية',
        ])
            expect((await ask(question)).text)
                .withContext(question)
                .not.toMatch(/No running program|see inside/);
    });

    it('makes a question one that is not understood, with the nearest that are', async () => {
        const { text, topic } = await ask('is my memory usage wobbly');
        expect(topic).toBe('none');
        expect(text).toContain('What is using memory?');
    });

    it('makes a question for updates none for one package, for which every package manager would be asked', async () => {
        const started: string[] = [];
        const run: Machine['run'] = program => {
            started.push(program);
            return Promise.resolve(null);
        };
        for (const question of [
            'sind alle Updates installiert',
            'are security updates installed',
            'were updates installed automatically',
            'wurden Updates automatisch installiert',
            'was wurde automatisch aktualisiert',
            'is the update finished',
            'is the update stuck',
            'ist das Update fertig',
            'are updates paused',
            'are the updates important',
            'what package manager do I have',
            'were my flatpaks updated',
            'which snaps are installed',
            'are there leftover packages',
            'which package contains ls',
            'how do I install zork',
        ]) {
            const { text, topic } = await ask(question, { machine: { ...recordedMachine(), run } });
            expect(topic).withContext(question).not.toBe('installed');
            expect(text).withContext(question).not.toContain('not installed');
        }
        expect(started).not.toContain('dpkg-query');
    });

    it('is a name in quotation marks, or when it looks like no word', async () => {
        const machine = withPrograms({ 'dpkg-query': 'bash\t5.2\t\tinstalled\n' });
        for (const name of ['`zork`', '“zork”', 'zork-2'])
            expect((await ask(`when was ${name} updated`, { machine })).topic)
                .withContext(name)
                .toBe('installed');
        // What it asks about was not read, and what else changed is no answer to it.
        expect((await ask('when was zork updated', { machine })).topic).toBe('none');
    });
});

describe('Asked about a place', () => {
    let home: string;
    beforeEach(() => {
        home = mkdtempSync(join(tmpdir(), 'reeve-place-'));
        mkdirSync(join(home, 'Big'));
        writeFileSync(join(home, 'Big/film.mkv'), Buffer.alloc(3_000_000, 1));
    });
    afterEach(() => {
        rmSync(home, { recursive: true });
    });

    it('it says how full the filesystem there is, and what uses the space', async () => {
        const machine = { ...recordedMachine(), root: '/' };
        const { text, topic } = await ask(`what uses ${home}?`, { machine });
        expect(topic).toBe('disk');
        expect(text).toContain(`\`${home}\` is on the filesystem`);
        expect(text).toContain(`The largest folders in \`${home}\`:\n- \`${home}/Big\`: 3.0\u00a0MB\n`);
        expect(text).toContain(`The largest files in \`${home}\`:\n- \`${home}/Big/film.mkv\`: 3.0\u00a0MB\n`);
        expect((await ask(`how big is ${home}/Big/film.mkv`, { machine })).text).toMatch(
            /film\.mkv` takes 3\.0\sMB\.\n/,
        );
    });

    it('it does not look into places of secrets, and says what is not there', async () => {
        const machine = { ...recordedMachine(), root: '/' };
        expect((await ask('how big is /etc/shadow', { machine })).text).toMatch(/holds secrets|does not exist/);
        expect((await ask(`how big is ${home}/nowhere`, { machine })).text).toContain('does not exist');
    });

    it('it tells only of what changed there', async () => {
        const happened = [
            event({ kind: 'file', subject: '/etc/ssh/sshd_config', summary: '/etc/ssh/sshd_config was edited' }),
            event({ id: 2, kind: 'file', subject: '/etc/fstab', summary: '/etc/fstab was edited' }),
            event({ id: 3 }),
        ];
        const machine = { ...recordedMachine(), root: '/nonexistent' };
        const { text } = await ask('what changed in /etc/ssh?', { machine, happened });
        expect(text).toMatch(
            /^Since [^\n]+: Events: 1\.\n\n\*\*Events\*\*\n- \/etc\/ssh\/sshd_config was edited, 1 hour ago/,
        );
        expect(text).not.toContain('fstab');
        expect(text).not.toContain('Restart');
    });
});

describe('Asked about sound', () => {
    const node = (name: string, media: string, props: object, state = 'suspended') => ({
        info: {
            state,
            props: { 'node.name': name, 'node.description': `${name}!`, 'media.class': media },
            params: { Props: [props] },
        },
    });
    const asked = (objects: object[] | null) => {
        const run = (program: string) =>
            Promise.resolve(program === 'pw-dump' && objects !== null ? JSON.stringify(objects) : null);
        return ask('why is there no sound?', { machine: { ...recordedMachine(), run } });
    };
    const metadata = { metadata: [{ key: 'default.audio.sink', value: { name: 'hdmi' } }] };
    const speaker = node('speaker', 'Audio/Sink', { channelVolumes: [0.125, 0.125] });

    it('it says where it goes, how loud, and what plays', async () => {
        const browser = node('Firefox', 'Stream/Output/Audio', {}, 'running');
        const { text, topic } = await asked([metadata, speaker, node('hdmi', 'Audio/Sink', { mute: true }), browser]);
        expect(topic).toBe('sound');
        expect(text).toBe(
            'No sound: `hdmi!` is muted.\n\n' + '- Another output: `speaker!`, volume 50%\n- Playing now: `Firefox!`\n',
        );
        expect((await asked([speaker])).text).toMatch(/^Sound goes to `speaker!` at volume 50%\.\n/);
        const silent = node('speaker', 'Audio/Sink', { channelVolumes: [0] });
        expect((await asked([silent])).text).toMatch(/^No sound: the volume of `speaker!` is zero\.\n/);
    });

    it('it says when there is nothing but what swallows everything, or nobody to ask', async () => {
        const { text } = await asked([node('auto_null', 'Audio/Sink', {}), node('mic', 'Audio/Source', {})]);
        expect(text).toMatch(/^No sound: there is no output device\.\n\n- Input: `mic!`\n/);
        expect((await asked(null)).text).toContain('PipeWire, which handles sound, is not available');
        const run = () => Promise.reject(new ReeveError('Unavailable', 'pw-dump failed'));
        const { text: failing } = await ask('why is there no sound?', { machine: { ...recordedMachine(), run } });
        expect(failing).toContain('PipeWire, which handles sound, is not available');
        expect(failing).not.toContain('no output device');
    });
});

describe('Asked about extensions', () => {
    const asked = (listed: object | null) => {
        const key = 'org.gnome.Shell /org/gnome/Shell ListExtensions';
        const replies = listed === null ? {} : { ...recordedReplies(), [key]: [listed] };
        return ask('which extensions are broken?', { machine: recordedMachine('connected', replies) });
    };
    const extension = (state: number, more: object = {}) => ({ state, enabled: true, ...more });

    it('it names those that are broken and why, and those that work', async () => {
        const { text, topic } = await asked({
            'clock@example.org': extension(3, { name: 'Clock', error: 'TypeError: this._box is null' }),
            'old@example.org': extension(4, { name: 'Old' }),
            'fine@example.org': extension(1),
            'off@example.org': extension(3, { enabled: false, name: 'Off' }),
        });
        expect(topic).toBe('extensions');
        expect(text).toBe(
            '2 GNOME Shell extensions do not work:\n\n' +
                '- `Clock` has an error: `TypeError: this._box is null`\n' +
                '- `Old` is made for another version of GNOME\n' +
                '- Turned on and working: `fine@example.org`\n',
        );
    });

    it('it says when none is broken, none is there, or nobody can be asked', async () => {
        expect((await asked({})).text).toBe(
            'No GNOME Shell extension is broken.\n\n- No other extension is turned on.\n',
        );
        expect((await asked(null)).text).toContain('cannot be checked');
    });
});

describe('Asked what Reeve did', () => {
    const applied = { ...proposal, state: 'applied' as const, applied: now - 60_000_000 };
    const undo = { text: 'Stop it', steps: [] as never };

    it('it reports its own changes alone, and what can be taken back', async () => {
        const happened = [event({}), event({ id: 2, kind: 'setting', summary: 'The setting /org/x was changed' })];
        const offered = [{ ...applied, plan: { ...proposal.plan, undo } }];
        const { text, topic, incidents } = await ask('what did you fix?', { happened, offered });
        expect(topic).toBe('done');
        expect(text).toMatch(/^I made 1 change:\n\n- Done: Restart ssh\.service, 1 hour ago/);
        expect(text).toContain('You can undo this on its card or in a terminal:\n- Restart sample-web.service, made');
        expect(text).toContain('`reeve undo 7`');
        expect(incidents).toEqual([7]);
    });

    it('it says that it did nothing', async () => {
        expect((await ask('what did you fix?')).text).toBe('I have changed nothing on this computer.\n');
        expect((await ask('what did you fix yesterday?')).text).toContain('in that time');
    });

    it('it points to what can be undone, and not to other fixes', async () => {
        const offered = [{ ...applied, plan: { ...proposal.plan, undo } }];
        const { text } = await ask('can I undo that?', { open: [incident], offered });
        expect(text).toContain('`reeve undo 7`');
        expect((await ask('undo', { open: [incident], offered: [proposal] })).text).toContain(
            'None of my changes can be undone any more.',
        );
    });
});

describe('An answer', () => {
    it('says first what of the question it leaves out of account', async () => {
        const { text } = await ask('What failed before Sunday?');
        expect(text).toMatch(/^I ignored these words: `sunday`\n\n/);
        expect((await ask('is my clock right?')).text).not.toContain('I ignored');
    });

    it('says that which program uses the network or the battery is not measured', async () => {
        expect((await ask('what is using my network?')).text).toContain('does not count');
        const replies = recordedReplies();
        const key = 'org.freedesktop.UPower /org/freedesktop/UPower/devices/DisplayDevice';
        replies[key] = { ...(replies[key] as object), Type: 2, IsPresent: true, State: 2, Percentage: 80 };
        const machine = recordedMachine('connected', replies);
        expect((await ask('what drains my battery?', { machine })).text).toContain('is not measured');
    });

    it('says what was before a fault that is over, when none is open', async () => {
        const machine = { ...recordedMachine(), root: '/nonexistent' };
        const happened = [event({ kind: 'setting', time: incident.firstSeen - 60_000_000, summary: 'A setting' })];
        const open = [{ ...incident, state: 'fixed' as const }];
        const { text } = await ask('what changed before it broke?', { machine, happened, open });
        expect(text).toContain('before “sample-web.service failed”');
        expect((await ask('what changed before it broke?', { machine })).text).toMatch(
            /^I know of no such fault\. These are the latest changes\.\n/,
        );
    });

    it('says what was before a crash', async () => {
        const dump = entry({
            unit: 'systemd-coredump@0-31-813_814-0.service',
            fields: { COREDUMP_COMM: 'gnome-calculator', COREDUMP_PID: '812' },
        });
        const machine = { ...recordedMachine(), root: '/nonexistent' };
        const happened = [event({ time: now - 120_000_000, kind: 'setting', summary: 'A setting' })];
        const { text } = await ask('what changed before the crash?', { machine, happened, journalled: [dump] });
        expect(text).toContain('before “gnome-calculator crashed”');
        expect(text).toContain('A setting');
    });

    it('says who logged in at the time that was asked for, and not who is logged in now', async () => {
        const night = new Date(now / 1000).setHours(2, 0, 0, 0) * 1000;
        const happened = [
            event({ kind: 'session', event: 'login', subject: 'bob', summary: 'bob logged in', time: night }),
            event({ id: 2, kind: 'session', event: 'sleep-inhibited', summary: 'Something else', time: night }),
        ];
        const { text } = await ask('who logged in last night?', { happened });
        expect(text).toMatch(/^Who logged in and out in that time, as far as I saw:\n\n- bob logged in, 10 hours ago/);
        expect(text).not.toContain('alice');
        expect(text).not.toContain('Something else');
        expect((await ask('who logged in yesterday?')).text).toMatch(/^I saw no one log in or out in that time/);
    });

    it('reports no closed fault where packages are asked for, nor an old one that is not named', async () => {
        const machine = { ...recordedMachine(), root: '/nonexistent' };
        const month = 30 * 86_400_000_000;
        const old = { ...incident, state: 'fixed' as const, firstSeen: now - month, lastSeen: now - month };
        const recent = { ...incident, state: 'fixed' as const };
        for (const question of ['did the last update fail', 'are there broken packages', 'sind Pakete kaputt'])
            expect((await ask(question, { machine, open: [recent] })).text)
                .withContext(question)
                .not.toContain('sample-web');
        expect((await ask('what changed before it broke?', { machine, open: [old] })).text).toMatch(
            /^I know of no such fault/,
        );
    });

    it('says who is there when asked who is logged in today', async () => {
        expect((await ask('who is logged in today')).text).toMatch(/logged in\.\n\n- `/);
    });

    it('reports the drives, and not a folder, when asked how healthy the disk of a place is', async () => {
        for (const question of ['is the disk at / healthy', 'how full is /dev/sda1']) {
            const { text } = await ask(question);
            expect(text)
                .withContext(question)
                .not.toMatch(/holds secrets|does not exist/);
        }
        const machine = { ...recordedMachine(), root: '/' };
        expect((await ask(`how big is /${'a'.repeat(300)}`, { machine })).text).toContain('does not exist');
    });

    it('says what it does not see when asked for changes elsewhere', async () => {
        const machine = { ...recordedMachine(), root: '/nonexistent' };
        const { text } = await ask('what changed in /srv/data', { machine });
        expect(text).toContain('Outside `/etc`, I see only changes to settings.');
        expect(text).not.toContain('I see no changes');
    });

    it('reports packages only what was asked', async () => {
        expect((await ask('which packages were removed today?')).text).toMatch(/^No package was removed since /);
        expect((await ask('which packages were installed today?')).text).toContain('python3-olefile');
    });

    it('reports the last time that software changed, however long ago', async () => {
        const machine = { ...recordedMachine(), run: () => Promise.resolve(null) };
        const clock = () => now + 40 * 86_400_000_000;
        const { text } = await ask('when was the last update?', { machine, clock });
        expect(text).toContain('The last time was:\n- ');
    });
});
