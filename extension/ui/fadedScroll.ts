import Clutter from 'gi://Clutter';
import type Cogl from 'gi://Cogl';
import GObject from 'gi://GObject';
import St from 'gi://St';

/** As in the style sheet, where it is also what the buttons of a plan keep clear below them. */
const fadeHeight = 18;
/** Milliseconds, as in js/misc/animationUtils.js of GNOME/gnome-shell. */
const scrollTime = 100;

/** The Shell adds this in js/ui/environment.js. */
type Easing = St.Adjustment & {
    ease: (value: number, how: { mode: Clutter.AnimationMode; duration: number }) => void;
};

/** The buttons of a plan: where it begins, what of it has to be in sight before they act, and whether they stay in sight. */
type Watched = { heading: Clutter.Actor; change: Clutter.Actor; stays: boolean; onSeen: () => void };

/**
 * Scrolls its content, which fades towards an edge beyond which there is more. The result resembles `vfade` of the
 * Shell, but that redraws all of the content for any change there (StScrollViewFade is a ClutterOffscreenEffect): 7 ms
 * without a GPU. Here the background covers the edges instead.
 */
export class FadedScroll extends St.Widget {
    static {
        GObject.registerClass(this);
    }

    readonly #view: St.ScrollView;
    readonly #top = edge(Clutter.ActorAlign.START);
    readonly #bottom = edge(Clutter.ActorAlign.END);
    readonly #watched = new Map<St.Widget, Watched>();

    constructor(content: St.BoxLayout) {
        super({ layout_manager: new Clutter.BinLayout(), x_expand: true });
        this.#view = new St.ScrollView({
            style_class: 'reeve-scroll',
            hscrollbar_policy: St.PolicyType.NEVER,
            vscrollbar_policy: St.PolicyType.AUTOMATIC,
            overlay_scrollbars: true,
            x_expand: true,
            y_expand: true,
            child: content,
        });
        for (const child of [this.#view, this.#top, this.#bottom]) this.add_child(child);
        for (const signal of ['changed', 'notify::value'])
            this.vadjustment.connect(signal, () => {
                this.#fade();
            });
        this.vadjustment.connect('notify::value', () => {
            this.#placeWatched();
        });
        this.connect('style-changed', () => {
            this.#colour();
        });
    }

    override vfunc_allocate(box: Clutter.ActorBox): void {
        super.vfunc_allocate(box);
        this.#placeWatched();
    }

    get vadjustment(): St.Adjustment {
        return this.#view.vadjustment;
    }

    /** As ensureActorVisibleInScrollView() of the Shell, which knows of its own fade alone. */
    keepInView(actor: Clutter.Actor): void {
        const y1 = this.#placeOf(actor);
        if (y1 === null) return;
        const y2 = y1 + actor.height;
        const { value, upper, page_size: page } = this.vadjustment;
        const above = this.#top.height;
        const footers = [...this.#watched.keys()].filter(each => each.translation_y !== 0 && !each.contains(actor));
        const below = Math.max(this.#bottom.height, ...footers.map(({ height }) => height));
        if (y1 < value + above) this.#scrollTo(Math.max(0, y1 - above));
        else if (y2 > value + page - below) this.#scrollTo(Math.min(upper, y2 + below - page));
    }

    /** Reports when the change above a footer is in sight; one that stays is drawn at the lower edge while its place is below that. */
    watch(footer: St.Widget, watched: Watched): void {
        this.#watched.set(footer, watched);
    }

    unwatch(footer: St.Widget): void {
        this.#watched.delete(footer);
    }

    /** Scrolls to the change above a footer: to its heading, and from there a page at a time as far as the end of the change. */
    readOn(footer: St.Widget): void {
        const watched = this.#watched.get(footer);
        if (watched === undefined) return;
        const { heading, change } = watched;
        const [start, place] = [this.startOf(heading), this.#placeOf(change)];
        if (start === null || place === null) return;
        const { value, page_size: page } = this.vadjustment;
        const room = page - footer.height;
        const end = place + change.height - room;
        const isReading = value >= start && value < end;
        this.#scrollTo(isReading ? Math.min(end, value + room - this.#top.height) : start);
    }

    /** Scrolls at once so that an actor begins at the top, as far as there is enough below it. */
    beginWith(actor: Clutter.Actor): void {
        const start = this.startOf(actor);
        if (start === null) return;
        this.vadjustment.remove_transition('value');
        this.vadjustment.value = start;
    }

    /** How far it is scrolled when an actor begins at the top; null for what is not in it. */
    startOf(actor: Clutter.Actor): number | null {
        const y = this.#placeOf(actor);
        return y === null ? null : Math.max(0, y - this.#top.height);
    }

    /** Pixels from the top of the content, after the layout that asking for an allocation brings about; null for what is not in it. */
    #placeOf(actor: Clutter.Actor): number | null {
        let y = 0;
        for (let inner: Clutter.Actor | null = actor; inner !== this.#view; inner = inner.get_parent()) {
            if (inner === null) return null;
            y += inner.allocation.y1;
        }
        return y;
    }

    #scrollTo(value: number): void {
        (this.vadjustment as Easing).ease(value, { mode: Clutter.AnimationMode.EASE_OUT_QUAD, duration: scrollTime });
    }

    /** A footer is only drawn elsewhere: its place in the layout, to which the keyboard scrolls, stays. */
    #placeWatched(): void {
        const { value, upper } = this.vadjustment;
        // A page is less: it leaves out the padding of the content.
        const edge = value + this.#view.height;
        for (const [footer, { heading, change, stays, onSeen }] of this.#watched) {
            const [place, first, last] = [this.#placeOf(footer), this.#placeOf(heading), this.#placeOf(change)];
            if (place === null || first === null || last === null) continue;
            const up = edge - place - footer.height;
            const isPinned = stays && up < 0 && place + up >= first + heading.height;
            const translation = isPinned ? up : 0;
            if (footer.translation_y !== translation) footer.translation_y = translation;
            // It hides what it is drawn over.
            const style = isPinned ? `background-color: ${colourBehind(footer)};` : '';
            if ((footer.style ?? '') !== style) footer.style = style;
            if (isPinned) footer.add_style_class_name('pinned');
            else footer.remove_style_class_name('pinned');
            const covered = isPinned ? footer.height : Math.max(0, Math.min(this.#bottom.height, upper - edge));
            const end = last + change.height;
            if (end > value && end <= edge - covered + 1) onSeen();
        }
    }

    #fade(): void {
        const { value, upper, page_size: page } = this.vadjustment;
        const show = (actor: St.Widget, beyond: number) => {
            actor.opacity = 255 * Math.min(1, Math.max(0, beyond / fadeHeight));
        };
        show(this.#top, value);
        show(this.#bottom, upper - page - value);
    }

    #colour(): void {
        let node: St.ThemeNode | null = this.get_theme_node();
        while (node !== null && node.get_background_color().alpha === 0) node = node.get_parent();
        if (node === null) return;
        const { red, green, blue, alpha } = node.get_background_color();
        const [full, none] = [alpha / 255, 0].map(share => `rgba(${red}, ${green}, ${blue}, ${share})`);
        const style = (from: string, to: string) =>
            `background-gradient-direction: vertical; background-gradient-start: ${from}; background-gradient-end: ${to};`;
        this.#top.style = style(full ?? '', none ?? '');
        this.#bottom.style = style(none ?? '', full ?? '');
    }
}

/** The colour that shows where an actor has none: the backgrounds of what holds it, each over the next. */
function colourBehind(actor: St.Widget): string {
    const layers: Cogl.Color[] = [];
    for (let node = actor.get_theme_node().get_parent(); node !== null; node = node.get_parent()) {
        layers.unshift(node.get_background_color());
        if (layers[0]?.alpha === 255) break;
    }
    const mixed = layers.reduce(
        (behind, { red, green, blue, alpha }) =>
            [red, green, blue].map((value, index) => {
                const under = behind[index] ?? 0;
                return under + ((value - under) * alpha) / 255;
            }),
        [0, 0, 0],
    );
    return `rgb(${mixed.map(Math.round).join(', ')})`;
}

function edge(align: Clutter.ActorAlign): St.Widget {
    return new St.Widget({ style_class: 'reeve-fade', x_expand: true, y_expand: true, y_align: align, opacity: 0 });
}
