// A real GNOME desktop to test on: it boots in seconds, is driven by keyboard and pointer, and leaves no trace.
import { readFileSync } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Deadline, slowness as slownessNow } from '../support/patience.ts';
import { fileURLToPath } from 'node:url';
import type { Computer } from './computer.ts';
import { alice, Container } from './container.ts';
import { Driver, DriverEnded } from './driver.ts';
import { complete, run, runBinary, type CommandOptions, type Output } from './hostCommand.ts';
import { ensureImage, shellOf, type Suite } from './image.ts';
import { Machine } from './machine.ts';
import { complaintsIn, messageOf, ownUuid, type JournalEntry } from './oracle.ts';
import { appearanceSettings, toKeyfile, type Appearance, type Settings } from './settings.ts';
import { until } from './waiting.ts';

export type DesktopOptions = Appearance & {
    name?: string;
    /** Path inside → its text, or a file or folder of this machine that is copied there. */
    files?: Record<string, string | URL>;
    /** Extensions that are installed and enabled from the start: uuid → folder. */
    extensions?: Record<string, URL>;
    /** A folder of this machine whose files lie over those of the image; a container only. */
    layer?: string;
    /** For alice, from the start. */
    settings?: Settings;
    /** For the whole computer. */
    locale?: 'en_US.UTF-8' | 'de_DE.UTF-8' | 'ar_EG.UTF-8';
    /** A container is quick; a virtual machine has a kernel of its own. A container when not given. */
    on?: 'container' | 'machine';
    /** Outlive this process; a container only. */
    detached?: boolean;
    /** Start from what the last desktop of this name left, and leave it again; a machine leaves nothing. */
    keep?: boolean;
};

/** What a screen reader gets, with roles and states in AT-SPI's words: "push button", "focusable". */
export type AccessibleNode = {
    role: string;
    name: string;
    description: string;
    states: string[];
    text?: string;
    extents?: { x: number; y: number; width: number; height: number };
    children: AccessibleNode[];
};

export type Waiting = {
    /** Milliseconds, more on a busy machine; 20 s when not given. */
    timeout?: number;
};

const guestScripts = '/usr/local/lib/reeve-desktop';
/** Our own build, read-only. */
const buildInside = '/opt/reeve-build';
export const buildOutside = fileURLToPath(new URL('../../build/out', import.meta.url));
const shellHelpers = readFileSync(new URL('guest/shellHelpers.js', import.meta.url), 'utf8');

/** ExtensionState.ACTIVE in gnome-shell's js/misc/extensionUtils.js. */
const extensionIsActive = 1;

/** Enough for alice's programs to find her session; what runs in her user manager gets all of its environment. */
const asAlice = [
    ...['setpriv', `--reuid=${alice.uid}`, `--regid=${alice.gid}`, '--init-groups'],
    ...['env', '-i', `HOME=${alice.home}`, 'USER=alice', 'LOGNAME=alice', 'LANG=C.UTF-8'],
    ...[`PATH=${alice.home}/.local/bin:/usr/local/bin:/usr/bin:/bin`, `XDG_RUNTIME_DIR=${alice.runtime}`],
    `DBUS_SESSION_BUS_ADDRESS=unix:path=${alice.runtime}/bus`,
];

const defaultTimeout = 20_000;
/** So often the Shell is asked for a state. Milliseconds. */
const pollInterval = 30;
/** How long it polls by itself before it is asked again. Milliseconds. */
const turn = 5_000;
/** A limit inside says more than one outside, so it comes first by this. Milliseconds. */
const grace = 5_000;
let booted = 0;

export class Desktop implements AsyncDisposable {
    readonly #computer: Computer;
    readonly #driver: Driver;

    private constructor(computer: Computer) {
        this.#computer = computer;
        this.#driver = new Driver(() => computer.start([...asAlice, 'gjs', '-m', `${guestScripts}/driver.js`]));
    }

    /**
     * @returns a desktop that is drawn, with the overview closed
     * @throws DesktopUnavailable where none can run
     */
    static async boot(suite: Suite, options: DesktopOptions = {}): Promise<Desktop> {
        const image = await ensureImage(suite);
        const plan = {
            name: options.name ?? `test-${process.pid}-${++booted}`,
            suite,
            image,
            files: filesFor(options),
            binds: {
                [guestScripts]: join(import.meta.dirname, 'guest'),
                ...((await exists(buildOutside)) && { [buildInside]: buildOutside }),
            },
        };
        const { layer, detached = false, keep = false } = options;
        const isMachine = options.on === 'machine';
        const desktop = new Desktop(
            isMachine
                ? await Machine.boot({ ...plan, keep })
                : await Container.boot({ ...plan, layer, detached, keep }),
        );
        try {
            await desktop.untilDrawn();
            return desktop;
        } catch (error) {
            const journal = await desktop.journal(['--lines=60']);
            await desktop.down();
            throw new Error(`No desktop was drawn. The end of its journal:\n${journal}`, { cause: error });
        }
    }

    /** One that another process booted, `detached`. */
    static async attach(name: string): Promise<Desktop> {
        return new Desktop(await Container.attach(name));
    }

    get name(): string {
        return this.#computer.name;
    }

    /** The factor for all time limits, compared with a container. */
    get slowness(): number {
        return this.#computer.slowness;
    }

    /** The major version of its GNOME Shell. */
    get shellVersion(): number {
        return shellOf[this.#computer.suite];
    }

    // -- Programs and files

    /** Runs a program as root. */
    async exec(argv: readonly string[], options: CommandOptions = {}): Promise<Output> {
        const { stdout, ...ending } = await this.#run(argv, options);
        return { ...ending, stdout: stdout.toString() };
    }

    /** Runs a program as root with this machine's network: for fetching packages, in a container only. */
    async execOnline(argv: readonly string[], options: CommandOptions = {}): Promise<Output> {
        const timeout = options.timeout ?? defaultTimeout;
        const whole = limited(argv, this.#inside(timeout));
        return run(this.#container().enterOnline(whole), { ...options, timeout: timeout + grace });
    }

    /**
     * The argv by which this machine runs a program inside a container, as alice and outside of any unit: for talking to it
     * through pipes.
     */
    inside(argv: readonly string[]): string[] {
        return this.#container().enter([...asAlice, ...argv]);
    }

    /** Runs a program as alice in a unit of her user manager, so that polkit and logind see a part of her session. */
    async user(argv: readonly string[], options: CommandOptions = {}): Promise<Output> {
        const timeout = this.#inside(options.timeout ?? defaultTimeout);
        const unit = ['systemd-run', '--user', '--quiet', '--pipe', '--wait', '--collect'];
        // The arguments are data: without this, systemd would replace $NAME in them.
        const verbatim = ['--service-type=exec', '--expand-environment=no'];
        const limit = `--property=RuntimeMaxSec=${timeout}ms`;
        return this.exec([...asAlice, ...unit, ...verbatim, limit, '--', ...argv], options);
    }

    /**
     * Runs a program as alice outside of any unit, in a third of the time that `user` takes: for polling. It is in no
     * session that polkit or logind knows, and has little of her environment.
     */
    async query(argv: readonly string[], options: CommandOptions = {}): Promise<Output> {
        return this.exec([...asAlice, ...argv], options);
    }

    async readFile(path: string): Promise<Buffer> {
        const { stdout } = await this.#run(['cat', '--', path]);
        return stdout;
    }

    /** Files and folders under alice's home become hers, all others root's. */
    async writeFile(path: string, content: string | Uint8Array): Promise<void> {
        // What watches the file may read it while it is empty, between cp(1)'s opening it and writing to it; but only for that
        // moment, and not for as long as the content takes to come.
        const script =
            'mkdir -p "$(dirname "$1")" && cat >"/dev/shm/new-$$" && cp "/dev/shm/new-$$" "$1" && rm "/dev/shm/new-$$"';
        await this.exec([...ownerOf(path), 'sh', '-c', script, 'sh', path], { input: content });
    }

    /**
     * A path inside a container as this machine sees it: good for checking and for connecting to sockets, not for
     * links.
     */
    outside(path: string): string {
        return this.#container().outside(path);
    }

    /** Copies a file or a folder of this machine into a folder inside. */
    async push(source: string, folder: string): Promise<void> {
        const { stdout } = await runBinary(['tar', '--create', `--directory=${dirname(source)}`, basename(source)]);
        const script = 'mkdir -p "$1" && tar --extract --no-same-owner --directory="$1"';
        await this.exec([...ownerOf(`${folder}/`), 'sh', '-c', script, 'sh', folder], { input: stdout });
    }

    // -- Keyboard and pointer

    /** Presses keys together: `Super+space`, `Ctrl+Alt+t`, `Return`. Keys have the names of Clutter's constants. */
    async key(combination: string): Promise<void> {
        await this.#inShell(`key(${JSON.stringify(combination)})`);
    }

    /** Types what the US keyboard has; a line feed is Return. */
    async type(text: string): Promise<void> {
        await this.#inShell(`type(${JSON.stringify(text)})`);
    }

    /** Puts any text in the clipboard and presses Ctrl+V. */
    async paste(text: string): Promise<void> {
        await this.#inShell(`paste(${JSON.stringify(text)})`);
    }

    async move(x: number, y: number): Promise<void> {
        await this.#inShell(`move(${x}, ${y})`);
    }

    async click(x: number, y: number): Promise<void> {
        await this.#inShell(`click(${x}, ${y})`);
    }

    /**
     * Clicks the actor with this label, text or accessible name, once it is there, stands still, and nothing lies over
     * it.
     */
    async clickOn(name: string, { timeout = defaultTimeout }: Waiting = {}): Promise<void> {
        await this.#inShell(`clickOn(${JSON.stringify(name)}, ${this.#inside(timeout)})`, timeout);
    }

    /** Turns the wheel at the pointer; positive is down and right. */
    async scroll(dx: number, dy: number): Promise<void> {
        await this.#inShell(`scroll(${dx}, ${dy})`);
    }

    // -- Looking

    /** Evaluates code inside the Shell, where `Main`, `global` and `imports.gi` are; awaits a promise; must answer in JSON. */
    async evalJs<T = unknown>(code: string, { timeout = defaultTimeout }: Waiting = {}): Promise<T> {
        return (await this.#driver.request('evaluate', { code }, (timeout + grace) * this.slowness)) as T;
    }

    /**
     * Until an expression inside the Shell is true; one that throws is not yet true, and nor is one in a Shell that is gone.
     *
     * @returns its value
     */
    async waitFor<T = unknown>(expression: string, { timeout = defaultTimeout }: Waiting = {}): Promise<T> {
        const started = performance.now();
        const deadline = new Deadline(timeout * this.slowness);
        const request = { expression, timeout: turn * this.slowness, every: pollInterval * this.slowness };
        for (;;) {
            try {
                return (await this.#driver.request('waitFor', request, (turn + grace) * this.slowness)) as T;
            } catch (error) {
                const why = error instanceof Error ? error.message : '';
                const waited = Math.round(performance.now() - started);
                if (deadline.left === 0) throw new Error(`gave up after ${waited} ms ${why}`, { cause: error });
                if (error instanceof DriverEnded) await pause(100);
            }
        }
    }

    /** Writes the screen to a PNG file of this machine. */
    async screenshot(path: string): Promise<void> {
        const inside = `${alice.runtime}/screenshot.png`;
        await this.#driver.request('screenshot', { file: inside }, defaultTimeout * this.slowness);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, await this.readFile(inside));
    }

    /** All labels, texts and accessible names that are on the stage. */
    async names(): Promise<string[]> {
        return this.#inShell('names()');
    }

    /** What the accessibility bus reports about one application. */
    async accessibilityTree(application = 'gnome-shell'): Promise<AccessibleNode> {
        const { stdout } = await this.#accessibility('tree', application);
        return JSON.parse(stdout) as AccessibleNode;
    }

    /** The names alone, which takes a third of the time. */
    async accessibleNames(application: string): Promise<string[]> {
        const { stdout } = await this.#accessibility('names', application);
        return JSON.parse(stdout) as string[];
    }

    /** The name of what has the focus in one application; empty when nothing has. */
    async accessibleFocus(application: string): Promise<string> {
        const { stdout } = await this.#accessibility('focused', application);
        return JSON.parse(stdout) as string;
    }

    /** Clicks what an application other than the Shell calls by this name, as a screen reader does; false if there is no such. */
    async work(application: string, name: string): Promise<boolean> {
        const { code } = await this.#accessibility('work', application, name);
        return code === 0;
    }

    /**
     * Changes a setting while a Shell runs, which has collected its garbage just before. Each change of style remakes
     * the background with a WallClock and settings of its own (js/ui/background.js in GNOME/gnome-shell). A Shell that
     * frees old ones while dconf's thread signals another change waits for ever: freeing holds the lock of GJS
     * (ToggleQueue::lock() in gi/toggle.cpp) and wants that of the settings, the thread the other way round. Seen in a
     * debugger on GNOME 51.
     */
    async gsettings(schema: string, key: string, value: string): Promise<void> {
        await this.evalJs('imports.system.gc()');
        await this.query(['gsettings', 'set', schema, key, value]);
    }

    async setAppearance(appearance: Appearance): Promise<void> {
        for (const [schema, keys] of Object.entries(appearanceSettings(appearance))) {
            for (const [key, value] of Object.entries(keys)) await this.gsettings(schema, key, value);
        }
    }

    // -- The journal

    /** The journal as text, with further arguments of journalctl(1). */
    async journal(argv: readonly string[] = []): Promise<string> {
        const { stdout } = await this.exec(['journalctl', '--no-pager', '--output=short-precise', ...argv]);
        return stdout;
    }

    /** The journal's entries, all or those that match (journalctl(1): `_SYSTEMD_UNIT=…`, `--after-cursor=…`). */
    async journalEntries(argv: readonly string[] = []): Promise<JournalEntry[]> {
        await this.exec(['journalctl', '--sync']);
        const { stdout } = await this.exec(['journalctl', '--no-pager', '--all', '--output=json', ...argv]);
        return stdout
            .split('\n')
            .filter(Boolean)
            .map(line => JSON.parse(line) as JournalEntry);
    }

    /** The desktop's complaints since boot: script errors, failed assertions, crashes, our own name. */
    async errors({ except = [] }: { except?: RegExp[] } = {}): Promise<string[]> {
        const entries = await this.journalEntries(['--boot']);
        const messages = complaintsIn(entries).map(messageOf);
        return messages.filter(message => !except.some(pattern => pattern.test(message)));
    }

    // -- Coming and going

    /**
     * Installs our build for alice with our own installer, and logs out and in, because a Shell finds new extensions only
     * when it starts.
     *
     * @returns what the installer said
     */
    async install(): Promise<string> {
        const installer = [`${buildInside}/lib/node`, `${buildInside}/lib/install.mjs`];
        const { stdout } = await this.user(installer, { timeout: 60_000 });
        await this.exec(['systemctl', 'restart', 'desktop.service'], { timeout: 60_000 });
        await this.untilDrawn();
        await this.untilExtensionRuns();
        return stdout;
    }

    /**
     * Until the Shell is drawn and waits for its user; also after it was started again. Closes the overview, and hides the
     * sign in the panel that the Shell lets tests evaluate code.
     */
    async untilDrawn(): Promise<void> {
        const hasBus = async () =>
            (await this.exec(['test', '-S', `${alice.runtime}/bus`], { mayFail: true })).code === 0;
        await until('alice has a session bus', hasBus, {
            timeout: 60_000 * this.slowness,
            every: 100 * this.slowness,
        });
        await this.waitFor('Main.layoutManager._startingUp === false', { timeout: 60_000 });
        const unsafeMode = 'Main.panel.statusArea.quickSettings._unsafeMode';
        await this.waitFor(`${unsafeMode} !== undefined`);
        await this.evalJs(`Main.overview.hide(); ${unsafeMode}._indicator.hide()`);
        await this.waitFor('!Main.overview.visible');
    }

    async untilExtensionRuns(): Promise<void> {
        await this.waitFor(`Main.extensionManager.lookup('${ownUuid}')?.state === ${extensionIsActive}`);
    }

    async isRunning(): Promise<boolean> {
        return this.#computer.isRunning();
    }

    /** Releases it without shutting it down. */
    release(): void {
        this.#driver.stop();
    }

    async down(): Promise<void> {
        this.release();
        await this.#computer.down();
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.down();
    }

    /** @throws CommandFailed when there is no such application, unless something in it is to be worked */
    async #accessibility(verb: 'tree' | 'names' | 'focused' | 'work', ...argv: string[]): Promise<Output> {
        const script = `${guestScripts}/accessibility.js`;
        return this.query(['gjs', '-m', script, verb, ...argv], { mayFail: verb === 'work' });
    }

    async #run(argv: readonly string[], options: CommandOptions = {}) {
        const limit = options.timeout ?? defaultTimeout;
        const whole = limited(argv, this.#inside(limit));
        const timeout = (limit + grace) * this.slowness;
        return complete(this.#computer.start(whole), whole, { ...options, timeout });
    }

    #container(): Container {
        if (this.#computer instanceof Container) return this.#computer;
        throw new Error(`${this.name} is no container`);
    }

    async #inShell<T>(call: string, timeout = defaultTimeout): Promise<T> {
        const code = `if (!globalThis.testDesktop) { ${shellHelpers} } testDesktop.slowness = ${this.#inside(1)};`;
        return this.evalJs<T>(`${code} testDesktop.${call}`, { timeout });
    }

    /** A time limit for inside, where it does not stretch any more. Milliseconds. */
    #inside(limit: number): number {
        return Math.ceil(limit * this.slowness * slownessNow());
    }
}

function limited(argv: readonly string[], timeout: number): string[] {
    return ['timeout', '--signal=KILL', `${timeout / 1000}s`, ...argv];
}

const ownerOf = (path: string) => (path.startsWith(`${alice.home}/`) ? asAlice : []);

async function exists(path: string): Promise<boolean> {
    return access(path).then(
        () => true,
        () => false,
    );
}

/** Without this, the quick chat would open with the introduction, which has its own spec. */
const introductionSeen = { 'org.gnome.shell.extensions.reeve': { 'introduction-shown': '1' } };

function filesFor({ files, extensions = {}, settings = {}, locale = 'en_US.UTF-8', ...appearance }: DesktopOptions) {
    const uuids = Object.keys(extensions);
    const enabled = { 'org.gnome.shell': { 'enabled-extensions': JSON.stringify(uuids) } };
    const folders = `${alice.home}/.local/share/gnome-shell/extensions`;
    return {
        '/etc/locale.conf': `LANG=${locale}\n`,
        '/etc/default/locale': `LANG=${locale}\n`,
        // On a new image, its packages were installed minutes ago, and Reeve would suspect them.
        '/var/log/dpkg.log': installedLongAgo(),
        '/etc/dconf/db/local.d/50-test': toKeyfile(
            uuids.length > 0 ? enabled : {},
            appearanceSettings(appearance),
            introductionSeen,
            settings,
        ),
        ...Object.fromEntries(uuids.map(uuid => [`${folders}/${uuid}`, extensions[uuid] ?? ''])),
        ...files,
    };
}

/** dpkg(1), "--log": one package of the image, two weeks ago. */
function installedLongAgo(): string {
    const time = new Date(Date.now() - 14 * 24 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    return [
        `${time} install gnome-session:all <none> 49.0-1`,
        `${time} status installed gnome-session:all 49.0-1`,
        '',
    ].join('\n');
}
