import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

/** As in the style sheet. Buttons must not look insensitive because they are near the edge, so it is less than the Shell's. */
const fadeHeight = 24;
/** Milliseconds, as in js/misc/animationUtils.js of GNOME/gnome-shell. */
const scrollTime = 100;

/** The Shell adds this in js/ui/environment.js. */
type Easing = St.Adjustment & {
    ease: (value: number, how: { mode: Clutter.AnimationMode; duration: number }) => void;
};

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
        this.connect('style-changed', () => {
            this.#colour();
        });
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
        const margin = this.#top.height;
        if (y1 < value + margin) this.#scrollTo(Math.max(0, y1 - margin));
        else if (y2 > value + page - margin) this.#scrollTo(Math.min(upper, y2 + margin - page));
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

function edge(align: Clutter.ActorAlign): St.Widget {
    return new St.Widget({ style_class: 'reeve-fade', x_expand: true, y_expand: true, y_align: align, opacity: 0 });
}
