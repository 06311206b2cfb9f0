// The popover with the worst that a log can hold, in each style and language: within the screen, as plain text, and
// with nothing cut off.
import type { Desktop } from './desktop.ts';
import { failUnit } from './failingUnits.ts';
import { ownUuid } from './oracle.ts';
import { describeOnDesktops, itOn, once, patience } from './onDesktops.ts';
import type { Appearance } from './settings.ts';
import { bootWithReeve, Screen } from './support/screen.ts';
import { until } from './waiting.ts';

const pictures = new URL('../out/desktop/appearance/', import.meta.url).pathname;
const { menu, scrollView, apply } = {
    menu: `Main.panel.statusArea[${JSON.stringify(ownUuid)}].menu`,
    scrollView: `(function find(actor) {
        return actor instanceof imports.gi.St.ScrollView ? actor : actor.get_children().map(find).find(Boolean);
    })(Main.panel.statusArea[${JSON.stringify(ownUuid)}].menu.box)`,
    apply: `(function find(actor) {
        return actor.has_style_class_name?.('default') ? actor : actor.get_children().map(find).find(Boolean);
    })(Main.panel.statusArea[${JSON.stringify(ownUuid)}].menu.box)`,
};
const unit = `${'long-name-'.repeat(7)}u.service`;
const overridden = '\u202e';
const hostile = `<b>bold</b> &amp; ${overridden}gnp.exe`;
// journald can attribute a line only while its writer runs; the writer ends when journald has them all.
const script = `echo '${'x'.repeat(4096)}' >&2
echo '${hostile}' >&2
printf '\\033[31mred\\007\\n' >&2
echo '"/usr/bin/tar" (1, 2)' >&2
echo '[ 12% ] / 3' >&2
journalctl --sync
exit 1
`;
const localRules = `/etc/reeve/faults.d/${'long-name-'.repeat(5)}l.yaml`;
const unitFiles = {
    [`/etc/systemd/system/${unit}`]: `[Unit]
Description=${hostile}
[Service]
ExecStart=/bin/sh /opt/hostile.sh
`,
    '/opt/hostile.sh': script,
    [localRules]: `name: ${'long-name-'.repeat(5)}l
title: Archive
about: The archive cannot be written.
rules:
    - kind: refused
      from: ${unit}
      lines: ['"/usr/bin/tar" (']
      severity: low
      title: The archive could not be written
`,
};

/** Every visible text of the popover. */
const texts = `(function texts(actor) {
    if (!actor.mapped) return [];
    const { Clutter } = imports.gi;
    return [...(actor instanceof Clutter.Text ? [actor.text] : []), ...actor.get_children().flatMap(texts)];
})(${menu}.actor)`;
/** How much red, of 255, is in the colour of secondary text, which is near to black or to white. */
const red = `(function find(actor) {
    return actor.has_style_class_name?.('reeve-dim') ? actor : actor.get_children().map(find).find(Boolean);
})(${menu}.box).get_theme_node().get_foreground_color().red`;
/**
 * The parts of the popover that are drawn beyond the monitor; scrolled content is clipped by its view. Until it has its
 * place, an actor would report its preferred size (clutter_actor_get_transformed_size() in
 * clutter/clutter/clutter-actor.c of GNOME/mutter), which may change at any time; asking for its allocation gives it
 * its place.
 */
const beyond = `(() => {
    const { St } = imports.gi;
    ${menu}.box.get_allocation_box();
    const { x, y, width, height } = Main.layoutManager.primaryMonitor;
    const found = [];
    const visit = (actor, scrolled) => {
        if (!actor.mapped) return;
        const [left, top] = actor.get_transformed_position();
        const [wide, high] = actor.get_transformed_size();
        const isDrawn = wide > 0 && high > 0;
        const isBeside = left < x - 0.5 || left + wide > x + width + 0.5;
        const isAbove = !scrolled && (top < y - 0.5 || top + high > y + height + 0.5);
        if (isDrawn && (isBeside || isAbove)) found.push(actor.toString() + ' ' + [left, top, wide, high]);
        for (const child of actor.get_children()) visit(child, scrolled || actor instanceof St.ScrollView);
    };
    visit(${menu}.box, false);
    return found;
})()`;
/** Notes each frame in which the popover reaches beyond the monitor. */
const watchFrames = `global.tooHigh = [];
    global.stage.connect('after-paint', () => {
        if (!${menu}.actor.mapped) return;
        const { y, height } = Main.layoutManager.primaryMonitor;
        const { y2 } = ${menu}.actor.get_allocation_box();
        if (y2 > y + height) global.tooHigh.push([y2, Main.panel.height, ${menu}.actor.style]);
    });
    null`;
/** Texts that have less room than they need. */
const cut = `(function cut(actor) {
    if (!actor.mapped) return [];
    const { Clutter } = imports.gi;
    const isCut = actor instanceof Clutter.Text &&
        (actor.get_layout().is_ellipsized() || actor.get_preferred_height(actor.width)[0] > actor.height + 1);
    return [...(isCut ? [actor.text] : []), ...actor.get_children().flatMap(cut)];
})(${menu}.box)`;
/** Of what is quoted: the text, and where its first two characters start, in pixels from the left. */
const lineStarts = `(function starts(actor) {
    if (!actor.mapped) return [];
    const isQuoted = actor.has_style_class_name?.('reeve-monospace');
    const { Pango } = imports.gi;
    const place = index => actor.clutter_text.get_layout().index_to_pos(index).x / Pango.SCALE;
    const own = isQuoted ? [[actor.text, place(0), place(1)]] : [];
    return [...own, ...actor.get_children().flatMap(starts)];
})(${menu}.box)`;
/** Whether everything that can be expanded is expanded; more may have come since the last poll. */
const areExpanded = `(function areExpanded(actor) {
    const isClosed = actor.has_style_class_name?.('reeve-expander-header') && !actor.checked;
    return !isClosed && actor.get_children().every(areExpanded);
})(${menu}.box)`;
const nextFrame = `new Promise(resolve => {
    const handler = global.stage.connect('after-paint', () => {
        global.stage.disconnect(handler);
        resolve(null);
    });
    global.stage.queue_redraw();
})`;
/** Whether the button can be seen as a whole, and is not faded out by an edge behind which there is more. */
const applyIsClear = `(() => {
    const view = ${scrollView}, button = ${apply};
    const [value, lower, upper, , , page] = view.vadjustment.get_values();
    const fade = view.get_next_sibling().height;
    const [, viewTop] = view.get_transformed_position();
    const [, top] = button.get_transformed_position();
    const bottom = top + button.get_transformed_size()[1];
    const start = viewTop + (value > lower ? fade : 0);
    const end = viewTop + view.height - (value + page < upper ? fade : 0);
    return top >= start - 1 && bottom <= end + 1;
})()`;

type Style = {
    name: string;
    appearance: Appearance;
    colorScheme: 'prefer-light' | 'prefer-dark';
    ground: 'dark' | 'light';
};
// High contrast is dark, also for those who prefer light. By itself the Shell is dark, whatever the applications are (gnome-shell, js/ui/sessionMode.js).
const styles: Style[] = [
    { name: 'dark', appearance: {}, colorScheme: 'prefer-dark', ground: 'dark' },
    { name: 'light', appearance: {}, colorScheme: 'prefer-light', ground: 'light' },
    { name: 'contrast', appearance: { highContrast: true }, colorScheme: 'prefer-light', ground: 'dark' },
    {
        name: 'large',
        appearance: { highContrast: false, textScale: 2 },
        colorScheme: 'prefer-dark',
        ground: 'dark',
    },
];

// On each Shell: its style sheets and its toolkit differ. Each language on one of them.
describeOnDesktops('The popover', suite => {
    let desktop: Desktop;
    let screen: Screen;

    const boot = async (locale: string) => {
        const language = { '/etc/locale.conf': `LANG=${locale}\n`, '/etc/default/locale': `LANG=${locale}\n` };
        desktop = await bootWithReeve(suite, { ...unitFiles, ...language });
        screen = new Screen(desktop);
        await desktop.evalJs(watchFrames);
        await failUnit(desktop, unit);
        await screen.openWithKey();
        // A card opens by itself only where it is the only one, and something else of the desktop may have failed.
        await until('the plan is there', async () => {
            await desktop.evalJs(`(function open(actor) {
                if (actor.has_style_class_name?.('reeve-card-button')) actor.checked = true;
                actor.get_children().forEach(open);
            })(${menu}.box); null`);
            await desktop.evalJs(nextFrame);
            return desktop.evalJs<boolean>(`${apply} !== undefined`);
        });
    };
    const reopen = async () => {
        await screen.close();
        await screen.openWithKey();
        await desktop.evalJs(nextFrame);
    };
    /** A plan may come after the diagnosis, closed. @returns what is quoted */
    const expandAll = () =>
        until('the evidence is open', async () => {
            await desktop.evalJs(`(function expand(actor) {
                if (actor.has_style_class_name?.('reeve-expander-header')) actor.checked = true;
                actor.get_children().forEach(expand);
            })(${menu}.box); null`);
            await desktop.evalJs(nextFrame);
            const starts = await desktop.evalJs<[string, number, number][]>(lineStarts);
            const isOpen = await desktop.evalJs<boolean>(areExpanded);
            return isOpen && starts.some(([text]) => text.endsWith('[ 12% ] / 3')) && starts;
        });
    const capture = async (name: string) => {
        const take = async (part: string, value: string) => {
            await desktop.evalJs(`(({ vadjustment }) => { vadjustment.value = ${value}; })(${scrollView}); null`);
            await desktop.evalJs(nextFrame);
            await desktop.screenshot(`${pictures}${suite}-${name}-${part}.png`);
        };
        await take('start', '0');
        await screen.untilShown(/<b>bold<\/b> &amp;/);
        expect(await desktop.evalJs<string[]>(beyond)).toEqual([]);
        expect(await desktop.evalJs<string[]>(cut)).toEqual([]);
        const drawn = await desktop.evalJs<string[]>(texts);
        expect(drawn.filter(text => text.includes('<b>bold</b> &amp;'))).not.toEqual([]);
        expect(drawn).toContain(jasmine.stringContaining(`\u2066${localRules}:5\u2069`));
        // eslint-disable-next-line no-control-regex -- these are what must not be drawn
        expect(drawn.filter(text => /[\u0000-\u0009\u000b-\u001f\u007f\u202a-\u202e]/.test(text))).toEqual([]);
        await take('end', 'vadjustment.upper');
    };

    afterEach(async () => {
        try {
            expect(await desktop.evalJs<unknown[]>('global.tooHigh')).toEqual([]);
            expect(await desktop.errors()).toEqual([]);
        } finally {
            await desktop.down();
        }
    }, patience);

    it(
        'draws what a log holds as text, whole and within the screen, in each style',
        async () => {
            await boot('en_US.UTF-8');
            await screen.press('Exact change');
            await desktop.waitFor(applyIsClear);
            await desktop.screenshot(`${pictures}${suite}-exact-change.png`);
            await expandAll();
            for (const { name, appearance, colorScheme, ground } of styles) {
                await desktop.gsettings('org.gnome.desktop.interface', 'color-scheme', colorScheme);
                await desktop.setAppearance(appearance);
                // The panel grows with its texts, from 32 pixels.
                await desktop.waitFor(`Main.panel.height >= ${32 * (appearance.textScale ?? 1)}`);
                await desktop.waitFor(`${red} ${ground === 'dark' ? '> 200' : '< 50'}`);
                const { highContrast = false } = appearance;
                await desktop.waitFor(`imports.gi.St.Settings.get().high_contrast === ${highContrast}`);
                // A menu is as high as the screen allows when it is opened.
                await reopen();
                await capture(name);
            }
        },
        2 * patience,
    );

    itOn(
        once,
        suite,
        'does so in a language of long words',
        async () => {
            await boot('de_DE.UTF-8');
            await expandAll();
            await capture('german');
        },
        2 * patience,
    );

    itOn(
        ['sid'],
        suite,
        'does so where people write from right to left',
        async () => {
            await boot('ar_EG.UTF-8');
            // Machine text stays as it is, even without letters that would give it a direction.
            const starts = await expandAll();
            expect(await desktop.evalJs(`${menu}.box.get_text_direction()`)).toBe(2);
            for (const [text, first, next] of starts) {
                expect(first).withContext(text).toBeLessThan(1);
                expect(next).withContext(text).toBeGreaterThanOrEqual(first);
            }
            await capture('right-to-left');
        },
        2 * patience,
    );
});
