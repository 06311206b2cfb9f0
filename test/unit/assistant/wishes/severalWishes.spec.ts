import type { Surroundings } from '../../../../service/actions/surroundings.ts';
import { joinedWishes, readSeveral } from '../../../../service/assistant/wishes/severalWishes.ts';
import { planWish } from '../../../../service/assistant/wishes/wishAnswer.ts';
import type { ProposedFix } from '../../../../service/actions/action.ts';
import type { Plan } from '../../../../service/model/proposal.ts';
import { ReeveError } from '../../../../service/util/errors.ts';

const packages = ['vlc - multimedia player', 'gimp - image editor', 'ghex - GNOME viewer and editor of hex files'];

/** A desktop with these packages, none of them installed, and no units. */
function desktop(): Surroundings & { signal: AbortSignal } {
    const run = (program: string, argv: readonly string[]) => {
        if (program === 'apt-cache') {
            const words = argv.slice(2).map(word => new RegExp(word, 'i'));
            return Promise.resolve(packages.filter(line => words.every(word => word.test(line))).join('\n'));
        }
        return Promise.resolve(argv[0] === 'writable' ? 'true\n' : '');
    };
    const machine = { root: '/nonexistent', system: null, session: null, run };
    const systemd = {
        list: () => Promise.resolve([]),
        listFiles: () => Promise.resolve([]),
        isReachable: () => true,
    };
    return { machine, systemd, signal: new AbortController().signal } as unknown as Surroundings & {
        signal: AbortSignal;
    };
}

async function read(text: string) {
    const parts = await readSeveral(text, desktop());
    return parts?.map(({ ways: [way], said }) => (way === undefined ? said : [way.action, way.parameters])) ?? null;
}

const mute = ['sound.volume', { percent: null, muted: true }];
const setting = (name: string, on: boolean) => ['setting.switch', { setting: name, on }];
const install = (name: string) => ['packages.install', { names: [name] }];

describe('Several wishes', () => {
    for (const [text, ...parts] of [
        ['mute the sound and turn on night light', mute, setting('night-light', true)],
        [
            'Mute the sound, turn on the night light, and then turn off dark mode.',
            mute,
            setting('night-light', true),
            setting('dark-style', false),
        ],
        ['could you mute the sound and turn on dark mode?', mute, setting('dark-style', true)],
        ['turn on dark mode and night light', setting('dark-style', true), setting('night-light', true)],
        ['turn dark mode and the night light off', setting('dark-style', false), setting('night-light', false)],
        ['install vlc and gimp', install('vlc'), install('gimp')],
        ['install vlc, gimp & mute the sound', install('vlc'), install('gimp'), mute],
        ['Schalte den Ton stumm und installiere vlc', mute, install('vlc')],
        ['Dunkelmodus und Nachtlicht einschalten', setting('dark-style', true), setting('night-light', true)],
        ['Schalte den Dunkelmodus und das Nachtlicht ein', setting('dark-style', true), setting('night-light', true)],
        ['شغّل الوضع الداكن وثبّت vlc', setting('dark-style', true), install('vlc')],
        ['ثبّت vlc و gimp', install('vlc'), install('gimp')],
    ] as const)
        it(`are read from “${text}”`, async () => {
            expect(await read(text)).toEqual([...parts] as never);
        });

    for (const text of [
        'turn on dark mode',
        'install a program that shows and edits hex files',
        'what is night light and dark mode?',
        'is the sound muted and the night light on?',
        'my sound is gone and the screen is dark',
        'شغّل الوضع الداكن',
    ])
        it(`are not “${text}”`, async () => {
            expect(await read(text)).toBeNull();
        });

    it('name the part that no action knows', async () => {
        expect(await read('mute the sound and frobnicate the widget')).toEqual([
            mute,
            'frobnicate the widget',
        ] as never);
        expect(await read('install vlc; rm -rf ~')).toEqual([install('vlc'), 'rm rf'] as never);
    });

    it('that one change can do are one, and nothing is done twice', async () => {
        const joined = async (text: string) =>
            joinedWishes((await readSeveral(text, desktop())) ?? []).map(({ ways: [way] }) => way?.parameters);
        expect(await joined('install vlc and gimp and mute the sound')).toEqual([
            { names: ['vlc', 'gimp'] },
            { percent: null, muted: true },
        ]);
        expect(await joined('mute the sound and mute the speakers')).toEqual([{ percent: null, muted: true }]);
    });

    it('are one plan, or none when a part is impossible', async () => {
        let failure: ReeveError | null = null;
        const asked: (readonly Plan[])[] = [];
        const parts = {
            actions: {
                plan: ({ action, parameters, explanation }: ProposedFix) => {
                    if (failure !== null && action === 'setting.switch') return Promise.reject(failure);
                    const step = { description: action, command: action, call: {} };
                    const rest = { risk: 'low', riskText: '', undo: null, authentication: false, preconditions: {} };
                    return Promise.resolve({ action, parameters, explanation, title: action, steps: [step], ...rest });
                },
            },
            proposals: {
                ask: (_text: string, plans: readonly Plan[]) => {
                    asked.push(plans);
                    return { task: null, proposals: [] };
                },
            },
            surroundings: desktop(),
        } as unknown as Parameters<typeof planWish>[1];
        const plan = (text: string) =>
            planWish(text, parts, { signal: new AbortController().signal, actor: 'terminal' });
        await plan('mute the sound and turn on night light');
        expect(asked.map(plans => plans.map(({ action, title }) => [action, title]))).toEqual([
            [['several', 'sound.volume; setting.switch']],
        ]);
        asked.length = 0;
        failure = new ReeveError('InvalidState', 'This is already on');
        expect((await plan('mute the sound and turn on night light'))?.refusal).toBe(
            '“turn on night light” is not possible: This is already on. So I planned nothing of what you asked for.',
        );
        expect((await plan('mute the sound and frobnicate'))?.refusal).toContain(
            '“frobnicate” is not possible: I do not know how to do that.',
        );
        expect(asked).toEqual([]);
    });
});
