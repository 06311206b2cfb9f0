import type { Surroundings } from '../../../../service/actions/surroundings.ts';
import { isQuestion } from '../../../../service/assistant/wishes/order.ts';
import { namedInWish } from '../../../../service/assistant/wishes/phraseWishes.ts';
import { readWish } from '../../../../service/assistant/wishes/readWish.ts';
import { splitWords } from '../../../../service/assistant/words.ts';

/** A desktop whose settings have these values, or whose package manager says this. */
function desktop(known: Readonly<Record<string, string>> | string = {}): Surroundings & { signal: AbortSignal } {
    const run = (_program: string, [command, , key = '']: readonly string[]) => {
        if (typeof known === 'string') return Promise.resolve(known);
        return Promise.resolve(command === 'writable' ? 'true\n' : (known[key] ?? ''));
    };
    const machine = { root: '/', system: null, session: null, run };
    return { machine, signal: new AbortController().signal } as unknown as Surroundings & { signal: AbortSignal };
}

async function read(text: string, known?: Readonly<Record<string, string>> | string) {
    const wish = readWish(text, desktop(known));
    const [way] = (await wish?.ways()) ?? [];
    return way === undefined ? null : [way.action, way.parameters];
}

const dark = (on: boolean) => ['setting.switch', { setting: 'dark-style', on }];
const notifications = (on: boolean) => ['setting.switch', { setting: 'notifications', on }];

describe('A wish', () => {
    for (const text of [
        'turn on dark mode',
        'Turn dark mode on!',
        'Hey Reeve, could you please switch on the dark theme?',
        'I would like to use the dark style',
        'enable dark mode please',
        'enable dark appearence',
        'turn off light mode',
        'Schalte bitte den dunklen Modus ein',
        'Kannst du den Dunkelmodus aktivieren?',
        'dunkles Design einschalten',
        'فعّل الوضع الداكن',
        'من فضلك شغّل الوضع الليلي',
    ])
        it(`for the dark style can be “${text}”`, async () => {
            expect(await read(text)).toEqual(dark(true));
        });

    for (const text of [
        'turn off dark mode',
        'use light mode',
        'Schalte den dunklen Stil aus',
        'helles Design aktivieren',
    ])
        it(`for the light style can be “${text}”`, async () => {
            expect(await read(text)).toEqual(dark(false));
        });

    it('names the contrary of what is changed', async () => {
        expect(await read('turn on do not disturb')).toEqual(notifications(false));
        expect(await read('disable do not disturb')).toEqual(notifications(true));
        expect(await read('Bitte nicht stören einschalten')).toEqual(notifications(false));
    });

    it('for more or less of something begins at what it is', async () => {
        const values = { 'text-scaling-factor': '1.25\n' };
        const size = (value: number) => ['setting.scale', { setting: 'text-size', value }];
        expect(await read('make the text bigger', values)).toEqual(size(1.5));
        expect(await read('Mach die Schrift größer', values)).toEqual(size(1.5));
        expect(await read('the font is too large', values)).toEqual(size(1));
        expect(await read('set text size to 150%', values)).toEqual(size(1.5));
        expect(await read('set text size to ١٥٠', values)).toEqual(size(1.5));
        expect(await read('كبّر الخط', values)).toEqual(size(1.5));
    });

    it('for a time is never read as one for no end', async () => {
        const blank = (value: number) => ['setting.scale', { setting: 'screen-blank', value }];
        expect(await read('turn the screen off sooner', { 'idle-delay': 'uint32 300' })).toEqual(blank(60));
        expect(await read('turn the screen off sooner', { 'idle-delay': 'uint32 0' })).toEqual(blank(3600));
        await expectAsync(read('keep the screen on longer', { 'idle-delay': 'uint32 0' })).toBeRejectedWithError(
            'It is already never',
        );
    });

    it('in German may begin with “am”, which asks in English', () => {
        const asks = (text: string) => isQuestion(text, splitWords(text));
        expect(asks('am Bildschirm die Helligkeit erhöhen')).toBe(false);
        expect(asks('Am Freitag um 8 herunterfahren')).toBe(false);
        expect(asks('am I on battery')).toBe(true);
    });

    it('that is out of range is none', async () => {
        expect(await read('set text size to 5000 percent')).toBeNull();
    });

    for (const [text, kind] of [
        ['lock the screen', 'lock'],
        ['Please restart the computer.', 'restart'],
        ['shut down', 'shutdown'],
        ['Rechner neu starten', 'restart'],
        ['Fahre den Computer herunter', 'shutdown'],
        ['log me out', 'log-out'],
    ] as const)
        it(`for the end of the session can be “${text}”`, async () => {
            expect(await read(text)).toEqual(['session.end', { kind }]);
        });

    for (const [text, parameters] of [
        ['mute', { percent: null, muted: true }],
        ['Ton an', { percent: null, muted: false }],
        ['set the volume to 30%', { percent: 30, muted: false }],
        ['Stelle die Lautstärke auf 30 Prozent', { percent: 30, muted: false }],
    ] as const)
        it(`for another volume can be “${text}”`, async () => {
            expect(await read(text)).toEqual(['sound.volume', parameters]);
        });

    for (const [text, action, parameters] of [
        ['empty the trash', 'trash.empty', {}],
        ['Papierkorb leeren', 'trash.empty', {}],
        ['remove old kernels', 'packages.removeKernels', {}],
        ['delete old logs', 'journal.vacuum', {}],
        ['the clock is wrong', 'clock.synchronise', {}],
        ['set the time zone to Berlin', 'clock.zone', { zone: 'Europe/Berlin' }],
        ['I am in New York now', 'clock.zone', { zone: 'America/New_York' }],
    ] as const)
        it(`for what also mends a fault can be “${text}”`, async () => {
            expect(await read(text)).toEqual([action, parameters]);
        });

    it('names a package as people do', async () => {
        const packages =
            'vlc - multimedia player\ngnome-chess - simple chess game\nghex - GNOME Hex editor for files\nlibhex-dev - hex\nhexer - vi-like hex editor\n';
        expect(await read('install VLC', packages)).toEqual(['packages.install', { names: ['vlc'] }]);
        expect(await read('Installiere bitte das Programm Chess', packages)).toEqual([
            'packages.install',
            { names: ['gnome-chess'] },
        ]);
        expect(await read('install the program that shows hex files', packages)).toEqual([
            'packages.install',
            { names: ['ghex'] },
        ]);
        await expectAsync(read('install frobnicate', packages)).toBeRejectedWithError(
            'I found no package called “frobnicate”',
        );
    });

    for (const text of [
        'install --force-yes',
        'install vlc; rm -rf ~',
        'install ../../etc/passwd',
        'install $(reboot)',
    ])
        it(`names no package as “${text}”`, async () => {
            expect(await read(text, 'vlc - multimedia player\n').catch(() => null)).toBeNull();
        });

    for (const text of [
        'restarted?',
        'Restarts',
        'sleeping',
        'turn off',
        'deleted trash',
        'stopped cups',
        'Dark mode on?',
        'notifications off?',
        'downloads are slow',
        'Installing updates fails',
        'get rid of this error',
        'remove my account',
        'why is dark mode on?',
        'is dark mode turned on',
        'what changed since dark mode was turned on',
        'turn on',
        'please',
        '',
        'dark',
        'turn on the oven',
        'delete everything',
        'do not turn on dark mode',
        'turn on dark mode; rm -rf ~',
    ])
        it(`is not “${text}”`, async () => {
            expect(await read(text)).toBeNull();
        });
});

describe('A wish that fits a phrase for names', () => {
    it('may mean something else where its name cannot be looked up', async () => {
        // No bus, so NetworkManager cannot be asked for a network called “dark theme”.
        expect(await read('switch to the dark theme')).toEqual(dark(true));
        await expectAsync(read('connect to wifi Home')).toBeRejectedWithError(/NetworkManager/);
    });

    it('has its name told', () => {
        expect(namedInWish('please start docker')).toBe('docker');
        expect(namedInWish('kill firefox')).toBe('firefox');
        expect(namedInWish('turn on dark mode')).toBeNull();
        expect(namedInWish('why is it slow')).toBeNull();
    });
});

describe('A time to shut down', () => {
    for (const [text, minutes] of [
        ['restart my computer in an hour', 60],
        ['shut down in half an hour', 30],
        ['shut down in 10 minutes', 10],
        ['den Rechner in einer halben Stunde ausschalten', 30],
    ] as const)
        it(`can be “${text}”`, async () => {
            const [action, parameters] = (await read(text)) ?? [];

            expect(action).toBe('session.schedule');
            const { at } = parameters as { at: number };
            const wanted = Date.now() / 1000 + minutes * 60;
            // Rounded up to the minute.
            expect(at).toBeGreaterThanOrEqual(wanted - 1);
            expect(at).toBeLessThanOrEqual(wanted + 60);
        });
});
