import { analyseText } from './recordings.ts';

/** As dconf writes them; service/faults/desktop/rules.yaml names the functions. */
const told = (message: string, by = 'dconf-service') =>
    analyseText([`Nov 22 06:13:48 debian ${by}[1168]: ${message}`])
        .incidents()
        .map(({ kind, title, cause }) => [kind, title, cause]);

describe('Settings', () => {
    const database = '‘/home/alice/.config/dconf/user’';

    it('that were damaged are said to be put aside only where they were', () => {
        expect(
            told(`Database ${database} was corrupt: moved it to ${database}~0 and created an empty replacement`),
        ).toEqual([
            [
                'settings-lost',
                'Your settings were damaged and have been reset',
                jasmine.stringMatching(
                    /^Their database could not be read, as happens after a power failure\. .* is kept as /,
                ),
            ],
        ]);
        const failed = `Error renaming corrupt database from ${database} to ${database}: Read-only file system`;
        expect(told(failed)).toEqual([
            [
                'settings-lost',
                'Your settings are damaged and are not used',
                'Their database could be neither read nor set aside: Read-only file system.',
            ],
        ]);
    });

    it('that cannot be stored are so for the reason that is told', () => {
        const causeOf = (reason: string) => told(`failed to commit changes to dconf: ${reason}`, 'gnome-shell')[0]?.[2];
        const full = 'The disk that stores them is full or not writable.';
        for (const reason of ['Read-only file system', 'Permission denied'])
            expect(causeOf(`Failed to create file “/home/alice/.config/dconf/user.A1”: ${reason}`)).toBe(full);
        expect(causeOf('Could not connect: Connection refused')).toBe(
            'They could not be written: Could not connect: Connection refused.',
        );
    });

    it('that a program wants to store while its bus ends are no fault', () => {
        expect(told('failed to commit changes to dconf: The connection is closed', 'gnome-shell')).toEqual([]);
    });
});
