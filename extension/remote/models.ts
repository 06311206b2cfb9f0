/** Language models as the service reports them. The meaning of each field is documented in dbus-interfaces/. */
import { dictionaries, number, text, texts } from './decode.js';
import type { Dictionary, Incoming } from './decode.js';
import type { ModelsProperties } from './generated/interfaces.js';

export type Role = 'quick' | 'hard';

export type InstalledModel = {
    readonly id: string;
    readonly name: string;
    readonly path: string;
    /** Bytes. */
    readonly size: number;
    readonly sha256: string;
    readonly origin: string;
    readonly revision: string;
    readonly quantisation: string;
    readonly licence: string;
    readonly context: number;
    readonly need: number;
};

export type Transfer = {
    readonly id: string;
    readonly name: string;
    readonly kind: 'download' | 'import';
    /** Bytes; 0 in all while that is not known. */
    readonly received: number;
    readonly total: number;
    readonly step: string;
    readonly running: boolean;
};

export type Attempt = {
    readonly accelerator: string;
    readonly works: boolean;
    readonly device: string;
    readonly detail: string;
};

export type Computing = {
    /** "cuda", "vulkan", "cpu", "remote"; empty while it is not known. */
    readonly accelerator: string;
    readonly device: string;
    readonly why: string;
    readonly tried: readonly Attempt[];
    /** The id of the model in memory; empty for none. */
    readonly loaded: string;
    readonly layers: number;
    readonly layersAccelerated: number;
    /** Bytes. */
    readonly memory: number;
    readonly memoryGpu: number;
};

export type Models = {
    readonly installed: readonly InstalledModel[];
    /** Ids; empty for none. */
    readonly quick: string;
    readonly hard: string;
    readonly transfers: readonly Transfer[];
    readonly computing: Computing;
};

export type Place = 'gpu' | 'split' | 'cpu' | 'none';

export type CatalogueModel = {
    readonly id: string;
    readonly name: string;
    readonly licence: string;
    readonly repository: string;
    readonly size: number;
    readonly sizeKnown: boolean;
    readonly place: Place;
    readonly hasSpace: boolean;
    /** Whether it would answer about as fast as people read. */
    readonly fast: boolean;
    readonly roles: readonly string[];
    readonly reason: string;
    readonly installed: boolean;
};

/** What this computer offers a model. */
export type Survey = {
    /** Bytes. */
    readonly memory: number;
    readonly cores: number;
    /** Names of the graphics cards, the best first. */
    readonly gpus: readonly string[];
    /** The package of Reeve that would let models run on one of them; empty where none would. */
    readonly missingPackage: string;
};

const kinds: readonly Transfer['kind'][] = ['download', 'import'];
const places: readonly Place[] = ['gpu', 'split', 'cpu'];

export function decodeModels(from: Incoming<ModelsProperties>): Models {
    return {
        installed: dictionaries(from, 'Installed').map(decodeInstalled),
        quick: text(from, 'Quick'),
        hard: text(from, 'Hard'),
        transfers: dictionaries(from, 'Transfers').map(decodeTransfer),
        computing: decodeComputing((from.Computing ?? {}) as Dictionary),
    };
}

/** The reply of Catalogue. */
export function decodeCatalogue(reply: unknown): CatalogueModel[] {
    return dictionaries({ models: reply }, 'models').map(from => ({
        id: text(from, 'id'),
        name: text(from, 'name'),
        licence: text(from, 'licence'),
        repository: text(from, 'repository'),
        size: number(from, 'size'),
        sizeKnown: from.size_known === true,
        // A place that this version does not know is none to be offered.
        place: places[number(from, 'place')] ?? 'none',
        hasSpace: from.has_space === true,
        fast: from.fast === true,
        roles: texts(from, 'roles'),
        reason: text(from, 'reason'),
        installed: from.installed === true,
    }));
}

/** The reply of Survey. */
export function decodeSurvey(reply: unknown): Survey {
    const [from = {}] = dictionaries({ survey: [reply] }, 'survey');
    return {
        memory: number(from, 'memory'),
        cores: number(from, 'cores'),
        gpus: dictionaries(from, 'gpus')
            .map(gpu => text(gpu, 'name'))
            .filter(name => name !== ''),
        missingPackage: text(from, 'missing_package'),
    };
}

function decodeInstalled(from: Dictionary): InstalledModel {
    return {
        id: text(from, 'id'),
        name: text(from, 'name'),
        path: text(from, 'path'),
        size: number(from, 'size'),
        sha256: text(from, 'sha256'),
        origin: text(from, 'origin'),
        revision: text(from, 'revision'),
        quantisation: text(from, 'quantisation'),
        licence: text(from, 'licence'),
        context: number(from, 'context'),
        need: number(from, 'need'),
    };
}

function decodeTransfer(from: Dictionary): Transfer {
    return {
        id: text(from, 'id'),
        name: text(from, 'name'),
        kind: kinds[number(from, 'kind')] ?? 'download',
        received: number(from, 'received'),
        total: number(from, 'total'),
        step: text(from, 'step'),
        running: from.running === true,
    };
}

function decodeComputing(from: Dictionary): Computing {
    return {
        accelerator: text(from, 'accelerator'),
        device: text(from, 'device'),
        why: text(from, 'why'),
        tried: dictionaries(from, 'tried').map(attempt => ({
            accelerator: text(attempt, 'accelerator'),
            works: attempt.works === true,
            device: text(attempt, 'device'),
            detail: text(attempt, 'detail'),
        })),
        loaded: text(from, 'loaded'),
        layers: number(from, 'layers'),
        layersAccelerated: number(from, 'layers_accelerated'),
        memory: number(from, 'memory'),
        memoryGpu: number(from, 'memory_gpu'),
    };
}
