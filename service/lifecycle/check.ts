/** One of the checks of `reeve doctor`. */
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
