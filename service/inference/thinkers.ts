/** Chooses the model for a question, and names it for people. */
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { Effort, Thinker, Thinkers } from './thinker.ts';
import type { Models } from '../modelFiles/models.ts';
import type { BackendStatus, Model } from './backend.ts';
import type { Inference } from './inference.ts';

type Parts = { models: Pick<Models, 'list' | 'fileFor'>; inference: Inference };

/** A local model comes before a server: its data stays on this machine. */
export function makeThinkers({ models, inference }: Parts): Thinkers {
    const think = async (model: Model | null): Promise<Thinker | null> =>
        model === null ? null : { model, backend: await inference.backendFor(model) };
    return {
        forQuestion: async (name, effort) =>
            await think(name === null ? chosen({ models, inference }, effort) : named(name, { models, inference })),
    };
}

/** A model that is in memory answers quick questions too: changing models takes longer than a large one takes to answer. */
function chosen({ models, inference }: Parts, effort: Effort): Model | null {
    const hard = models.fileFor('hard');
    const isHard = effort === 'hard' || (hard !== null && isInMemory(hard, inference.status));
    return (isHard ? hard : models.fileFor('quick')) ?? inference.serverModel;
}

function isInMemory({ name }: Model, status: BackendStatus | null): boolean {
    return status?.kind === 'local' && status.model === name && ['ready', 'generating'].includes(status.state);
}

/** @throws ReeveError NotFound */
function named(name: string, { models, inference }: Parts): Model {
    const installed = models.list().find(model => model.id === name || model.name === name);
    if (installed !== undefined)
        return {
            kind: 'file',
            name: installed.name,
            path: installed.path,
            sha256: installed.sha256,
            contextTokens: null,
        };
    const { serverModel } = inference;
    if (serverModel?.name === name) return serverModel;
    throw new ReeveError('NotFound', _('There is no model {name}.', { name }));
}

/** What answers questions, for the status line: "Qwen3 4B on AMD Radeon RX 6800 (Vulkan)". */
export function describeAnswerer(parts: Parts): string {
    const { status } = parts.inference;
    const model = chosen(parts, 'quick');
    if (model === null) return _('No model: built-in answers only');
    if (model.kind === 'remote')
        return parts.inference.serverIsElsewhere
            ? _('{model} on a server: questions leave this computer', { model: model.name })
            : _('{model} on a server on this computer', { model: model.name });
    if (status?.kind !== 'local' || status.model !== model.name || status.accelerator === null) return model.name;
    return describeLocal(model.name, status);
}

function describeLocal(model: string, { accelerator, layers }: BackendStatus): string {
    if (accelerator === null) return model;
    const { name, title, reasons } = accelerator;
    if (name === 'cpu') {
        const where = _('{model} on the processor', { model });
        return reasons.length === 0 ? where : `${where}: ${reasons.join(' ')}`;
    }
    if (layers !== null && layers.accelerated < layers.total)
        return _('{model} on {title}, {accelerated} of {total} layers', {
            model,
            title,
            accelerated: layers.accelerated,
            total: layers.total,
        });
    return _('{model} on {title}', { model, title });
}
