/** A check of `reeve doctor`: of Reeve itself, or of the hardware. */
export type Check = {
    /** Stable, for scripts. */
    id: string;
    title: string;
    status: 'fine' | 'note' | 'problem';
    /** The observation, in words. */
    detail: string;
    /** The remedy, may be empty. */
    remedy: string;
};
