import { readTextLog } from '../../../service/textAnalysis/textLog.ts';

const head = 'jan 16 11:39:43 box kernel:';
/** As a mail program broke them, at 70 columns. */
const broken = [
    `${head} ath10k_pci 0000:03:00.0: Could not init`,
    'core: -110',
    `${head} Hardware became unavailable upon`,
    'resume. This could be a software issue prior to suspend or a hardware',
    'issue.',
    `${head} sd 2:0:0:0: [sda] Starting disk`,
    ...Array.from({ length: 10 }, (_none, index) => [
        `${head} ata3.00: ACPI cmd ef/10:06:00:00:0${index}:00`,
        '(SET FEATURES) succeeded',
    ]).flat(),
];

async function messagesOf(lines: readonly string[]): Promise<[number, string][]> {
    const messages: [number, string][] = [];
    async function* chunks() {
        yield await Promise.resolve(Buffer.from(`${lines.join('\n')}\n`));
    }
    await readTextLog(chunks(), Date.UTC(2026, 10, 21) * 1000, entry => {
        messages.push([entry.line, entry.message()]);
    });
    return messages;
}

describe('A log that a mail program broke', () => {
    it('is read with whole lines, each by the number of its first part', async () => {
        expect((await messagesOf(broken)).slice(0, 3)).toEqual([
            [1, 'ath10k_pci 0000:03:00.0: Could not init core: -110'],
            [
                3,
                'Hardware became unavailable upon resume. This could be a software issue prior to suspend or a hardware issue.',
            ],
            [6, 'sd 2:0:0:0: [sda] Starting disk'],
        ]);
    });

    it('is none in which some messages have several lines', async () => {
        const trace = [
            'Traceback (most recent call last):',
            '  File "frob.py", line 7, in main',
            'ValueError: no number',
        ];
        const lines = Array.from({ length: 10 }, () => [
            `${head} started the job that runs each night, as it should`,
            ...trace,
        ]).flat();
        expect((await messagesOf(lines)).length).toBe(lines.length);
    });

    it('is none with long lines, whatever is below them', async () => {
        const long = `${head} ${'a word '.repeat(12)}`.trimEnd();
        const lines = [...broken, ...Array.from({ length: 5 }, () => long)];
        expect((await messagesOf(lines)).length).toBe(lines.length);
    });
});
