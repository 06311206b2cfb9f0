import { ReeveError } from '../../util/errors.ts';

/**
 * Why a file is of no use as a model.
 *
 * - `not-gguf`: it is something else altogether
 * - `unsupported`: a GGUF file, of a kind that is not run here: its version, architecture, byte order, tensor type or purpose
 * - `truncated`: it ends before what it announces
 * - `malformed`: what it says of itself makes no sense
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
