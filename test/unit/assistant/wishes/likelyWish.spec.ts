// Sentences that no phrase fits, on the computer of the bench, where everything that they name is there.
import { startComputer } from '../../../eval/builtIn/computer.ts';
import { readLine } from '../../../eval/builtIn/read.ts';

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
    ])
        it(`is not “${text}”`, async () => {
            expect((await read(text)).kind).not.toBe('wish');
        });

    for (const [text, action] of [
        ['it is far too dark here, make the screen brighter', 'screen.brightness'],
        ['make everything on the screen bigger please', 'display.mode'],
    ] as const)
        it(`is “${text}”`, async () => {
            expect(await read(text)).toEqual(jasmine.objectContaining({ kind: 'wish', actions: [action] }));
        });
});
