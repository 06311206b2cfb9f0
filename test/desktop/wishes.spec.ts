// A wish in the quick chat, from the words to the plan, the change, its check and the way back, on the real desktop.
import type { Desktop } from './desktop.ts';
import { describeOnDesktops, patience } from './onDesktops.ts';
import { bootWithReeve, Screen } from './support/screen.ts';

const pictures = new URL('../out/desktop/wishes/', import.meta.url).pathname;

describeOnDesktops('A wish', suite => {
    let desktop: Desktop;
    let screen: Screen;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);
    const ask = (question: string) => desktop.type(`${question}\n`);
    const asAlice = async (...argv: string[]) => {
        const { stdout } = await desktop.user(argv);
        return stdout.trim();
    };
    const setting = (schema: string, key: string) => asAlice('gsettings', 'get', schema, key);
    const colours = () => setting('org.gnome.desktop.interface', 'color-scheme');

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, {});
        screen = new Screen(desktop);
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);
    afterEach(async () => {
        expect(await desktop.errors()).toEqual([]);
    });

    it('is a plan that one reads, applies and undoes', async () => {
        const before = await colours();
        await screen.openWithKey();
        await ask('turn on dark mode');
        await screen.untilShown(/^I can do that\./, 'Turn on the dark style', 'Apply', 'Can be undone: Sets it back');
        expect(await colours()).toBe(before);
        await picture('plan');
        await screen.press('Exact change');
        await screen.untilShown(/gsettings set org\.gnome\.desktop\.interface color-scheme/);
        await screen.press('Apply');
        await screen.untilShown('Turn on the dark style: Done', 'Undo: Sets it back');
        expect(await colours()).toBe("'prefer-dark'");
        await picture('done');
        await screen.press('Undo');
        await screen.untilShown('Turn on the dark style: Undone');
        expect(await colours()).toBe(before);
    });

    it('that is true already says so, and offers nothing', async () => {
        await ask('turn off dark mode');
        await screen.untilShown('This is already off');
        await screen.close();
    });

    it('is listed in the terminal, where it can be undone as well', async () => {
        await screen.openWithKey();
        await ask('make the text bigger');
        await screen.untilShown('Set the text size to 125%', 'Apply');
        await screen.press('Apply');
        await screen.untilShown('Set the text size to 125%: Done');
        expect(await setting('org.gnome.desktop.interface', 'text-scaling-factor')).toBe('1.25');
        const tasks = await asAlice('reeve', 'tasks');
        expect(tasks).toMatch(/^t1 .*turn on dark mode\n +Turn on the dark style: undone$/m);
        expect(tasks).toMatch(/^t2 .*make the text bigger\n +Set the text size to 125%: applied$/m);
    });
});
