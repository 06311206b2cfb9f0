import { ReeveError } from '../../util/errors.ts';

/**
 * Why a file is useless as a model.
 *
 * - `not-gguf`: it is something else altogether
 * - `unsupported`: a GGUF file of an unsupported kind: its version, architecture, byte order, tensor type or purpose
 * - `truncated`: it ends before its announced size
 * - `malformed`: its header makes no sense
 */
export type GgufProblem = 'not-gguf' | 'unsupported' | 'truncated' | 'malformed';

export class GgufError extends ReeveError {
    readonly problem: GgufProblem;

    constructor(problem: GgufProblem, message: string, options?: ErrorOptions) {
        super('UnusableModel', message, options);
        this.name = 'GgufError';
        this.problem = problem;
    }
}
