import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { _ } from '../../i18n/i18n.ts';
import { log } from '../../util/log.ts';
import { safeText } from '../../text/sanitise.ts';
import type { Accelerator, AcceleratorName } from '../backend.ts';
import { tinyModel } from '../gguf/tinyModel.ts';
import { readDrivers, suspendedSeconds, type Drivers } from './drivers.ts';
import type { Launch } from './launch.ts';
import { agree, probe } from './probe.ts';
import type { Patience } from './worker.ts';

const verdict = z.object({
    works: z.boolean(),
    /** As the drivers call them. */
    devices: z.array(z.string()),
    /** Why it fails, or works only in part, for people. */
    problem: z.string(),
    /** Whether it works with its units for products of matrices. */
    matrixUnits: z.boolean(),
});
const remembered = z.object({
    key: z.string(),
    verdicts: z.partialRecord(z.enum(['cuda', 'vulkan', 'cpu']), verdict),
});

export type Verdict = z.output<typeof verdict>;
type Remembered = z.output<typeof remembered>;

/** The user's choice: `auto` for the best that works. */
export type Preference = AcceleratorName | 'auto';

/** The known state of one accelerator. */
export type Attempt = {
    name: AcceleratorName;
    works: boolean;
    /** As its driver calls it; empty for the processor and for what does not work. */
    device: string;
    /** Why it fails, or is useless although it works; empty when there is nothing to report. */
    detail: string;
};

/** How people call them. */
const titles = { cuda: 'CUDA', vulkan: 'Vulkan' } as const;
/** From the best to the one that is always there. */
const all = ['cuda', 'vulkan', 'cpu'] as const satisfies AcceleratorName[];

/** Vulkan drivers that compute on the processor, more slowly than llama.cpp does itself. */
const softwareDriver = /llvmpipe|lavapipe|swiftshader/i;

/**
 * The accelerators that work here. A child process of its own, which may crash, tries each with a tiny model, whose
 * output must equal that of the processor. The verdict is kept until a driver, the hardware or the worker changes, or the computer is
 * suspended.
 */
export class Accelerators {
    readonly #launch: (model: string) => Promise<Launch>;
    readonly #patience: Patience;
    readonly #script: string;
    readonly #file: string;
    readonly #root: string;
    #drivers: Drivers | null = null;
    #remembered: Remembered | null = null;
    #suspended: number | null = null;

    /**
     * @param options.launch how to start a worker that can read the model at this path
     * @param options.script of the worker: another one makes all verdicts void
     * @param options.folder where verdicts are kept
     * @param options.root of the file system, `/` but in tests
     */
    constructor(options: {
        launch: (model: string) => Promise<Launch>;
        patience: Patience;
        script: string;
        folder: string;
        root?: string;
    }) {
        this.#launch = options.launch;
        this.#patience = options.patience;
        this.#script = options.script;
        this.#file = join(options.folder, 'accelerators.json');
        this.#root = options.root ?? '/';
    }

    /**
     * The accelerator to use, and why none of the better ones is. Probes those without a verdict, which takes seconds.
     *
     * @throws the signal's reason
     */
    async choose(preference: Preference, signal: AbortSignal): Promise<Accelerator> {
        const drivers = await this.#recall();
        if (preference === 'cpu') return onProcessor([_('The configuration requires the processor.')]);
        const reasons: string[] = [];
        for (const name of ['cuda', 'vulkan'] as const) {
            if (preference !== 'auto' && preference !== name) continue;
            const obstacle = obstacleOf(name, drivers, preference === name);
            if (obstacle !== null) {
                if (obstacle !== '') reasons.push(obstacle);
                continue;
            }
            const { works, devices, problem, matrixUnits } = await this.#verdict(name, signal);
            if (works && (preference === name || !isSoftware(devices))) {
                if (problem !== '') reasons.push(problem);
                const title = `${devices[0] ?? drivers.gpus[0] ?? _('GPU')} (${titles[name]})`;
                return { name, title, reasons, matrixUnits };
            }
            reasons.push(works ? softwareOnly(name) : problem);
        }
        if (drivers.gpus.length === 0 && reasons.length === 0) reasons.push(_('There is no GPU that can be used.'));
        return onProcessor(reasons);
    }

    /** Whether there is a GPU of a known maker; false before the first probe. */
    get hasGpu(): boolean {
        return this.#drivers !== null && this.#drivers.gpus.length > 0;
    }

    /** The verdicts so far, from the best accelerator to the processor; empty before the first probe. */
    get attempts(): Attempt[] {
        const drivers = this.#drivers;
        if (drivers === null) return [];
        return all.flatMap((name): Attempt[] => {
            const known = this.#remembered?.verdicts[name];
            if (known === undefined) {
                const obstacle = name === 'cpu' ? null : obstacleOf(name, drivers, true);
                return obstacle === null ? [] : [{ name, works: false, device: '', detail: obstacle }];
            }
            const { works, devices, problem } = known;
            const detail = name !== 'cpu' && works && isSoftware(devices) ? softwareOnly(name) : problem;
            return [{ name, works, device: devices[0] ?? '', detail }];
        });
    }

    /**
     * Tries every accelerator that could work here, regardless of earlier verdicts.
     *
     * @param onAccelerator called with the accelerator under test
     * @throws the signal's reason
     */
    async tryAll(onAccelerator: (name: AcceleratorName) => void, signal: AbortSignal): Promise<void> {
        await this.#forget();
        const drivers = await this.#recall();
        // The processor first: its output is the reference for the others.
        for (const name of all.toReversed()) {
            if (name !== 'cpu' && obstacleOf(name, drivers, true) !== null) continue;
            onAccelerator(name);
            await this.#verdict(name, signal);
        }
    }

    /**
     * A model made this accelerator fail: it stays unused until the verdicts become void, or somebody asks for a
     * new probe.
     */
    async blame(name: AcceleratorName, detail: string): Promise<void> {
        if (name === 'cpu' || this.#remembered === null) return;
        const problem = _('{name} failed while running a model: {detail}', { ...titled(name), detail });
        this.#remembered.verdicts[name] = useless(problem);
        await this.#write();
    }

    async #forget(): Promise<void> {
        this.#remembered = null;
        this.#suspended = null;
        await rm(this.#file, { force: true });
    }

    /** Loads the verdicts for these very drivers, which it returns. */
    async #recall(): Promise<Drivers> {
        const drivers = await readDrivers(this.#root);
        this.#drivers = drivers;
        const { mtimeMs, size } = await stat(this.#script);
        // What a package for a GPU has is beside the worker, and comes and goes without it.
        const binaries = await readdir(join(dirname(this.#script), 'node_modules/@node-llama-cpp')).catch(() => []);
        const key = [drivers.fingerprint, this.#script, size, mtimeMs, ...binaries.sort()].join(' ');
        const suspended = await suspendedSeconds(this.#root);
        // Drivers lose GPUs over a suspend and find them again: earlier results no longer count.
        const hasSlept = this.#suspended !== null && suspended > this.#suspended + 1;
        this.#suspended = suspended;
        if (this.#remembered?.key === key && !hasSlept) return drivers;
        const read = this.#remembered === null && !hasSlept ? await this.#read() : null;
        this.#remembered = read?.key === key ? read : { key, verdicts: {} };
        return drivers;
    }

    async #read(): Promise<Remembered | null> {
        try {
            return remembered.parse(JSON.parse(await readFile(this.#file, 'utf8')));
        } catch {
            // No verdicts, or unreadable ones: they are probed again.
            return null;
        }
    }

    async #write(): Promise<void> {
        await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
        const draft = `${this.#file}.${randomUUID()}`;
        await writeFile(draft, JSON.stringify(this.#remembered), { mode: 0o600 });
        await rename(draft, this.#file);
    }

    async #verdict(name: AcceleratorName, signal: AbortSignal): Promise<Verdict> {
        const memory = this.#remembered;
        const known = memory?.verdicts[name];
        if (known !== undefined) return known;
        const found = await this.#try(name, signal);
        if (memory !== null && memory === this.#remembered) {
            memory.verdicts[name] = found;
            await this.#write();
        }
        log('info', 'An accelerator was tried', { name, works: found.works, problem: found.problem });
        return found;
    }

    async #try(name: AcceleratorName, signal: AbortSignal): Promise<Verdict> {
        const folder = dirname(this.#file);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const path = join(folder, `probe-${randomUUID()}.gguf`);
        const run = async (accelerator: AcceleratorName, matrixUnits: boolean) =>
            await probe(
                { launch: await this.#launch(path), patience: this.#patience, path, way: { accelerator, matrixUnits } },
                signal,
            );
        try {
            await writeFile(path, tinyModel());
            const expected = await run('cpu', true);
            if ('problem' in expected) return useless(failedProbe(name, expected.problem));
            if (name === 'cpu') return { works: true, devices: [], problem: '', matrixUnits: true };
            const found = await run(name, true);
            if ('isMissing' in found && found.isMissing) return useless(_('{name} is not installed.', titled(name)));
            if ('devices' in found) {
                if (found.devices.length === 0) return useless(_('{name} found no GPU.', titled(name)));
                if (agree(found, expected))
                    return { works: true, devices: found.devices, problem: '', matrixUnits: true };
            }
            if (name === 'vulkan') {
                // Drivers that promise cooperative matrices and compute them wrongly, or crash on them, come and go.
                const plain = await run(name, false);
                if ('devices' in plain && agree(plain, expected)) {
                    const problem = _('Its matrix units failed the test, so they are not used.');
                    return { works: true, devices: plain.devices, problem, matrixUnits: false };
                }
            }
            return useless(
                failedProbe(
                    name,
                    'problem' in found ? found.problem : _('its results differ from those of the processor'),
                ),
            );
        } finally {
            await rm(path, { force: true });
        }
    }
}

const titled = (name: keyof typeof titles) => ({ name: titles[name] });

function useless(problem: string): Verdict {
    return { works: false, devices: [], problem, matrixUnits: false };
}

function failedProbe(name: AcceleratorName, words: string): string {
    const detail = safeText(words, 300);
    return name === 'cpu'
        ? _('The processor failed its test: {detail}', { detail })
        : _('{name} failed its test: {detail}', { ...titled(name), detail });
}

function onProcessor(reasons: string[]): Accelerator {
    return { name: 'cpu', title: _('Processor'), reasons, matrixUnits: true };
}

function isSoftware(devices: readonly string[]): boolean {
    return devices.every(device => softwareDriver.test(device));
}

function softwareOnly(name: 'cuda' | 'vulkan'): string {
    return _('{name} has only a software driver here, which is slower than the processor.', { name: titles[name] });
}

/**
 * Why a probe is pointless, in a sentence; empty where nobody would expect the accelerator; null when it must be
 * probed.
 */
function obstacleOf(name: 'cuda' | 'vulkan', drivers: Drivers, isAskedFor: boolean): string | null {
    const gpu = drivers.gpus[0];
    if (name === 'cuda') {
        if (drivers.hasNvidiaDriver) return null;
        if (drivers.gpus.includes('NVIDIA')) return _('CUDA needs the NVIDIA driver, which is not loaded.');
        return isAskedFor ? _('CUDA needs an NVIDIA GPU, and there is none.') : '';
    }
    if (drivers.hasVulkan) return gpu === undefined && !isAskedFor ? '' : null;
    if (gpu !== undefined) return _('No Vulkan driver for the {name} GPU.', { name: gpu });
    return isAskedFor ? _('No Vulkan driver is installed.') : '';
}
