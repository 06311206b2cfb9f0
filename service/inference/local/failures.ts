/** Explains to people why a local model failed. */
import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import type { UnloadReason } from '../backend.ts';
import { InferenceError } from '../errors.ts';
import type { Failure } from './protocol.ts';
import type { Ending } from './worker.ts';

/** @param model its name */
export function failureError(failure: Failure, detail: string, model: string): InferenceError {
    const reason = safeText(detail, 300);
    switch (failure) {
        case 'not-installed':
            return new InferenceError(
                'NotInstalled',
                _('The program that runs models does not work on this computer: {reason}', { reason }),
            );
        case 'bad-file':
            return new InferenceError(
                'ModelFileBad',
                _(
                    '{model} cannot be loaded: {reason}. Its file may be damaged or of a newer type. Install it again or choose another model.',
                    {
                        model,
                        reason,
                    },
                ),
            );
        case 'out-of-memory':
            return new InferenceError(
                'OutOfMemory',
                _('{model} does not fit into memory: {reason}. Close a large program, or choose a smaller model.', {
                    model,
                    reason,
                }),
            );
        case 'context-full':
            return new InferenceError(
                'ContextFull',
                _('The question and its context are too long for {model}: {reason}. Start a new conversation.', {
                    model,
                    reason,
                }),
            );
        case 'bad-request':
            return new InferenceError('BadRequest', _('The model cannot do what was asked: {reason}', { reason }));
        case 'unusable':
            return new InferenceError(
                'AnswerUnusable',
                _('{model} made an invalid request: {reason}. Ask again, or choose a larger model.', {
                    model,
                    reason,
                }),
            );
        case 'aborted':
            return new InferenceError('Aborted', _('The question was cancelled.'));
        case 'other':
            return new InferenceError('WorkerCrashed', _('{model} failed: {reason}', { model, reason }));
    }
}

export function endingError({ kind }: Ending, model: string): InferenceError {
    switch (kind) {
        case 'hung':
            return new InferenceError(
                'WorkerHung',
                _('{model} stopped responding and was ended. Ask again. If it happens often, choose a smaller model.', {
                    model,
                }),
            );
        case 'starved':
            return new InferenceError(
                'OutOfMemory',
                _('{model} ran out of memory and was ended. Close a large program, or choose a smaller model.', {
                    model,
                }),
            );
        case 'crashed':
        case 'killed':
            return new InferenceError(
                'WorkerCrashed',
                _(
                    'The process that ran {model} ended unexpectedly. Ask again. If it happens often, choose another model.',
                    { model },
                ),
            );
    }
}

export function unloadedError(reason: UnloadReason): InferenceError {
    const texts: Record<UnloadReason, string> = {
        asked: _('The model was unloaded. Ask again to load it.'),
        idle: _('The model was unloaded. Ask again to load it.'),
        'memory-pressure': _('The model was unloaded because memory ran short. Close a program, then ask again.'),
        game: _('The model is unloaded while a game is running. Ask again when the game has ended.'),
        'battery-saver': _('The model is not used while the computer saves power. Ask again in another power mode.'),
        suspend: _('The computer was suspended while the model answered. Ask again.'),
        replaced: _('The model was unloaded because its file or the configuration changed. Ask again.'),
    };
    return new InferenceError('Unloaded', texts[reason]);
}

export function fileChangedError(model: string): InferenceError {
    return new InferenceError(
        'ModelFileChanged',
        _('The file of {model} changed while in use. Ask again to load the new version.', { model }),
    );
}

export function noFileError(model: string, cause: unknown): InferenceError {
    return new InferenceError(
        'NoModel',
        _('The file of {model} is missing. Install the model again, or choose another one.', { model }),
        { cause },
    );
}

/** @param seconds until the next attempt */
export function restingError(model: string, seconds: number): InferenceError {
    return new InferenceError(
        'WorkerResting',
        _('{model} failed several times in a row. Reeve tries it again in {seconds} s. Another model may work now.', {
            model,
            seconds,
        }),
    );
}
