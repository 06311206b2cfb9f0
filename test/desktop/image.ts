// Images of whole desktops, built from Debian packages when they are first needed and kept from then on.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as cache from './cache.ts';
import { imagesInUse } from './container.ts';
import { removeControlGroup } from './controlGroup.ts';
import { run } from './hostCommand.ts';
import { aptAlone } from '../support/hostPackages.ts';

/** The suites of Debian that we test on, with the GNOME Shell that each one brings. */
export const shellOf = { trixie: 48, forky: 50, sid: 51 } as const;
export type Suite = keyof typeof shellOf;
export const suites = Object.keys(shellOf) as Suite[];
/** In the environment, the one suite that specs run on; without it they run on all. */
export const suiteVariable = 'REEVE_TEST_DESKTOP';

/** @throws Error when the environment names a suite that there is not */
export function wantedSuites(): Suite[] {
    const name = process.env[suiteVariable];
    const wanted = suites.filter(suite => suite === (name ?? suite));
    if (wanted.length === 0) throw new Error(`${suiteVariable}: no suite is called ${name}, but ${suites.join(', ')}`);
    return wanted;
}

/** This machine cannot run a test desktop, for the reason in the message. Tests that need one are skipped. */
export class DesktopUnavailable extends Error {
    override name = 'DesktopUnavailable';
}

const recipe = join(import.meta.dirname, 'image');
const hostPrograms = ['debootstrap', 'systemd-nspawn'] as const;
const buildLimit = 20 * 60_000;

async function exists(path: string): Promise<boolean> {
    return access(path).then(
        () => true,
        () => false,
    );
}

/** An image is named for all that it is made from, so that a changed recipe makes a new one. */
async function nameOf(suite: Suite): Promise<string> {
    const hash = createHash('sha256');
    const entries = await readdir(recipe, { recursive: true, withFileTypes: true });
    const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
    for (const file of files.sort()) hash.update(file.slice(recipe.length)).update(await readFile(file));
    return `${suite}-${hash.digest('hex').slice(0, 12)}`;
}

async function isInstalled(program: string): Promise<boolean> {
    const { code } = await run(['sh', '-c', 'command -v "$1"', 'sh', program], { mayFail: true });
    return code === 0;
}

async function requireContainers(): Promise<void> {
    if (process.platform !== 'linux') throw new DesktopUnavailable('a test desktop needs Linux');
    if (process.getuid?.() !== 0)
        throw new DesktopUnavailable('a test desktop is a container, which only root may start');
    const { code, stderr } = await run(['unshare', '--mount', 'true'], { mayFail: true });
    if (code !== 0) throw new DesktopUnavailable(`this machine allows no new mount namespace: ${stderr.trim()}`);
    const missing = [];
    for (const program of hostPrograms) if (!(await isInstalled(program))) missing.push(program);
    if (missing.length > 0) await installHostPrograms(missing);
}

async function installHostPrograms(missing: string[]): Promise<void> {
    if (!(await isInstalled('apt-get'))) {
        throw new DesktopUnavailable(`missing here, and not Debian to install them: ${missing.join(', ')}`);
    }
    const install = [...aptAlone, 'install', '-y', '--no-install-recommends', 'debootstrap', 'systemd-container'];
    for (const argv of [[...aptAlone, 'update'], install]) {
        const { code, stderr } = await run(argv, { mayFail: true, timeout: 600_000 });
        if (code !== 0) throw new DesktopUnavailable(`${missing.join(', ')} cannot be installed: ${stderr.trim()}`);
    }
}

/** The mirror that this machine itself uses for Debian, or $REEVE_DEBIAN_MIRROR. */
async function findMirror(): Promise<string> {
    const chosen = process.env.REEVE_DEBIAN_MIRROR;
    if (chosen) return chosen;
    const argv = ['apt-get', 'indextargets', '--format', '$(REPO_URI)', 'Origin: Debian'];
    const { stdout } = await run(argv, { mayFail: true });
    const mirror = stdout.split('\n').find(uri => /\/debian\/?$/.test(uri));
    if (!mirror) throw new DesktopUnavailable('apt knows no Debian mirror; set REEVE_DEBIAN_MIRROR to the URL of one');
    return mirror;
}

/** @returns the image's name, once it stands complete under `cache.images`; the first time this takes two minutes */
export async function ensureImage(suite: Suite): Promise<string> {
    await requireContainers();
    const name = await nameOf(suite);
    const path = join(cache.images, name);
    if (!(await exists(path))) {
        await build(suite, name, await findMirror());
        await removeOtherImages(suite, name);
    }
    return name;
}

/**
 * @returns a tar file of a Debian with no more than apt needs, which is made when it is first asked for
 * @throws DesktopUnavailable where none can be made
 */
export async function smallDebian(suite: Suite): Promise<string> {
    const file = join(cache.downloads, `${suite}-small.tar`);
    if (await exists(file)) return file;
    await requireContainers();
    await mkdir(cache.downloads, { recursive: true });
    const folder = await mkdtemp(join(cache.downloads, 'small-'));
    try {
        const root = join(folder, 'root');
        const argv = ['debootstrap', '--variant=minbase', suite, root, await findMirror()];
        const { code, stdout } = await run(argv, { mayFail: true, timeout: buildLimit });
        if (code !== 0) throw new DesktopUnavailable(`debootstrap cannot make ${suite}: ${stdout.trim().slice(-300)}`);
        const left = ['./dev/*', './var/cache/apt/archives/*.deb', './var/lib/apt/lists/*'];
        const archive = join(folder, 'small.tar');
        const exclude = left.map(pattern => `--exclude=${pattern}`);
        await run(['tar', `--directory=${root}`, ...exclude, '--create', `--file=${archive}`, '.'], {
            timeout: buildLimit,
        });
        await rename(archive, file);
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
    return file;
}

/** Why a suite cannot be tested here; undefined when it can, with its image at hand. */
export async function whyUnavailable(suite: Suite): Promise<string | undefined> {
    try {
        await ensureImage(suite);
        return undefined;
    } catch (error) {
        if (!(error instanceof DesktopUnavailable)) throw error;
        return error.message;
    }
}

async function build(suite: Suite, name: string, mirror: string): Promise<void> {
    for (const directory of [cache.images, cache.downloads, cache.logs]) await mkdir(directory, { recursive: true });
    const path = join(cache.images, name);
    const logFile = join(cache.logs, `${name}.log`);
    console.log(`Building the test desktop ${suite} (GNOME ${shellOf[suite]}); log: ${logFile}`);
    const started = performance.now();

    // The lock falls with the process that holds it, and what a killed build leaves is not yet under the final name.
    const lock = join(cache.images, `.${suite}.lock`);
    const builder = [join(recipe, 'build.sh'), suite, path, join(cache.downloads, suite), mirror];
    const log = createWriteStream(logFile, { flags: 'a' });
    await once(log, 'open');
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'flock', '--no-fork', lock, 'bash', ...builder], {
        stdio: ['ignore', log, log],
        timeout: buildLimit,
        killSignal: 'SIGKILL',
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    log.close();
    await removeControlGroup(`building-${suite}`);
    if (code !== 0) {
        const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-12);
        const offline = lines.some(line =>
            /Failed getting release file|Could not (resolve|connect)|Unable to fetch/.test(line),
        );
        const text = `The image of ${suite} could not be built (${code ?? 'killed'}); see ${logFile}\n${lines.join('\n')}`;
        throw offline ? new DesktopUnavailable(text) : new Error(text);
    }
    console.log(`Built the test desktop ${suite} in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

/** Images of the same suite by an earlier recipe, unless a desktop that still runs stands on one. */
async function removeOtherImages(suite: Suite, current: string): Promise<void> {
    const inUse = await imagesInUse();
    for (const name of await readdir(cache.images)) {
        if (!name.startsWith(`${suite}-`) || name.startsWith(current) || inUse.has(name)) continue;
        await rm(join(cache.images, name), { recursive: true, force: true });
    }
}
