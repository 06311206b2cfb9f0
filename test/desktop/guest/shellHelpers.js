// Evaluated inside the Shell when a test first needs it, as `testDesktop`: keyboard, pointer, and finding what is drawn.
// The devices are mutter's own virtual ones, as gnome-shell's tests use them: their events take the way of real ones, and
// unlike those of a remote session they need no screen sharing and work on the lock screen.
globalThis.testDesktop = (() => {
    const { Clutter, GLib, St } = imports.gi;
    const seat = global.stage.context.get_backend().get_default_seat();
    const keyboard = seat.create_virtual_device(Clutter.InputDeviceType.KEYBOARD_DEVICE);
    const pointer = seat.create_virtual_device(Clutter.InputDeviceType.POINTER_DEVICE);

    const now = () => GLib.get_monotonic_time();
    const pause = milliseconds =>
        new Promise(resolve => {
            GLib.timeout_add(GLib.PRIORITY_DEFAULT, milliseconds, () => {
                resolve();
                return GLib.SOURCE_REMOVE;
            });
        });

    const frame = () =>
        new Promise(resolve => {
            const handler = global.stage.connect('after-update', () => {
                global.stage.disconnect(handler);
                resolve();
            });
            global.stage.schedule_update();
        });

    // It is reset when mutter takes an event from a device in hand (handle_idletime_for_event in src/core/events.c).
    const idleness = global.backend.get_core_idle_monitor();
    const microseconds = 1000;
    /** Half of what a test gives a call in here on an idle machine, so that this error comes before that limit does. */
    const longest = 10_000_000;

    /**
     * Until an event that was made at `time` has done what it does. It passes through mutter's input thread, then waits for the
     * next frame, which a busy machine takes a second for (_clutter_stage_queue_event in clutter/clutter/clutter-stage.c,
     * GNOME/mutter).
     */
    async function settle(time) {
        await pause(12);
        while (idleness.get_idletime() * microseconds > now() - time) {
            if (now() - time > longest * globalThis.testDesktop.slowness)
                throw new Error(`no event was taken within ${(now() - time) / 1_000_000} s`);
            await pause(5);
        }
        await frame();
    }

    const modifiers = { Super: 'Super_L', Ctrl: 'Control_L', Control: 'Control_L', Alt: 'Alt_L', Shift: 'Shift_L' };
    /** Names are Clutter's; the characters of ASCII are their own keysyms (X11 protocol, appendix A). */
    function keysymOf(key) {
        const keysym = Clutter[`KEY_${modifiers[key] ?? key}`] ?? (/^[ -~]$/.test(key) ? key.charCodeAt(0) : undefined);
        if (keysym === undefined) throw new Error(`the keyboard has no key for ${key}`);
        return keysym;
    }

    async function press(keysyms) {
        // Down and up at once: a key that is down for half a second, as through a slow frame, repeats.
        const last = keysyms.at(-1);
        const held = keysyms.slice(0, -1);
        for (const keysym of held) await notify(keysym, Clutter.KeyState.PRESSED);
        const time = now();
        keyboard.notify_keyval(time, last, Clutter.KeyState.PRESSED);
        keyboard.notify_keyval(time, last, Clutter.KeyState.RELEASED);
        await settle(time);
        for (const keysym of held.toReversed()) await notify(keysym, Clutter.KeyState.RELEASED);
    }

    async function notify(keysym, state) {
        const time = now();
        keyboard.notify_keyval(time, keysym, state);
        await settle(time);
    }

    // Wayland clients lose the first key of a new keyboard. This one may be lost by mutter as well.
    const ready = press([Clutter.KEY_Shift_L]).catch(() => {});

    function* mappedActors(actor = global.stage) {
        if (!actor.mapped) return;
        yield actor;
        for (const child of actor.get_children()) yield* mappedActors(child);
    }

    const namesOf = actor =>
        [actor.label, actor.text, actor.accessible_name].filter(name => typeof name === 'string' && name !== '');

    /** Whether all of the actor is in view in what it can be scrolled in: at an edge a click reaches what lies behind. */
    function isScrolledIntoView(actor) {
        const [, y] = actor.get_transformed_position();
        const [, height] = actor.get_transformed_size();
        for (let holder = actor.get_parent(); holder !== null; holder = holder.get_parent()) {
            if (!(holder instanceof St.ScrollView)) continue;
            const [, top] = holder.get_transformed_position();
            const [, available] = holder.get_transformed_size();
            if (height <= available && (y < top || y + height > top + available)) return false;
        }
        return true;
    }

    /** Where a click reaches the actor itself, what it is in, or what is in it; null when something else lies over it. */
    function clickablePoint(actor) {
        const [x, y] = actor.get_transformed_position();
        const [width, height] = actor.get_transformed_size();
        if (!(width > 0 && height > 0)) return null;
        const point = [x + width / 2, y + height / 2];
        const hit = global.stage.get_actor_at_pos(Clutter.PickMode.REACTIVE, ...point);
        return hit && (hit.contains(actor) || actor.contains(hit)) ? point : null;
    }

    return {
        /** How many times as long as on an idle machine everything takes. */
        slowness: 1,

        async key(combination) {
            await ready;
            await press(combination.split('+').map(keysymOf));
        },

        async type(text) {
            await ready;
            for (const character of text) await press([character === '\n' ? Clutter.KEY_Return : keysymOf(character)]);
        },

        async paste(text) {
            St.Clipboard.get_default().set_text(St.ClipboardType.CLIPBOARD, text);
            await this.key('Ctrl+v');
        },

        async move(x, y) {
            pointer.notify_absolute_motion(now(), x, y);
            await pause(50);
            await frame();
        },

        async click(x, y, button = Clutter.BUTTON_PRIMARY) {
            await this.move(x, y);
            await this.pressButton(button);
        },

        async pressButton(button = Clutter.BUTTON_PRIMARY) {
            for (const state of [Clutter.ButtonState.PRESSED, Clutter.ButtonState.RELEASED]) {
                const time = now();
                pointer.notify_button(time, button, state);
                await settle(time);
            }
        },

        /** The pointer goes along until what it is over stands still: a line that comes above it would move it away from a click. */
        async clickOn(name, timeout) {
            const deadline = now() + timeout * 1000;
            let before = null;
            for (;;) {
                const point = this.find(name);
                if (point && before && point.every((coordinate, i) => coordinate === before[i])) break;
                if (now() > deadline)
                    throw new Error(
                        `nothing that can be clicked is called ${name}; there is: ${(await this.names()).join(' | ')}`,
                    );
                before = point;
                if (point === null) {
                    await pause(40);
                    await frame();
                } else await this.move(...point);
            }
            await this.pressButton();
        },

        async scroll(dx, dy) {
            const time = now();
            pointer.notify_scroll_continuous(time, dx, dy, Clutter.ScrollSource.WHEEL, Clutter.ScrollFinishFlags.NONE);
            await settle(time);
        },

        /** Whether such an actor can be clicked without scrolling. */
        isInView(name) {
            const found = [...mappedActors()].filter(actor => namesOf(actor).includes(name));
            return found.some(actor => clickablePoint(actor) !== null && isScrolledIntoView(actor));
        },

        /** The centre of the topmost actor with this label, text or accessible name that a click reaches, or null. */
        find(name) {
            const found = [...mappedActors()].filter(actor => namesOf(actor).includes(name));
            return found.map(clickablePoint).findLast(point => point !== null) ?? null;
        },

        /** All texts and names on the stage. They are laid out: a new text has its place, and its size, from the next frame on. */
        async names() {
            await frame();
            return [...new Set([...mappedActors()].flatMap(namesOf))];
        },
    };
})();
