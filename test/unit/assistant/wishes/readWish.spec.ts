import type { Surroundings } from '../../../../service/actions/surroundings.ts';
import { readWish } from '../../../../service/assistant/wishes/readWish.ts';

/** A desktop whose settings have these values. */
function desktop(values: Readonly<Record<string, string>> = {}): Surroundings & { signal: AbortSignal } {
    const run = (_program: string, [command, , key = '']: readonly string[]) =>
        Promise.resolve(command === 'writable' ? 'true\n' : (values[key] ?? ''));
    const machine = { root: '/', system: null, session: null, run };
    return { machine, signal: new AbortController().signal } as unknown as Surroundings & { signal: AbortSignal };
}

async function read(text: string, values?: Readonly<Record<string, string>>) {
    const wish = readWish(text, desktop(values));
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

    it('that is out of range is none', async () => {
        expect(await read('set text size to 5000 percent')).toBeNull();
    });

    for (const text of [
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
