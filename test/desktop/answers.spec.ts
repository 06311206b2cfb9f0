// What an answer draws and quotes, and what a screen reader gets of it.
import type { AccessibleNode, Desktop } from './desktop.ts';
import { describeOn, once, patience } from './onDesktops.ts';
import { bootWithReeve, Screen } from './support/screen.ts';
import { until } from './waiting.ts';

const pictures = new URL('../out/desktop/answers/', import.meta.url).pathname;
const entry = 'Ask about this computer';

function* nodesOf(node: AccessibleNode): Generator<AccessibleNode> {
    yield node;
    for (const child of node.children) yield* nodesOf(child);
}

describeOn(once, 'An answer in the quick chat', suite => {
    let desktop: Desktop;
    let screen: Screen;

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, {});
        screen = new Screen(desktop);
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);

    it('draws a bar for memory, in light and in dark, and says the same in words', async () => {
        await screen.openWithKey();
        await screen.untilFocused(entry);
        await desktop.type('how much memory is free\n');
        await screen.untilShown(/memory is in use/, 'In use');
        await until('a screen reader gets the figure in words', async () => {
            const names = [...nodesOf(await desktop.accessibilityTree())].map(({ name }) => name);
            return names.some(name => /^In use\. Memory: .+ of .+/.test(name));
        });
        for (const colorScheme of ['prefer-dark', 'prefer-light']) {
            await desktop.gsettings('org.gnome.desktop.interface', 'color-scheme', colorScheme);
            await desktop.waitFor(
                `imports.gi.St.Settings.get().color_scheme === ${colorScheme === 'prefer-dark' ? 1 : 2}`,
            );
            await desktop.screenshot(`${pictures}${suite}-${colorScheme}.png`);
        }
        await desktop.key('Escape');
        expect(await desktop.errors()).toEqual([]);
    });

    it('says how to do something, with the manual page that says so, and offers to do it', async () => {
        await desktop.user(['reeve', 'search', '--update']);
        await screen.openWithKey();
        await screen.untilFocused(entry);
        await desktop.type('how do I change the owner of a file\n');
        await screen.untilShown(/^From chown\(1\):/, /chown \[OPTION\]/);
        await desktop.screenshot(`${pictures}${suite}-manual.png`);
        await desktop.type('how do I make the text bigger?\n');
        await screen.untilShown(/^I can do that\./, 'Set the text size to 125%', 'Apply');
        await desktop.screenshot(`${pictures}${suite}-offer.png`);
        expect(await desktop.errors()).toEqual([]);
    });
});
