// Sentences that no phrase fits, on the computer of the bench, where everything that they name is there.
import { startComputer } from '../../../eval/builtIn/computer.ts';
import { readLine } from '../../../eval/builtIn/read.ts';
import { readWish } from '../../../../service/assistant/wishes/readWish.ts';

describe('A wish that is only likely', () => {
    let computer: Awaited<ReturnType<typeof startComputer>>;
    beforeAll(async () => {
        computer = await startComputer();
    });
    afterAll(async () => {
        await computer[Symbol.asyncDispose]();
    });
    const read = async (text: string) => await readLine(text, { ...computer, signal: new AbortController().signal });

    for (const text of [
        'do not turn off wifi',
        "don't turn off the wifi",
        'never turn off wifi',
        'WLAN nicht ausschalten',
        'schalte das WLAN nicht aus',
        'لا توقف الواي فاي',
        'docker stopped',
        'nginx stopped again',
        'docker restarted again',
        'the computer turned itself off',
        'my computer always shuts down',
        'the wifi keeps going off',
        'the volume jumps to 100',
        'hostname changed to foo',
        'I am afraid to empty the trash',
        'maybe I should remove old kernels',
        'explain why you want to restart docker',
        'dark mode looks nice',
        'I hate dark mode',
        'the firewall blocked port 22',
        'restart docker if redis fails',
        'He told me, empty the trash',
        'I read that people say, restart the computer',
        'empty the trash since last week',
        'the printer office printed twice',
        'maybe you should turn off the wifi',
        'I wonder whether to restart docker',
        'why should I mute the sound',
        'the sound is off',
        'stopped docker again',
        'set the text size to 5000 percent',
        'turn off',
        'install ../../etc/passwd',
    ])
        it(`is not “${text}”`, async () => {
            expect((await read(text)).kind).not.toBe('wish');
        });

    for (const [text, action] of [
        ['it is far too dark here, make the screen brighter', 'screen.brightness'],
        ['make everything on the screen bigger please', 'display.mode'],
        ['sound off', 'sound.volume'],
        ['the battery is low, I want the power saver', 'power.profile'],
        ['die Schrift soll überall größer sein', 'setting.scale'],
        ['my eyes hurt, the desktop should be dark', 'setting.switch'],
    ] as const)
        it(`is “${text}”`, async () => {
            expect(await read(text)).toEqual(jasmine.objectContaining({ kind: 'wish', actions: [action] }));
        });

    it('turns on what is to be on, and off what is to be off', async () => {
        for (const [text, on] of [
            ['I want the dark look everywhere please', true],
            ['I want the light look everywhere please', false],
        ] as const)
            expect(await read(text))
                .withContext(text)
                .toEqual(jasmine.objectContaining({ parameters: { setting: 'dark-style', on } }));
    });

    it('updates nothing else where what it names is not installed', async () => {
        const system = { ...computer, signal: new AbortController().signal };
        for (const text of ['update reeve', 'upgrade frobnicate', 'aktualisiere frobnicate'])
            expect(
                (await readWish(text, system)
                    ?.ways()
                    .catch(() => [])) ?? [],
            )
                .withContext(text)
                .toEqual([]);
        expect((await readWish('update firefox', system)?.ways())?.map(({ action }) => action)).toEqual([
            'packages.upgrade',
        ]);
    });

    it('has a number in the digits of any script', async () => {
        for (const text of ['أريد أن يكون السطوع 40', 'أريد أن يكون السطوع ٤٠'])
            expect(await read(text))
                .withContext(text)
                .toEqual(jasmine.objectContaining({ parameters: { device: 'panel', percent: 40 } }));
    });

    it('opens no UDP port that nobody spoke of', async () => {
        expect(await read('please let port 22 through the firewall')).toEqual(
            jasmine.objectContaining({ parameters: { port: 22, protocol: 'tcp', allow: true } }),
        );
    });
});
