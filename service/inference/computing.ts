/** What computes the answers, and why: for the bus, for `reeve models status` and for Doctor. */
import { _ } from '../i18n/i18n.ts';
import type { Models } from '../modelFiles/models.ts';
import type { Accelerator, AcceleratorName } from './backend.ts';
import type { Inference } from './inference.ts';
import type { Attempt } from './local/accelerators.ts';

export type Computing = {
    /** `remote` for a server that answers in place of a local model; null while unknown. */
    accelerator: AcceleratorName | 'remote' | null;
    /** The name of the graphics card, or the server's address; may be empty. */
    device: string;
    /** In whole sentences. */
    why: string;
    tried: readonly Attempt[];
    /** Whether there is a graphics card that should help and does not. */
    isGpuIdle: boolean;
    /** The model in memory; null while there is none. */
    loaded: {
        /** Its id; empty for one that was removed since. */
        id: string;
        layers: { accelerated: number; total: number };
        /** Bytes. */
        memory: { ram: number; vram: number };
        /** Tokens. */
        context: number;
        threads: number;
    } | null;
};

type Parts = {
    models: Pick<Models, 'list'>;
    inference: Pick<Inference, 'computing' | 'serverModel' | 'serverUrl'>;
};

/** As `describeComputing`; null while there is no model that could answer. */
export function computingOfModels(parts: Parts): Computing | null {
    const computing = describeComputing(parts);
    return parts.models.list().length > 0 || computing.accelerator === 'remote' ? computing : null;
}

export function describeComputing({ models, inference }: Parts): Computing {
    const { accelerator = null, attempts: tried = [], isGpuIdle = false, loaded = null } = inference.computing ?? {};
    const installed = models.list();
    const inMemory = loaded && {
        id: installed.find(({ path }) => path === loaded.path)?.id ?? '',
        layers: loaded.layers,
        memory: loaded.memory,
        context: loaded.contextTokens,
        threads: loaded.threads,
    };
    if (installed.length === 0 && inference.serverModel !== null) {
        const { serverUrl: server } = inference;
        const why = _('No model is installed on this computer, so the server at {server} answers.', { server });
        return { accelerator: 'remote', device: server, why, tried, isGpuIdle: false, loaded: inMemory };
    }
    return {
        accelerator: accelerator?.name ?? null,
        device: tried.find(({ name }) => name === accelerator?.name)?.device ?? '',
        why: reason(accelerator),
        tried,
        isGpuIdle,
        loaded: inMemory,
    };
}

function reason(accelerator: Accelerator | null): string {
    if (accelerator === null) return _('Not known until a model is first used.');
    const { name, reasons } = accelerator;
    const works = _('It passed its test: its results match those of the processor.');
    return (name === 'cpu' ? reasons : [works, ...reasons]).join(' ');
}
