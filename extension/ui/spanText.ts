import Atk from 'gi://Atk';
import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import Pango from 'gi://Pango';
import St from 'gi://St';

import { pointWithHand } from '../core/compat.js';
import { _ } from '../core/i18n.js';
import type { Lookup } from '../remote/model.js';
import { isolated } from '../text/direction.js';
import type { Address } from '../text/markdown/address.js';
import type { Span } from '../text/markdown/spans.js';
import { fitForMarkup, spanMarkup } from '../text/pangoMarkup.js';
import { Tooltip } from './tooltip.js';
import { label, markupLabel, setMarkup, verbatim } from './widgets.js';

const encoder = new TextEncoder();

/** A piece of text, drawn in one way; `button` lies over it. */
type Run = { text: string; markup: (linkColour: string) => string; button: SpotButton | null };

/** In pixels, from the top left of the text. */
type Area = { x1: number; y1: number; x2: number; y2: number };

export type SpanTextContext = {
    /** By their numbers. */
    lookups: ReadonlyMap<number, Lookup>;
    openLink: (address: Address) => void;
    /** @param button that shows whether it is open */
    toggleLookup: (lookup: Lookup, button: St.Button) => void;
};

/** The button of a name that is there already, else the one that is made. */
type SpotFor = (name: string, make: () => SpotButton) => SpotButton;

/** The part of a text that can be clicked, which may be on several lines. */
class SpotButton extends St.Button {
    static {
        GObject.registerClass(this);
    }

    #areas: readonly Area[] = [];

    /** @param areas where its text is drawn */
    place(areas: readonly Area[]): void {
        const [x1, y1] = [Math.min(...areas.map(area => area.x1)), Math.min(...areas.map(area => area.y1))];
        const [x2, y2] = [Math.max(...areas.map(area => area.x2)), Math.max(...areas.map(area => area.y2))];
        this.#areas = areas.map(area => ({ x1: area.x1 - x1, y1: area.y1 - y1, x2: area.x2 - x1, y2: area.y2 - y1 }));
        this.allocate(new Clutter.ActorBox({ x1, y1, x2, y2 }));
    }

    /** Only the text itself, not what stands beside it on its lines. */
    override vfunc_pick(context: Clutter.PickContext): void {
        if (!this.should_pick(context)) return;
        for (const area of this.#areas) this.pick_box(context, new Clutter.ActorBox(area));
    }
}

/**
 * Text with links and citations in it. The text is one label, so that it wraps as text does; over each link lies a button
 * of its own, which has the focus, the name for screen readers and the click.
 */
export class SpanText extends St.Widget {
    static {
        GObject.registerClass(this);
    }

    readonly #label: St.Label;
    #runs: readonly Run[] = [];
    #linkColour = '#3584e4';

    constructor(spans: readonly Span[], styleClass: string, context: SpanTextContext) {
        super({ x_expand: true });
        this.#label = markupLabel('', `url-highlighter ${styleClass}`);
        this.add_child(this.#label);
        this.setSpans(spans, context);
        // The Shell's style sheets name the colour of links for those in notifications (js/ui/messageList.js).
        this.#label.connect('style-changed', () => {
            const [isKnown, found] = this.#label.get_theme_node().lookup_color('link-color', false);
            const colour = isKnown ? found.to_string().slice(0, 7) : this.#linkColour;
            if (colour === this.#linkColour) return;
            this.#linkColour = colour;
            this.#draw();
        });
    }

    /** A button for what is still there stays: while a text arrives, it may have the focus. */
    setSpans(spans: readonly Span[], context: SpanTextContext): void {
        const left = [...this.#buttons];
        const spotFor: SpotFor = (name, make) => {
            const index = left.findIndex(({ accessible_name }) => accessible_name === name);
            return left.splice(index, index === -1 ? 0 : 1)[0] ?? make();
        };
        this.#runs = runsOf(spans, context, spotFor);
        for (const button of left) button.destroy();
        for (const button of this.#buttons) if (button.get_parent() === null) this.add_child(button);
        this.#draw();
    }

    get #buttons(): ReadonlySet<SpotButton> {
        return new Set(this.#runs.flatMap(({ button }) => (button === null ? [] : [button])));
    }

    #draw(): void {
        setMarkup(this.#label, this.#runs.map(({ markup }) => markup(this.#linkColour)).join(''));
    }

    override vfunc_get_preferred_width(forHeight: number): [number, number] {
        return this.#label.get_preferred_width(forHeight);
    }

    override vfunc_get_preferred_height(forWidth: number): [number, number] {
        return this.#label.get_preferred_height(forWidth);
    }

    override vfunc_allocate(box: Clutter.ActorBox): void {
        this.set_allocation(box);
        this.#label.allocate(new Clutter.ActorBox({ x1: 0, y1: 0, x2: box.get_width(), y2: box.get_height() }));
        let begin = 0;
        const areas = new Map<SpotButton, Area[]>();
        for (const { text, button } of this.#runs) {
            if (button !== null) areas.set(button, [...(areas.get(button) ?? []), ...this.#areasOf(text, begin)]);
            begin += encoder.encode(text).length;
        }
        for (const [button, its] of areas) button.place(its);
    }

    /** Where a text that begins at a place, in bytes, is drawn: a box for each line of it. */
    #areasOf(text: string, begin: number): Area[] {
        const { clutter_text: drawn } = this.#label;
        const { x1: left, y1: top } = drawn.get_allocation_box();
        // Pango lays out in physical pixels (clutter_text_get_layout() of mutter).
        const unit = Pango.SCALE * drawn.get_resource_scale();
        const layout = drawn.get_layout();
        const lines = new Map<number, Area>();
        let index = begin;
        for (const character of text) {
            const { x, y, width, height } = layout.index_to_pos(index);
            index += encoder.encode(character).length;
            // The width is negative where text runs from right to left.
            const [x1, x2] = [left + Math.min(x, x + width) / unit, left + Math.max(x, x + width) / unit];
            const line = lines.get(y) ?? { x1, x2, y1: top + y / unit, y2: top + (y + height) / unit };
            lines.set(y, { ...line, x1: Math.min(line.x1, x1), x2: Math.max(line.x2, x2) });
        }
        return [...lines.values()];
    }
}

function runsOf(spans: readonly Span[], context: SpanTextContext, spotFor: SpotFor): Run[] {
    return groupsOf(spans).flatMap(group => {
        const leadsTo = group[0]?.leadsTo ?? null;
        if (typeof leadsTo === 'number') {
            const lookup = context.lookups.get(leadsTo);
            return lookup === undefined ? group.map(span => plainRun(span)) : [citation(lookup, context, spotFor)];
        }
        return leadsTo === null ? group.map(span => plainRun(span)) : linkRuns(group, leadsTo, context, spotFor);
    });
}

/** Spans that lead to the same place are one link. */
function groupsOf(spans: readonly Span[]): Span[][] {
    const groups: Span[][] = [];
    for (const span of spans) {
        const last = groups.at(-1);
        const isSame = last?.[0]?.leadsTo === span.leadsTo && typeof span.leadsTo !== 'number';
        if (last !== undefined && isSame) last.push(span);
        else groups.push([span]);
    }
    return groups;
}

function plainRun({ text: raw, styles }: Span): Run {
    const text = fitForMarkup(raw);
    return { text, markup: () => spanMarkup({ text, styles }), button: null };
}

/** Anybody may write the text of a link, but its target is a fact: so show the target as well. */
function linkRuns(group: readonly Span[], address: Address, { openLink }: SpanTextContext, spotFor: SpotFor): Run[] {
    const runs = group.map(span => plainRun(span));
    const words = runs.map(({ text }) => text).join('');
    const name = `${words} (${address.uri})`;
    const button = spotFor(name, () => {
        const made = spot(name, 'reeve-spot', () => verbatim(address.uri));
        made.connect('clicked', () => {
            openLink(address);
        });
        return made;
    });
    const isShown = words === address.uri || `${words}/` === address.uri;
    const host: Span = { text: ` (${isolated(address.host)})`, styles: ['dim'], leadsTo: null };
    return [
        ...runs.map(run => ({
            ...run,
            markup: (colour: string) => `<span foreground="${colour}" underline="single">${run.markup(colour)}</span>`,
            button,
        })),
        ...(isShown ? [] : [plainRun(host)]),
    ];
}

function citation(lookup: Lookup, { toggleLookup }: SpanTextContext, spotFor: SpotFor): Run {
    const { number, title } = lookup;
    const text = `\u00a0${number}\u00a0`;
    const name = _('Evidence {number}: {title}', { number, title });
    const button = spotFor(name, () => {
        const made = spot(name, 'reeve-spot reeve-citation', () => label(title, ''));
        made.connect('clicked', () => {
            toggleLookup(lookup, made);
        });
        return made;
    });
    const markup = (colour: string) => `<span foreground="${colour}" size="smaller" weight="bold">${text}</span>`;
    return { text, markup, button };
}

/** @param name for screen readers; @param makeLabel the text to show while it is pointed at or has the focus */
function spot(name: string, styleClass: string, makeLabel: () => St.Label): SpotButton {
    const button = new SpotButton({ accessible_name: name, style_class: styleClass, can_focus: true });
    button.accessible_role = Atk.Role.LINK;
    pointWithHand(button);
    new Tooltip(button, makeLabel);
    return button;
}
